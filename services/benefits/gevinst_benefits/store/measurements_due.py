"""What is to be measured, and what is late (B6)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    select,
    true,
)

from gevinst_benefits.store.measurements import newest_standing
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_shared.db.documents import document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns

_today = bindparam("filter_today", type_=Date)
_until = bindparam("filter_until", type_=Date)
# Due days are in order, so that how many have passed is found by halves.
_passed = func.width_bucket(_today - literal_column("1"), indicator.c.due_days, type_=Integer)
_reached = func.width_bucket(_until, indicator.c.due_days, type_=Integer)
# Older windows are over: the last one that has passed, and those to come.
_number = (
    func.generate_series(func.greatest(_passed, literal_column("1")), _reached)
    .table_valued(column("number", Integer))
    .render_derived(name="each_number")
)
# One window a row: its due day, and the due day before it, after which a measurement meets it.
_windows = (
    select(
        indicator.c.due_days[_number.c.number].label("day"),
        indicator.c.due_days[_number.c.number - 1].label("since"),
    )
    .select_from(_number)
    .correlate(indicator)
    .lateral("windows")
)


def _newest_on(unit: ColumnElement[bool]) -> ColumnElement[Any]:
    """The day of the newest measurement that stands in a place; the beginning of time when there is none."""
    newest = newest_standing(indicator.c.id, unit).with_only_columns(measurement.c.taken_on)
    return func.coalesce(newest.scalar_subquery(), _NEVER, type_=Date)


_NEVER = literal_column("'-infinity'::date", Date)
_unit = func.unnest(indicator.c.measured_in).table_valued(column("id", Uuid)).render_derived(name="each_unit")
# A window is met when something was measured after it opened, in every place: looked up once an indicator.
_newest = (
    select(
        case(
            (func.cardinality(indicator.c.measured_in) == 0, _newest_on(measurement.c.unit_id.is_(None))),
            else_=select(func.min(_newest_on(measurement.c.unit_id == _unit.c.id)))
            .select_from(_unit)
            .correlate_except(_unit)
            .scalar_subquery(),
        ).label("day")
    )
    .correlate(indicator)
    .lateral("newest")
)


def due_windows(condition: ColumnElement[bool]) -> Select[Any]:
    """A row for each due day that nothing was measured for; the condition is on indicators and benefits."""
    return (
        select(
            indicator.c.organisation_id,
            indicator.c.id,
            indicator.c.name,
            indicator.c.unit_of_measure,
            indicator.c.method,
            indicator.c.source,
            benefit.c.id.label("benefit_id"),
            benefit.c.project_id,
            _windows.c.day.label("due_on"),
            (_windows.c.day < _today).label("is_overdue"),
            func.coalesce(indicator.c.measurer_role, benefit.c.owner_role).label("role"),
            func.coalesce(indicator.c.measurer_unit_id, benefit.c.owner_unit_id).label("unit_id"),
        )
        .select_from(indicator)
        .join(
            benefit,
            and_(
                benefit.c.organisation_id == indicator.c.organisation_id,
                benefit.c.id == indicator.c.benefit_id,
            ),
        )
        .join(_newest, true())
        .join(_windows, _newest.c.day <= func.coalesce(_windows.c.since, _NEVER))
        .where(condition, benefit.c.state != "closed", benefit.c.state != "moved")
    )


DUE_WINDOWS = due_windows(true()).cte("due")


def _document(c: Columns) -> ColumnElement[Any]:
    """`MeasurementDueOut`, as PostgreSQL writes it."""
    return document(
        indicator_id=c.id,
        due_on=c.due_on,
        is_overdue=c.is_overdue,
        name=c.name,
        unit_of_measure=c.unit_of_measure,
        method=c.method,
        source=c.source,
        benefit_id=c.benefit_id,
        project_id=c.project_id,
        responsible=document(role=c.role, unit_id=c.unit_id),
    )


DUE = Listing(
    DUE_WINDOWS,
    _document,
    filters={
        "today": lambda day: cast(day, Date).is_not(None),
        "until": lambda day: cast(day, Date).is_not(None),
        "project": DUE_WINDOWS.c.project_id,
        "role": DUE_WINDOWS.c.role,
        "unit": DUE_WINDOWS.c.unit_id,
    },
    sorts={"day": DUE_WINDOWS.c.due_on},
)
