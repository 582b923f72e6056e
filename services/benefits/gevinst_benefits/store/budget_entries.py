"""Entries of budget adjustments in the database: booked and reversed, never changed (M1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, case, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, JSON

from gevinst_benefits.domain.money.budget_adjustments import PriceStep
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.adjustments import budget_entry
from gevinst_benefits.tables.projects import unit
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


@dataclass(frozen=True, slots=True)
class YearBooked:
    """Where the ledger of a benefit's year stands: how many entries, and what is saved net of reversals."""

    number: int = 0
    saved: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a booked entry was reversed: in how many entries, and how much of it."""

    number: int = 0
    minor: int = 0


def _reversed(c: Columns) -> ColumnElement[Any]:
    """How much of a booked entry was taken back, in the benefit's money."""
    taken = budget_entry.alias("taken")
    mine = (taken.c.organisation_id == c.organisation_id, taken.c.reverses_id == c.id)
    total = select(func.coalesce(func.max(taken.c.reversed_after), 0)).where(*mine).scalar_subquery()
    return case((c.kind == "booking", total))


def _index(c: Columns) -> ColumnElement[Any]:
    shown = func.json_build_object(
        *("from_value", decimal_text(c.index_from), "to_value", decimal_text(c.index_to)),
        *("source", c.index_source),
        type_=JSON,
    )
    return case((c.index_source.is_not(None), shown))


def entry_document(c: Columns) -> ColumnElement[Any]:
    """`EntryOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        phasing_id=c.agreement_id,
        unit_id=c.unit_id,
        account=c.account,
        year=c.year,
        kind=c.kind,
        practice=c.practice,
        amount=money(c.amount_minor, c.currency, c.price_year),
        base_amount=money(c.base_minor, c.currency, c.benefit_price_year),
        index=_index(c),
        verification_id=c.verification_id,
        reverses_id=c.reverses_id,
        reversed_amount=money(_reversed(c), c.currency, c.benefit_price_year),
        reason=c.reason,
        booked_by=c.booked_by,
        booked_at=moment(c.booked_at),
        revision=c.revision,
    )


def _is_below(value: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a bound value
    return exists(
        select(1).where(
            unit.c.organisation_id == budget_entry.c.organisation_id,
            unit.c.id == budget_entry.c.unit_id,
            value == any_(unit.c.path),
        )
    )


LISTING = Listing(
    budget_entry,
    entry_document,
    filters={"benefit": budget_entry.c.benefit_id, "unit": _is_below, "year": budget_entry.c.year},
    sorts={"id": budget_entry.c.id},
)
RECORDS = Records(outbox, budget_entry, entry_document, changeable=())
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_LAST = Query(
    select(budget_entry.c.number, budget_entry.c.saved_after)
    .where(budget_entry.c.benefit_id == bindparam("benefit_id"), budget_entry.c.year == bindparam("year"))
    .order_by(budget_entry.c.number.desc())
    .limit(1)
)
_TAKEN = Query(
    select(budget_entry.c.reversal_number, budget_entry.c.reversed_after)
    .where(budget_entry.c.reverses_id == bindparam("entry_id"))
    .order_by(budget_entry.c.reversal_number.desc())
    .limit(1)
)
_OF_BENEFITS = Query(
    select(budget_entry).where(budget_entry.c.benefit_id == any_(_ids)).order_by(budget_entry.c.id)
)
_BELOW = Query(
    select(budget_entry)
    .where(_is_below(bindparam("unit_id", type_=Uuid)), budget_entry.c.year == bindparam("year"))
    .order_by(budget_entry.c.id)
)
_IS_BOOKED = Query(select(exists(select(1).where(budget_entry.c.benefit_id == bindparam("benefit_id")))))


async def year_booked(connection: Connection, benefit_id: UUID, year: int) -> YearBooked:
    """Where the benefit's year stands; exact when the benefit's row is held."""
    row = await _LAST.find(connection, benefit_id=benefit_id, year=year)
    return YearBooked() if row is None else YearBooked(row["number"], row["saved_after"])


async def taken_of(connection: Connection, entry_id: UUID) -> Taken:
    """What of the entry was reversed; exact when the benefit's row is held."""
    row = await _TAKEN.find(connection, entry_id=entry_id)
    return Taken() if row is None else Taken(row["reversal_number"], row["reversed_after"])


async def of_benefits(connection: Connection, benefit_ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """Every entry of these benefits by column, the oldest first."""
    return [dict(row) for row in await _OF_BENEFITS.rows(connection, ids=list(benefit_ids))]


async def below(connection: Connection, unit_id: UUID, year: int) -> list[Mapping[str, Any]]:
    """Every entry of the unit and of those below it in a year, by column, the oldest first."""
    return [dict(row) for row in await _BELOW.rows(connection, unit_id=unit_id, year=year)]


async def is_booked(connection: Connection, benefit_id: UUID) -> bool:
    return bool(await _IS_BOOKED.value(connection, benefit_id=benefit_id))


def step_of(row: Mapping[str, Any]) -> PriceStep | None:
    """The index that the entry was booked with."""
    if row["index_source"] is None:
        return None
    return PriceStep(row["price_year"], row["index_from"], row["index_to"], row["index_source"])
