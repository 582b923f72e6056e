"""How the indicators of thousands of benefits stand today, counted (B6, B7).

The rules are the domain's, `indicator_state` and `light_of`; a test holds the two to the same answers.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Integer,
    Numeric,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.selectable import LateralFromClause

from gevinst_benefits.domain.indicators import IndicatorState
from gevinst_benefits.domain.traffic_lights import Colour, Tolerances
from gevinst_benefits.domain.trajectories import Curve
from gevinst_benefits.store.measurements import is_corrected
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed, with_project
from gevinst_benefits.store.series import by_rule
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, light_override, measurement
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.outbox import Columns

_today = bindparam("today", type_=Date)
# As multiplication and division do.
_BINDS_CLOSELY = 8
_NEVER = literal_column("'-infinity'::date", Date)
_NOTHING = literal_column("'{NULL}'::uuid[]", ARRAY(Uuid))
_its_benefit = and_(
    indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
)

_place = (
    func.unnest(indicator.c.measured_in)
    .table_valued(column("unit_id", Uuid), with_ordinality="number")
    .render_derived(name="place")
)


def _newest(unit: ColumnElement[bool]) -> Select[Any]:
    """The newest measurement that stands of a place: a unit that it is measured in, or the whole."""
    return (
        select(measurement.c.taken_on, measurement.c.value, measurement.c.weight)
        .where(
            measurement.c.organisation_id == indicator.c.organisation_id,
            measurement.c.indicator_id == indicator.c.id,
            unit,
            measurement.c.taken_on <= _today,
            ~is_corrected(measurement.c),
        )
        .order_by(measurement.c.taken_on.desc(), measurement.c.id.desc())
        .limit(literal_column("1"))
    )


_of_whole = _newest(measurement.c.unit_id.is_(None)).correlate(indicator).lateral("of_whole")
_of_unit = _newest(measurement.c.unit_id == _place.c.unit_id).correlate(indicator, _place).lateral("of_unit")
# One row for an indicator: its value when every unit was measured, and the day of the unit measured first.
_of_units = (
    select(
        func.min(func.coalesce(_of_unit.c.taken_on, _NEVER), type_=Date).label("taken_on"),
        case(
            (
                func.count(_of_unit.c.taken_on) == func.count(),
                by_rule(
                    indicator.c.unit_rule,
                    _of_unit.c.value,
                    _of_unit.c.weight,
                    _of_unit.c.taken_on.desc(),
                    _place.c.number.desc(),
                ),
            )
        ).label("value"),
    )
    .select_from(_place.outerjoin(_of_unit, true()))
    .correlate(indicator)
    .lateral("of_units")
)
_passed = func.width_bucket(_today - literal_column("1"), indicator.c.due_days, type_=Integer)
_opened = case((_passed > 1, indicator.c.due_days[_passed - 1]), else_=_NEVER)


def _state(measured: Columns) -> ColumnElement[Any]:
    return case(
        (indicator.c.baseline.is_(None), IndicatorState.NO_BASELINE.value),
        (indicator.c.target == indicator.c.baseline, IndicatorState.NOT_COMPUTABLE.value),
        (
            and_(_passed > 0, func.coalesce(measured.taken_on, _NEVER) <= _opened),
            IndicatorState.OVERDUE.value,
        ),
        (measured.value.is_(None), IndicatorState.NOT_YET_DUE.value),
        (measured.value == indicator.c.baseline, IndicatorState.MEASURED_ZERO.value),
        else_=IndicatorState.MEASURED.value,
    )


_day = cast(_today - indicator.c.starts_on, Double)
_days = cast(indicator.c.target_on - indicator.c.starts_on, Double)
_way = _day / _days
# The straight line between the given points that the day lies on.
_point = (
    func.jsonb_to_recordset(indicator.c.points)
    .table_valued(column("day", Date), column("share", Numeric), name="point")
    .render_derived(with_types=True)
)
_next = func.lead(_point.c.day).over(order_by=_point.c.day)
_next_share = func.lead(_point.c.share).over(order_by=_point.c.day)
_leg = (
    select(_point.c.day, _point.c.share, _next.label("next_day"), _next_share.label("next_share"))
    .correlate(indicator)
    .lateral("leg")
)
_done = cast(_today - _leg.c.day, Double) / cast(_leg.c.next_day - _leg.c.day, Double)
_between = (
    select(cast(_leg.c.share, Double) + _done * cast(_leg.c.next_share - _leg.c.share, Double))
    .where(_leg.c.day < _today, _leg.c.next_day >= _today)
    .correlate(indicator)
    .scalar_subquery()
)
_planned_share = case(
    (_day <= 0, 0.0),
    (_day >= _days, 1.0),
    (indicator.c.curve == Curve.LINEAR.value, _way),
    (indicator.c.curve == Curve.S_CURVE.value, _way * _way * (3 - 2 * _way)),
    else_=_between,
)
_distance = indicator.c.target - indicator.c.baseline
_planned = func.round(
    indicator.c.baseline + _distance * func.round(cast(_planned_share, Numeric), 12), 6, type_=Numeric
)
_said = select(
    light_override.c.organisation_id,
    light_override.c.indicator_id,
    light_override.c.colour,
    light_override.c.until,
    func.row_number()
    .over(partition_by=light_override.c.indicator_id, order_by=light_override.c.id.desc())
    .label("place"),
).subquery("said")
_overrules = and_(
    _said.c.organisation_id == indicator.c.organisation_id,
    _said.c.indicator_id == indicator.c.id,
    _said.c.place == 1,
    _said.c.colour.is_not(None),
    _said.c.until >= _today,
)


def _looked(condition: ColumnElement[bool], measured: LateralFromClause, *, is_whole: bool) -> Select[Any]:
    """One row an indicator: its state, the share of the way that is missing, what a person says instead."""
    # Not SQLAlchemy's division, whose cast to the column's precision a long distance would overflow.
    missing = (_planned - measured.c.value).op("/", precedence=_BINDS_CLOSELY, return_type=Numeric())(
        func.nullif(_distance, 0)
    )
    places = func.cardinality(indicator.c.measured_in)
    return (
        select(_state(measured.c).label("state"), missing.label("missing"), _said.c.colour.label("said"))
        .select_from(
            with_project.join(indicator, _its_benefit)
            .outerjoin(_said, _overrules)
            .outerjoin(measured, true())
        )
        .where(condition, is_followed, places == 0 if is_whole else places > 0)
        # Kept apart, so that what is missing is computed once.
        .offset(literal_column("0"))
    )


def _signs(condition: ColumnElement[bool]) -> Select[Any]:
    looked = union_all(
        _looked(condition, _of_whole, is_whole=True).subquery("of_wholes").select(),
        _looked(condition, _of_units, is_whole=False).subquery("of_parts").select(),
    ).subquery("looked")
    # `light_of`, but for the look ahead.
    colour = case(
        (looked.c.said.is_not(None), looked.c.said),
        (
            or_(
                looked.c.state == IndicatorState.NO_BASELINE.value,
                looked.c.state == IndicatorState.NOT_COMPUTABLE.value,
            ),
            Colour.NONE.value,
        ),
        (looked.c.missing > bindparam("red_above", type_=Numeric), Colour.RED.value),
        (looked.c.missing > bindparam("yellow_above", type_=Numeric), Colour.YELLOW.value),
        (looked.c.state == IndicatorState.OVERDUE.value, Colour.YELLOW.value),
        (looked.c.missing.is_not(None), Colour.GREEN.value),
        else_=Colour.NONE.value,
    )
    is_overruled = looked.c.said.is_not(None)
    return select(
        looked.c.state,
        colour.label("colour"),
        is_overruled.label("is_overruled"),
        func.count().label("count"),
    ).group_by(looked.c.state, colour, is_overruled)


_SIGNS = Scoped(_signs)


async def signs_in(
    connection: Connection, scope: Scope, *, today: date, tolerances: Tolerances
) -> Sequence[Mapping[str, Any]]:
    """How many indicators are in which `state` and in which light (`colour`) today, by `is_overruled`."""
    return await _SIGNS.rows(
        connection,
        scope,
        today=today,
        yellow_above=tolerances.yellow_above,
        red_above=tolerances.red_above,
    )
