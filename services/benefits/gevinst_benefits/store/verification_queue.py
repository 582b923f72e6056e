"""What waits for a controller: years of confirmed benefits that have ended and are not verified (G3, B6)."""

from collections.abc import Mapping, Sequence
from typing import Any

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
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from gevinst_benefits.domain.planned_years import NEVER_DELIVERS
from gevinst_benefits.domain.timing import HangsOn
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
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


def _year(day: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(func.date_part("year", day), Integer)


def _months(count: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.make_interval(0, count, type_=Interval)


def _begins() -> ColumnElement[Any]:
    """B9: the day on which the benefit begins, as `domain.planned_years.anchored` has it; null when nobody
    knows."""
    delivered = (
        select(func.coalesce(delivery.c.delivered_on, delivery.c.due_on))
        .where(
            delivery.c.organisation_id == benefit.c.organisation_id, delivery.c.id == benefit.c.delivery_id
        )
        .correlate(benefit)
        .scalar_subquery()
    )
    day = case(
        (benefit.c.hangs_on == HangsOn.NONE.value, benefit.c.starts_on),
        (benefit.c.hangs_on == HangsOn.START.value, project.c.start),
        (benefit.c.hangs_on == HangsOn.END.value, project.c.end),
        (benefit.c.hangs_on == HangsOn.MILESTONE.value, delivered),
    )
    return day + _months(benefit.c.offset_months)


def _first_year() -> ColumnElement[int]:
    """The year that a benefit is due from: the first of its planned ones, else of its indicators' way, else
    of its confirmation."""
    way = (
        select(func.min(indicator.c.starts_on))
        .where(
            indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
        )
        .correlate(benefit)
        .scalar_subquery()
    )
    return func.coalesce(_year(_begins()), _year(way), _year(benefit.c.confirmed_at), type_=Integer)


def _last_year() -> ColumnElement[int]:
    """The last year in the benefit's life; null, which limits nothing, while nobody knows when it begins."""
    ends = func.least(_begins() + _months(benefit.c.duration_months), benefit.c.ends_on, type_=DateTime)
    return case((_begins().is_not(None), _year(ends - func.make_interval(0, 0, 0, 1, type_=Interval))))


# No year before the first that can be verified.
_from = func.greatest(_first_year(), literal(FIRST_YEAR), type_=Integer)
_each = (
    func.generate_series(_from, func.least(_before - 1, _from + (YEARS - 1), _last_year()))
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
    .where(
        or_(
            benefit.c.state == "realised",
            # Nothing is planned of what hangs on a project that never delivers.
            and_(
                benefit.c.state == "confirmed",
                or_(
                    benefit.c.hangs_on == HangsOn.NONE.value,
                    and_(*(project.c.status.is_distinct_from(one) for one in sorted(NEVER_DELIVERS))),
                ),
            ),
        ),
        ~_is_verified,
    )
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
