"""What waits for a controller: years of confirmed benefits that have ended and are not verified (G3, B6)."""

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
    literal,
    or_,
    select,
    true,
)

from gevinst_benefits.domain.planned_years import NEVER_DELIVERS
from gevinst_benefits.domain.timing import HangsOn
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.projects import project
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
_waiting = (
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


_IS_WAITING = Query(
    select(true()).where(_waiting.c.id == bindparam("benefit_id"), _waiting.c.year == bindparam("year"))
)


async def is_waiting(connection: Connection, benefit_id: UUID, year: int) -> bool:
    """Whether the year, which has ended, waits for the benefit to be verified."""
    found = await _IS_WAITING.value(connection, benefit_id=benefit_id, year=year, filter_before=year + 1)
    return found is not None


QUEUE = Listing(
    _waiting,
    _document,
    filters={
        "before": lambda year: cast(year, Integer).is_not(None),
        "year": _waiting.c.year,
        "project": _waiting.c.project_id,
        "unit": _waiting.c.owner_unit_id,
    },
    sorts={"year": _waiting.c.year},
)
