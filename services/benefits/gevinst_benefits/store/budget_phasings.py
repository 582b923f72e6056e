"""Phasings of benefits over budget lines and years, and what was agreed of them, in the database (M1)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_benefits.domain.money.budget_adjustments import PhasingLine, spoken
from gevinst_benefits.tables.adjustments import budget_agreement, budget_phasing, budget_practice
from gevinst_benefits.tables.projects import unit
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def _is_in_force(c: Columns) -> ColumnElement[Any]:
    """Whether the row is the newest agreement of its benefit and unit; of a draft it is false."""
    mine, later = budget_agreement.alias("mine"), budget_agreement.alias("later")
    newer = select(1).where(
        later.c.organisation_id == mine.c.organisation_id,
        later.c.benefit_id == mine.c.benefit_id,
        later.c.unit_id == mine.c.unit_id,
        later.c.number > mine.c.number,
    )
    return exists(
        select(1).where(mine.c.organisation_id == c.organisation_id, mine.c.id == c.id, ~exists(newer))
    )


def phasing_document(c: Columns) -> ColumnElement[Any]:
    """`PhasingOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        unit_id=c.unit_id,
        currency=c.currency,
        price_year=c.price_year,
        lines=c.lines,
        practice=c.practice,
        note=c.note,
        state=c.state,
        is_in_force=_is_in_force(c),
        drafted_by=c.drafted_by,
        agreed_by=c.agreed_by,
        agreed_at=moment(c.agreed_at),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def practice_document(c: Columns) -> ColumnElement[Any]:
    """`PracticeOut`, as PostgreSQL writes it."""
    return document(practice=c.practice, revision=c.revision, created_at=moment(c.created_at))


LISTING = Listing(
    budget_phasing,
    phasing_document,
    filters={"benefit": budget_phasing.c.benefit_id, "unit": budget_phasing.c.unit_id},
    sorts={"id": budget_phasing.c.id},
)
RECORDS = Records(
    outbox,
    budget_phasing,
    phasing_document,
    changeable=("lines", "practice", "note", "state", "agreed_by", "agreed_at"),
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_newer = budget_agreement.alias("newer")
_in_force = ~exists(
    select(1).where(
        _newer.c.organisation_id == budget_agreement.c.organisation_id,
        _newer.c.benefit_id == budget_agreement.c.benefit_id,
        _newer.c.unit_id == budget_agreement.c.unit_id,
        _newer.c.number > budget_agreement.c.number,
    )
)
_IN_FORCE = Query(
    select(budget_agreement)
    .where(budget_agreement.c.benefit_id == any_(_ids), _in_force)
    .order_by(budget_agreement.c.id)
)
_BELOW = Query(
    select(budget_agreement)
    .join(
        unit,
        (unit.c.organisation_id == budget_agreement.c.organisation_id)
        & (unit.c.id == budget_agreement.c.unit_id),
    )
    .where(bindparam("unit_id", type_=Uuid) == any_(unit.c.path), _in_force)
    .order_by(budget_agreement.c.id)
)
_LAST_NUMBER = Query(
    select(func.max(budget_agreement.c.number)).where(
        budget_agreement.c.benefit_id == bindparam("benefit_id"),
        budget_agreement.c.unit_id == bindparam("unit_id"),
    )
)
_AGREE = Query(
    insert(budget_agreement).values(
        {column.name: bindparam(column.name, type_=column.type) for column in budget_agreement.columns}
    )
)
_PRACTICE = Query(select(budget_practice))
_PRACTICE_DOCUMENT = Query(
    select(practice_document(budget_practice.c).label("document"), budget_practice.c.revision)
)
_SET_PRACTICE = outbox.insert(budget_practice, practice_document)
_CHANGE_PRACTICE = outbox.update(budget_practice, practice_document, columns=("practice",))


async def in_force(connection: Connection, benefit_ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """The agreements in force of these benefits, by column: at most one for each unit."""
    return [dict(row) for row in await _IN_FORCE.rows(connection, ids=list(benefit_ids))]


async def in_force_below(connection: Connection, unit_id: UUID) -> list[Mapping[str, Any]]:
    """The agreements in force of the unit and of every unit below it, by column."""
    return [dict(row) for row in await _BELOW.rows(connection, unit_id=unit_id)]


async def add_agreement(
    connection: Connection, phasing: Mapping[str, Any], *, agreed_by: str, agreed_at: datetime
) -> None:
    """Put the phasing in force; the caller holds the benefit."""
    place = {"benefit_id": phasing["benefit_id"], "unit_id": phasing["unit_id"]}
    last = await _LAST_NUMBER.value(connection, **place) or 0
    kept = {name: phasing[name] for name in ("organisation_id", "id", "currency", "price_year", "practice")}
    lines = json.loads(phasing["lines"])
    written = {"number": last + 1, "lines": lines, "agreed_by": agreed_by, "agreed_at": agreed_at}
    await _AGREE.run(connection, **kept, **place, **written)


async def find_practice(connection: Connection) -> str | None:
    """How the organisation books, or None when it has not said."""
    row = await _PRACTICE.find(connection)
    return None if row is None else str(row["practice"])


async def find_practice_document(connection: Connection) -> Stored | None:
    row = await _PRACTICE_DOCUMENT.find(connection)
    return None if row is None else Stored(row["document"], row["revision"])


async def set_practice(
    connection: Connection, practice: str, created_at: datetime, record: Mapping[str, Any]
) -> Stored:
    """Say how the organisation books, for the first time or anew."""
    row = await _CHANGE_PRACTICE.find(connection, expected=None, new_practice=practice, **record)
    if row is None:
        row = await _SET_PRACTICE.find(connection, practice=practice, created_at=created_at, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


def written_lines(lines: Sequence[PhasingLine]) -> list[dict[str, Any]]:
    """The lines as they are stored and answered."""
    return [
        {"account": line.account, "year": line.year, "amount": spoken(line.amount)}
        for line in sorted(lines, key=lambda line: line.key)
    ]


def lines_from(written: str) -> tuple[PhasingLine, ...]:
    """The domain's lines of a stored column."""
    return tuple(
        PhasingLine(line["account"], line["year"], int(Decimal(line["amount"]).scaleb(2)))
        for line in json.loads(written)
    )
