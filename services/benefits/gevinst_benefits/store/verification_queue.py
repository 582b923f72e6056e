"""What waits for a controller: years of confirmed benefits that have ended and are not verified (G3, B6)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)

from gevinst_benefits.domain.plan.planned_years import NEVER_DELIVERS
from gevinst_benefits.domain.plan.timing import HangsOn
from gevinst_benefits.store.benefit_dates import anchored, with_dates
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
FIRST_YEAR = 1990
_before = bindparam("filter_before", type_=Integer)


_one_day = func.make_interval(0, 0, 0, 1, type_=Interval)


def _year(day: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.date_part("year", day), Integer)


# G3: owners stand for them. Nothing is planned of what hangs on a project that never delivers.
_is_expected = and_(
    or_(benefit.c.state == "confirmed", benefit.c.state == "realised"),
    or_(
        benefit.c.state == "realised",
        benefit.c.hangs_on == HangsOn.NONE.value,
        and_(*(project.c.status.is_distinct_from(one) for one in sorted(NEVER_DELIVERS))),
    ),
)
_dated = (
    select(benefit, anchored.label("begins"))
    .select_from(with_dates)
    .where(_is_expected)
    # Kept apart, so that each day is looked for once.
    .offset(literal_column("0"))
    .subquery("dated")
)
_c = _dated.c
_way = (
    select(func.min(indicator.c.starts_on))
    .where(indicator.c.organisation_id == _c.organisation_id, indicator.c.benefit_id == _c.id)
    .correlate(_dated)
    .scalar_subquery()
)
# The year that a benefit is due from: the first of its planned ones, else of its indicators' way, else of its
# confirmation; no year before the first that can be verified.
_from = func.greatest(
    func.coalesce(_year(_c.begins), _year(_way), _year(_c.confirmed_at)), FIRST_YEAR, type_=Integer
)
# The last day in its life limits nothing while nobody knows when it begins.
_ends = func.least(
    _c.begins + func.make_interval(0, _c.duration_months, type_=Interval),
    cast(_c.ends_on, DateTime),
    type_=DateTime,
)
_first = (
    select(_dated, _from.label("first"), _ends.label("ends")).offset(literal_column("0")).subquery("first")
)
_last = func.least(
    _before - 1,
    _first.c.first + (YEARS - 1),
    case((_first.c.begins.is_not(None), _year(_first.c.ends - _one_day))),
    type_=Integer,
)
_each = (
    func.generate_series(_first.c.first, _last)
    .table_valued(column("year", Integer))
    .render_derived(name="each_year")
)
_is_verified = exists(
    select(1).where(
        verification.c.organisation_id == _first.c.organisation_id,
        verification.c.benefit_id == _first.c.id,
        verification.c.year == _each.c.year,
    )
)
WAITING = (
    select(
        _first.c.organisation_id,
        _first.c.id,
        _each.c.year,
        _first.c.project_id,
        _first.c.name,
        _first.c.kind,
        _first.c.owner_role,
        _first.c.owner_unit_id,
        _first.c.ledger,
        _first.c.money_minor,
        _first.c.currency,
        _first.c.price_year,
        _first.c.amount,
        _first.c.unit_of_measure,
    )
    .select_from(_first.join(_each, true()))
    .where(~_is_verified)
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


_IS_WAITING = Query(
    select(true()).where(WAITING.c.id == bindparam("benefit_id"), WAITING.c.year == bindparam("year"))
)


async def is_waiting(connection: Connection, benefit_id: UUID, year: int) -> bool:
    """Whether the year, which has ended, waits for the benefit to be verified."""
    found = await _IS_WAITING.value(connection, benefit_id=benefit_id, year=year, filter_before=year + 1)
    return found is not None


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
# From which year to which each benefit is due.
_span = select(
    _first.c.organisation_id, _first.c.id, _first.c.owner_unit_id, _first.c.first, _last.label("last")
).cte("span")
# The same years of a unit's benefits together: few rows, however many benefits.
_spans = (
    select(_span.c.owner_unit_id, _span.c.first, _span.c.last, func.count().label("count"))
    .group_by(_span.c.owner_unit_id, _span.c.first, _span.c.last)
    .subquery("spans")
)
_span_year = (
    func.generate_series(_spans.c.first, _spans.c.last)
    .table_valued(column("year", Integer))
    .render_derived(name="span_year")
)
_due = select(_spans.c.owner_unit_id.label("unit_id"), _span_year.c.year, _spans.c.count).select_from(
    _spans.join(_span_year, true())
)
# Each verified year once, by its first entry: it waits no more.
_seen = (
    select(_span.c.owner_unit_id, verification.c.year, (-func.count()).label("count"))
    .select_from(
        _span.join(
            verification,
            and_(
                verification.c.organisation_id == _span.c.organisation_id,
                verification.c.benefit_id == _span.c.id,
            ),
        )
    )
    .where(verification.c.corrects_id.is_(None), verification.c.year.between(_span.c.first, _span.c.last))
    .group_by(_span.c.owner_unit_id, verification.c.year)
)
_counted = union_all(_due, _seen).subquery("counted")
_of_year = (
    select(_counted.c.unit_id, _counted.c.year, cast(func.sum(_counted.c.count), Integer).label("waiting"))
    .group_by(_counted.c.unit_id, _counted.c.year)
    .having(func.sum(_counted.c.count) > 0)
    .subquery("of_year")
)
_BY_YEAR_AND_UNIT = Query(
    select(_of_year.c.year, _of_year.c.unit_id, unit.c.name.label("unit_name"), _of_year.c.waiting)
    .select_from(_of_year.join(unit, unit.c.id == _of_year.c.unit_id))
    .order_by(_of_year.c.year, _of_year.c.unit_id)
)


async def waiting_by_year_and_unit(connection: Connection, *, this_year: int) -> Sequence[Mapping[str, Any]]:
    """How many years of benefits are `waiting`, by `year` and `unit_id`, which is named `unit_name`."""
    return [dict(row) for row in await _BY_YEAR_AND_UNIT.rows(connection, filter_before=this_year)]
