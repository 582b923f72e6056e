"""Making the files that the economy system reads, each entry in one of them, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.money.budget_exports import (
    DateForm,
    Encoding,
    ExportColumn,
    ExportMapping,
    ExportState,
    NoMapping,
    NothingToExport,
    Source,
    codes,
    export_file,
    next_state,
)
from gevinst_benefits.domain.permissions import EXPORT_BUDGET, MAP_EXPORT
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.budget_exports import BudgetExportAnswered, BudgetExported, ExportMappingAdded
from gevinst_benefits.store import budget_exports
from gevinst_benefits.store.projects import known_units
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Answer:
    """What the economy system says of a file, or that it was sent again."""

    state: ExportState
    reference: str | None = None
    reason: str | None = None


async def add_mapping(work: Work, written: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Put a mapping in force, as it was sent; the files made before keep theirs."""
    work.require(MAP_EXPORT, Place())
    units = list(mapping_from(written).unit_codes)
    refuse_unknown_units(units, await known_units(work.connection, units))
    await budget_exports.hold(work.connection, work.organisation)
    last = await budget_exports.find_mapping(work.connection)
    number = 1 if last is None else last.number + 1
    mapping_id = new_id()
    values = {
        "id": mapping_id,
        "number": number,
        "mapping": dict(written),
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    record = recorded(
        work, ExportMappingAdded(mapping_id, number), subject=subject_of("budget-export-mappings", mapping_id)
    )
    return mapping_id, await budget_exports.MAPPING_RECORDS.add(work.connection, values, record)


async def export(work: Work) -> tuple[UUID, Stored]:
    """Make one file of everything that is booked and in no file yet; its id and record."""
    work.require(EXPORT_BUDGET, Place())
    await budget_exports.hold(work.connection, work.organisation)
    found = await budget_exports.find_mapping(work.connection)
    if found is None:
        raise NoMapping
    entries = await budget_exports.entries_to_export(work.connection, work.organisation)
    if not entries:
        raise NothingToExport
    last = await budget_exports.last_number(work.connection)
    content = export_file(mapping_from(found.mapping), last + 1, entries)
    export_id, checksum = new_id(), sha256(content).hexdigest()
    values = {
        "id": export_id,
        "number": last + 1,
        "previous_number": last or None,
        "mapping_id": found.id,
        "entry_count": len(entries),
        "sha256": checksum,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = BudgetExported(export_id, last + 1, len(entries), checksum)
    record = recorded(work, fact, subject=subject_of("budget-exports", export_id))
    ids = [entry.id for entry in entries]
    stored = await budget_exports.add_export(work.connection, values, record, content=content, entry_ids=ids)
    return export_id, stored


async def answer(work: Work, export_id: UUID, said: Answer) -> Stored:
    """Note that the economy system has received or rejected the file, or that it was sent again as it is."""
    work.require(EXPORT_BUDGET, Place())
    await budget_exports.hold(work.connection, work.organisation)
    known = await budget_exports.get_export(work.connection, export_id)
    state = next_state(known.state, said.state)
    values = {
        "id": new_id(),
        "export_id": export_id,
        "number": known.steps + 1,
        "state": state.value,
        "reference": said.reference,
        "reason": said.reason,
        "told_by": work.actor.subject,
        "told_at": work.now,
    }
    fact = BudgetExportAnswered(export_id, known.number, state.value, said.reference)
    record = recorded(work, fact, subject=subject_of("budget-exports", export_id), reason=said.reason)
    await budget_exports.add_step(work.connection, values, record)
    return (await budget_exports.get_export(work.connection, export_id)).stored


def mapping_from(written: Mapping[str, Any]) -> ExportMapping:
    """The domain's mapping of what is stored."""
    return ExportMapping(
        columns=[
            ExportColumn(one["heading"], Source(one["source"]), one.get("constant"))
            for one in written["columns"]
        ],
        separator=SEPARATORS[written["separator"]],
        decimal_mark=MARKS[written["decimal_mark"]],
        encoding=Encoding(written["encoding"]),
        date_form=DateForm(written["date_form"]),
        has_headings=written["has_headings"],
        unit_codes=codes(((UUID(one["unit_id"]), one["code"]) for one in written["units"]), "unit"),
        account_codes=codes(((one["account"], one["code"]) for one in written["accounts"]), "account"),
    )


SEPARATORS = {"semicolon": ";", "comma": ",", "tab": "\t", "bar": "|"}
MARKS = {"comma": ",", "point": "."}
