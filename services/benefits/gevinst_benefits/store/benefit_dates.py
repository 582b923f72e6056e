"""When benefits begin, asked of many at once: the day that each hangs on, moved by its months (B9)."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, case, cast, func, literal_column, or_, true

from gevinst_benefits.domain.plan.planned_years import NEVER_DELIVERS
from gevinst_benefits.domain.plan.timing import HangsOn
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.projects import project

_BEFORE_CALENDAR = literal_column("'0001-12-31 BC'::date", Date)
_AFTER_CALENDAR = literal_column("'10000-01-01'::date", Date)
_NO_YEARS = literal_column("0", Integer)

with_project = benefit.join(
    project,
    and_(project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id),
)
# With everything that a benefit's beginning follows from.
with_dates = with_project.outerjoin(
    delivery,
    and_(delivery.c.organisation_id == benefit.c.organisation_id, delivery.c.id == benefit.c.delivery_id),
)


def between(
    day: ColumnElement[Any], before: ColumnElement[Any], after: ColumnElement[Any]
) -> ColumnElement[Any]:
    """The day if it comes after `before` and before `after`, else null; it is computed once."""
    within = func.least(func.greatest(day, before), after)
    return func.nullif(func.nullif(within, before), after, type_=Date)


def months_after(day: ColumnElement[Any], months: ColumnElement[Any]) -> ColumnElement[Any]:
    """As `domain.timing.months_after`: the last day of a shorter month, and null beyond the calendar."""
    later = cast(day + func.make_interval(_NO_YEARS, months), Date)
    return between(later, _BEFORE_CALENDAR, _AFTER_CALENDAR)


_anchor = case(
    (benefit.c.hangs_on == HangsOn.END.value, project.c.end),
    (benefit.c.hangs_on == HangsOn.START.value, project.c.start),
    (benefit.c.hangs_on == HangsOn.NONE.value, benefit.c.starts_on),
    else_=func.coalesce(delivery.c.delivered_on, delivery.c.due_on),
)
# The day that the benefit begins on, whatever became of it and of its project; null when nobody knows.
anchored = months_after(_anchor, benefit.c.offset_months)
_never_comes = and_(
    or_(*(project.c.status == status for status in sorted(NEVER_DELIVERS))),
    benefit.c.hangs_on != HangsOn.NONE.value,
    benefit.c.state != "realised",
)
# As `domain.planned_years.starts_on` of a benefit that is followed: null, too, when nothing will come of it.
begins = case((_never_comes.is_not(true()), anchored))
