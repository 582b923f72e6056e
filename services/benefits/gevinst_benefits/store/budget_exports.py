"""Files for the economy system in the database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.money.budget_exports import ExportedEntry, ExportState
from gevinst_benefits.tables.adjustments import budget_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.budget_exports import (
    budget_export,
    export_file,
    export_mapping,
    export_step,
    exported_entry,
)
from gevinst_benefits.tables.projects import unit
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.organisation import day_there
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Numbered:
    """A mapping as it was sent, with its id and number."""

    id: UUID
    number: int
    mapping: dict[str, Any]


def mapping_document(c: Columns) -> ColumnElement[Any]:
    """`ExportMappingOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        number=c.number,
        mapping=c.mapping,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def _of_export(c: Columns) -> Any:  # noqa: ANN401 - the columns of its steps, and which they are
    step = export_step.alias("step")
    mine = (step.c.organisation_id == c.organisation_id, step.c.export_id == c.id)
    return step.c, mine


def _steps(c: Columns) -> ColumnElement[Any]:
    step, mine = _of_export(c)
    shown = document(
        state=step.state,
        reference=step.reference,
        reason=step.reason,
        told_by=step.told_by,
        told_at=moment(step.told_at),
    )
    return select(documents(shown, step.number)).where(*mine).scalar_subquery()


def _step_count(c: Columns) -> ColumnElement[Any]:
    _, mine = _of_export(c)
    return select(func.count()).where(*mine).scalar_subquery()


def _state(c: Columns) -> ColumnElement[Any]:
    step, mine = _of_export(c)
    last = select(step.state).where(*mine).order_by(step.number.desc()).limit(1).scalar_subquery()
    return func.coalesce(last, literal_column("'sent'"))


def export_document(c: Columns) -> ColumnElement[Any]:
    """`BudgetExportOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        number=c.number,
        mapping_id=c.mapping_id,
        entry_count=c.entry_count,
        sha256=c.sha256,
        state=_state(c),
        steps=_steps(c),
        created_by=c.created_by,
        revision=c.revision + _step_count(c),
        created_at=moment(c.created_at),
    )


def _nothing(_columns: Columns) -> Any:  # noqa: ANN401 - an SQL expression
    """A step is shown with its export."""
    return literal_column("''")


MAPPINGS = Listing(export_mapping, mapping_document, filters={}, sorts={"number": export_mapping.c.number})
MAPPING_RECORDS = Records(outbox, export_mapping, mapping_document, changeable=())
EXPORTS = Listing(budget_export, export_document, filters={}, sorts={"number": budget_export.c.number})
# Whoever exports waits for the one before, so that each entry is in one file and numbers have no gap.
_HOLD = Query(
    select(
        func.pg_advisory_xact_lock(func.hashtextextended(bindparam("key", type_=Text), literal(0, Integer)))
    )
)
_LAST_MAPPING = Query(
    select(export_mapping.c.id, export_mapping.c.number, export_mapping.c.mapping)
    .order_by(export_mapping.c.number.desc())
    .limit(1)
)
_LAST_EXPORT = Query(select(func.max(budget_export.c.number)))
_TO_EXPORT = Query(
    select(budget_entry, benefit.c.name.label("benefit_name"), unit.c.name.label("unit_name"))
    .join(
        benefit,
        and_(
            benefit.c.organisation_id == budget_entry.c.organisation_id,
            benefit.c.id == budget_entry.c.benefit_id,
        ),
    )
    .join(
        unit,
        and_(unit.c.organisation_id == budget_entry.c.organisation_id, unit.c.id == budget_entry.c.unit_id),
    )
    .where(
        ~exists(
            select(1).where(
                exported_entry.c.organisation_id == budget_entry.c.organisation_id,
                exported_entry.c.id == budget_entry.c.id,
            )
        )
    )
    .order_by(budget_entry.c.booked_at, budget_entry.c.id)
)
_KEEP_FILE = Query(
    insert(export_file).values(
        {column.name: bindparam(column.name, type_=column.type) for column in export_file.columns}
    )
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_KEEP_ENTRIES = Query(
    insert(exported_entry).from_select(
        ["organisation_id", "id", "export_id"],
        select(budget_entry.c.organisation_id, budget_entry.c.id, bindparam("export_id", type_=Uuid)).where(
            budget_entry.c.id == any_(_ids)
        ),
    )
)
_GET = Query(
    select(
        export_document(budget_export.c).label("document"),
        (budget_export.c.revision + _step_count(budget_export.c)).label("revision"),
        _state(budget_export.c).label("state"),
        _step_count(budget_export.c).label("steps"),
        budget_export.c.number,
    ).where(budget_export.c.id == bindparam("id"))
)
_FILE = Query(
    select(export_file.c.content, budget_export.c.number)
    .join(
        budget_export,
        and_(
            budget_export.c.organisation_id == export_file.c.organisation_id,
            budget_export.c.id == export_file.c.id,
        ),
    )
    .where(export_file.c.id == bindparam("id"))
)
_ADD = outbox.insert(budget_export, export_document)
_STEP = outbox.insert(export_step, _nothing)


@dataclass(frozen=True, slots=True)
class Standing:
    """An export as it is answered, and where it is with the economy system."""

    stored: Stored
    number: int
    state: ExportState
    steps: int


async def hold(connection: Connection, organisation: str) -> None:
    """Nobody else of the organisation maps, exports or answers before this transaction ends."""
    await _HOLD.value(connection, key=f"budget-export {organisation}")


async def find_mapping(connection: Connection) -> Numbered | None:
    """The mapping in force."""
    row = await _LAST_MAPPING.find(connection)
    return None if row is None else Numbered(row["id"], row["number"], json.loads(row["mapping"]))


async def last_number(connection: Connection) -> int:
    """The number of the newest export; 0 for none."""
    return int(await _LAST_EXPORT.value(connection) or 0)


async def entries_to_export(connection: Connection, organisation: str) -> list[ExportedEntry]:
    """Everything that is booked and in no file yet, the oldest first."""
    return [
        ExportedEntry(
            id=row["id"],
            benefit_id=row["benefit_id"],
            benefit_name=row["benefit_name"],
            unit_id=row["unit_id"],
            unit_name=row["unit_name"],
            account=row["account"],
            year=row["year"],
            amount=row["amount_minor"],
            currency=row["currency"],
            price_year=row["price_year"],
            kind=row["kind"],
            booked_on=day_there(organisation, row["booked_at"]),
            reason=row["reason"] or "",
        )
        for row in await _TO_EXPORT.rows(connection)
    ]


async def add_export(
    connection: Connection,
    values: Mapping[str, Any],
    record: Mapping[str, Any],
    *,
    content: bytes,
    entry_ids: Sequence[UUID],
) -> Stored:
    """Keep the file, the export and which entries are in it."""
    export_id, sha256 = values["id"], values["sha256"]
    organisation = record["organisation_id"]
    await _KEEP_FILE.run(
        connection, organisation_id=organisation, id=export_id, content=content, sha256=sha256
    )
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    await _KEEP_ENTRIES.run(connection, export_id=export_id, ids=list(entry_ids))
    return Stored(row["document"], row["revision"])


async def get_export(connection: Connection, export_id: UUID) -> Standing:
    """The export, or `Unknown`."""
    row = await _GET.find(connection, id=export_id)
    if row is None:
        raise Unknown
    stored = Stored(row["document"], row["revision"])
    return Standing(stored, row["number"], ExportState(row["state"]), row["steps"])


async def get_file(connection: Connection, export_id: UUID) -> tuple[bytes, int]:
    """The file as it was made and its number, or `Unknown`."""
    row = await _FILE.find(connection, id=export_id)
    if row is None:
        raise Unknown
    return bytes(row["content"]), int(row["number"])


async def add_step(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    await _STEP.find(connection, **values, **record)
