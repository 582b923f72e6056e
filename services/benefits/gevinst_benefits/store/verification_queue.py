"""What waits for a controller: years of confirmed benefits that have ended and are not verified (G3, B6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.projects import project, unit
from gevinst_benefits.tables.verifications import verification
from gevinst_shared.db.documents import document, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns

# Follow-up lasts years (B10), and not for ever.
YEARS = 10
_before = bindparam("filter_before", type_=Integer)


def _year(day: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.date_part("year", day), Integer)


def _first_year() -> ColumnElement[int]:
    """The year that a benefit is due from: of its indicators' way, else its project's end, else its
    confirmation. One place, so that the plan's own years can take its part."""
    way = (
        select(func.min(indicator.c.starts_on))
        .where(
            indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
        )
        .correlate(benefit)
        .scalar_subquery()
    )
    return func.coalesce(_year(way), _year(project.c.end), _year(benefit.c.confirmed_at), type_=Integer)


_from = _first_year()
_each = (
    func.generate_series(_from, func.least(_before - 1, _from + (YEARS - 1)))
    .table_valued(column("year", Integer))
    .render_derived(name="each_year")
)
_is_verified = exists(
    select(1).where(
        verification.c.organisation_id == benefit.c.organisation_id,
        verification.c.benefit_id == benefit.c.id,
        verification.c.year == _each.c.year,
    )
)
WAITING = (
    select(
        benefit.c.organisation_id,
        benefit.c.id,
        _each.c.year,
        benefit.c.project_id,
        benefit.c.name,
        benefit.c.kind,
        benefit.c.owner_role,
        benefit.c.owner_unit_id,
        benefit.c.ledger,
        benefit.c.money_minor,
        benefit.c.currency,
        benefit.c.price_year,
        benefit.c.amount,
        benefit.c.unit_of_measure,
    )
    .select_from(benefit)
    .join(
        project,
        and_(project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id),
    )
    .join(_each, true())
    .where(or_(benefit.c.state == "confirmed", benefit.c.state == "realised"), ~_is_verified)
    .cte("waiting")
)


def _document(c: Columns) -> ColumnElement[Any]:
    """`WaitingOut`, as PostgreSQL writes it."""
    return document(
        benefit_id=c.id,
        year=c.year,
        project_id=c.project_id,
        name=c.name,
        kind=c.kind,
        owner=document(role=c.owner_role, unit_id=c.owner_unit_id),
        estimate=document(
            ledger=c.ledger,
            money_per_year=money(c.money_minor, c.currency, c.price_year),
            amount_per_year=decimal_text(c.amount),
            unit_of_measure=c.unit_of_measure,
        ),
    )


QUEUE = Listing(
    WAITING,
    _document,
    filters={
        "before": lambda year: cast(year, Integer).is_not(None),
        "year": WAITING.c.year,
        "project": WAITING.c.project_id,
        "unit": WAITING.c.owner_unit_id,
    },
    sorts={"year": WAITING.c.year},
)
_is_late = WAITING.c.year < _before - 1
_BY_YEAR_AND_UNIT = Query(
    select(
        WAITING.c.year,
        WAITING.c.owner_unit_id.label("unit_id"),
        func.min(unit.c.name).label("unit_name"),
        func.count().label("waiting"),
        func.count().filter(_is_late).label("late"),
    )
    .select_from(
        WAITING.join(
            unit,
            and_(unit.c.organisation_id == WAITING.c.organisation_id, unit.c.id == WAITING.c.owner_unit_id),
        )
    )
    .group_by(func.grouping_sets(tuple_(WAITING.c.year), tuple_(WAITING.c.owner_unit_id)))
    .order_by(WAITING.c.year, literal_column("late").desc(), WAITING.c.owner_unit_id)
)


async def waiting_by_year_and_unit(connection: Connection, *, this_year: int) -> Sequence[Mapping[str, Any]]:
    """How many years of benefits are `waiting`, once by `year` and once by `unit_id`; the other is None.

    `late` are those of years before last year: a whole year has gone by in which nobody looked.
    """
    return [dict(row) for row in await _BY_YEAR_AND_UNIT.rows(connection, filter_before=this_year)]
