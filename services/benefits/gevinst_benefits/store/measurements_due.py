"""What is to be measured, and what is late (B6)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Uuid,
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
)

from gevinst_benefits.store.measurements import is_corrected
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_shared.db.documents import document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns

_today = bindparam("filter_today", type_=Date)
_until = bindparam("filter_until", type_=Date)
_each = func.unnest(indicator.c.due_days).table_valued(column("day", Date)).render_derived(name="each_day")
# One window a row: its due day, and the due day before it, after which a measurement meets it.
_windows = (
    select(
        _each.c.day,
        func.lag(_each.c.day).over(order_by=_each.c.day).label("since"),
        func.lead(_each.c.day).over(order_by=_each.c.day).label("next"),
    )
    .select_from(_each)
    .where(_each.c.day <= _until)
    .lateral("windows")
)
# Older windows are over: the last one that has passed, and those to come.
_matters = or_(_windows.c.next.is_(None), _windows.c.next >= _today, _windows.c.day >= _today)


def _measured(unit: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(1)
        .where(
            measurement.c.organisation_id == indicator.c.organisation_id,
            measurement.c.indicator_id == indicator.c.id,
            measurement.c.taken_on > func.coalesce(_windows.c.since, literal_column("'-infinity'::date")),
            unit,
            ~is_corrected(measurement.c),
        )
        .correlate_except(measurement)
    )


_unit = func.unnest(indicator.c.measured_in).table_valued(column("id", Uuid)).render_derived(name="each_unit")
_is_met = case(
    (func.cardinality(indicator.c.measured_in) == 0, _measured(measurement.c.unit_id.is_(None))),
    else_=~exists(select(1).select_from(_unit).where(~_measured(measurement.c.unit_id == _unit.c.id))),
)
_due = (
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
            benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.id == indicator.c.benefit_id
        ),
    )
    .join(_windows, true())
    .where(benefit.c.state != "closed", benefit.c.state != "moved", _matters, ~_is_met)
    .subquery("due")
)


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
    _due,
    _document,
    filters={
        "today": lambda day: cast(day, Date).is_not(None),
        "until": lambda day: cast(day, Date).is_not(None),
        "project": _due.c.project_id,
        "role": _due.c.role,
        "unit": _due.c.unit_id,
    },
    sorts={"day": _due.c.due_on},
)
