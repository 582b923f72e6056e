"""Where indicators are planned to be on a day: by days of their own, or by those of their benefit (B7, B9).

The rules are the domain's, `planned_value` and `on_benefit_dates`; a test holds the two to the same answers.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Integer,
    Numeric,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from gevinst_benefits.domain.measuring.trajectories import Curve
from gevinst_benefits.domain.plan.timing import RampKind
from gevinst_benefits.store.benefit_dates import begins, months_after
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_shared.feed.outbox import Columns

_ramp_years = func.cardinality(benefit.c.ramp_shares, type_=Integer)
# A table that ends with nothing leads nowhere.
_leads = or_(_ramp_years <= 1, benefit.c.ramp_shares[_ramp_years] != 0)
# Without a ramp the target is for a month after the beginning.
_months = func.greatest(12 * (_ramp_years - 1), benefit.c.ramp_months, 1, type_=Integer)
_ramp_curve = case(
    (_ramp_years > 1, Curve.POINTS.value),
    (benefit.c.ramp == RampKind.S_CURVE.value, Curve.S_CURVE.value),
    else_=Curve.LINEAR.value,
)
# Read beside an indicator, its benefit and the benefit's dates (`benefit_dates.with_dates`).
WAY = (
    func.coalesce(indicator.c.starts_on, case((_leads, begins)), type_=Date).label("starts_on"),
    func.coalesce(indicator.c.target_on, months_after(begins, _months), type_=Date).label("target_on"),
    func.coalesce(indicator.c.curve, _ramp_curve).label("curve"),
    indicator.c.points,
    benefit.c.ramp_shares,
)


def planned_value(c: Columns, day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value that is planned for a day; null without a baseline or a way. `c` has the columns `WAY`."""
    gone = cast(day - c.starts_on, Double)
    days = cast(c.target_on - c.starts_on, Double)
    way = gone / days
    share = case(
        (gone <= 0, 0.0),
        (gone >= days, 1.0),
        (c.curve == Curve.LINEAR.value, way),
        (c.curve == Curve.S_CURVE.value, way * way * (3 - 2 * way)),
        (c.curve == Curve.POINTS.value, _between(c, day)),
    )
    rounded = func.round(cast(share, Numeric), 12)
    return func.round(c.baseline + (c.target - c.baseline) * rounded, 6, type_=Numeric)


def _between(c: Columns, day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The share on the straight line between the two points that the day lies between."""
    points = _points(c).subquery("each_point")
    since = func.lag(points.c.day, 1, c.starts_on, type_=Date).over(order_by=points.c.day)
    before = func.lag(points.c.share, 1, literal_column("0::numeric"), type_=Numeric).over(
        order_by=points.c.day
    )
    leg = (
        select(points.c.day, points.c.share, since.label("since"), before.label("before"))
        .correlate_except(points)
        .subquery("leg")
    )
    part = cast(day - leg.c.since, Double) / cast(leg.c.day - leg.c.since, Double)
    return (
        select(cast(leg.c.before, Double) + part * cast(leg.c.share - leg.c.before, Double))
        .where(leg.c.since < day, leg.c.day >= day)
        .correlate_except(leg)
        .scalar_subquery()
    )


def _points(c: Columns) -> Any:  # noqa: ANN401 - a compound select
    """The indicator's own points; else those of its benefit's table, whose shares stand in the middle of
    their years, and the last at the target."""
    own = (
        func.jsonb_to_recordset(c.points)
        .table_valued(column("day", Date), column("share", Numeric), name="point")
        .render_derived(with_types=True)
    )
    year = (
        func.unnest(c.ramp_shares)
        .table_valued(column("share", Numeric), with_ordinality="number")
        .render_derived(name="ramp_year")
    )
    years = func.cardinality(c.ramp_shares, type_=Integer)
    middle = months_after(c.starts_on, cast(12 * (year.c.number - 1) + 6, Integer))
    at = case((year.c.number == years, c.target_on), else_=middle)
    return union_all(
        select(own.c.day, own.c.share).correlate_except(own),
        select(at, year.c.share / func.nullif(c.ramp_shares[years], 0))
        .where(c.points.is_(None))
        .correlate_except(year),
    )
