"""How the indicators of thousands of benefits stand today, counted (B6, B7).

The rules are the domain's, `indicator_state` and `light_of`; a test holds the two to the same answers.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.sql.selectable import LateralFromClause

from gevinst_benefits.domain.measuring.indicators import IndicatorState
from gevinst_benefits.domain.measuring.tolerances import Tolerance
from gevinst_benefits.domain.measuring.traffic_lights import Colour
from gevinst_benefits.store.benefit_dates import with_dates
from gevinst_benefits.store.measurements import newest_standing
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed
from gevinst_benefits.store.planned_ways import WAY, planned_value
from gevinst_benefits.store.series import by_rule
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, light_override, measurement
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.outbox import Columns

_today = bindparam("today", type_=Date)
_NEVER = literal_column("'-infinity'::date", Date)
_its_benefit = and_(
    indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
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
_passed = func.width_bucket(_today - literal_column("1"), indicator.c.due_days, type_=Integer)
# The due day before the last one that has passed: a measurement after it meets that one.
_since = case((_passed > 1, indicator.c.due_days[_passed - 1]), (_passed > 0, _NEVER))


def _followed(condition: ColumnElement[bool]) -> CTE:
    """The indicators, each with the days of its way and what a person says of its light."""
    columns = (
        indicator.c.id,
        indicator.c.baseline,
        indicator.c.target,
        indicator.c.unit_rule,
        indicator.c.measured_in,
        _since.label("since"),
        _said.c.colour.label("said"),
        *WAY,
    )
    source = with_dates.join(indicator, _its_benefit).outerjoin(_said, _overrules)
    return select(*columns).select_from(source).where(condition, is_followed).cte("followed")


def _newest(followed: CTE, unit: ColumnElement[bool]) -> Select[Any]:
    return newest_standing(followed.c.id, unit, measurement.c.taken_on <= _today)


def _of_whole(followed: CTE) -> LateralFromClause:
    return _newest(followed, measurement.c.unit_id.is_(None)).lateral("of_whole")


def _of_units(followed: CTE) -> LateralFromClause:
    """Its value when every unit was measured, and the day of the unit measured first."""
    place = (
        func.unnest(followed.c.measured_in)
        .table_valued(column("unit_id", Uuid), with_ordinality="number")
        .render_derived(name="place")
    )
    newest = _newest(followed, measurement.c.unit_id == place.c.unit_id).lateral("of_unit")
    order = (newest.c.taken_on.desc(), place.c.number.desc())
    value = by_rule(followed.c.unit_rule, newest.c.value, newest.c.weight, *order)
    return (
        select(
            func.min(func.coalesce(newest.c.taken_on, _NEVER), type_=Date).label("taken_on"),
            case((func.count(newest.c.taken_on) == func.count(), value)).label("value"),
        )
        .select_from(place.outerjoin(newest, true()))
        .correlate(followed)
        .lateral("of_units")
    )


def _looked(followed: CTE, measured: LateralFromClause, *, is_whole: bool) -> Select[Any]:
    """One row an indicator: its state, how far it is behind and of how much, what a person says instead."""
    places = func.cardinality(followed.c.measured_in)
    return (
        select(
            followed.c.id,
            followed.c.baseline,
            followed.c.target,
            followed.c.said,
            measured.c.value,
            _state(followed.c, measured.c).label("state"),
            planned_value(followed.c, _today).label("planned"),
        )
        .select_from(followed.outerjoin(measured, true()))
        .where(places == 0 if is_whole else places > 0)
        # Kept apart, so that what is planned is computed once.
        .offset(literal_column("0"))
    )


def _state(c: Columns, measured: Columns) -> ColumnElement[Any]:
    return case(
        (c.baseline.is_(None), IndicatorState.NO_BASELINE.value),
        (c.target == c.baseline, IndicatorState.NOT_COMPUTABLE.value),
        (func.coalesce(measured.taken_on, _NEVER) <= c.since, IndicatorState.OVERDUE.value),
        (measured.value.is_(None), IndicatorState.NOT_YET_DUE.value),
        (measured.value == c.baseline, IndicatorState.MEASURED_ZERO.value),
        else_=IndicatorState.MEASURED.value,
    )


def _colour(c: Columns) -> ColumnElement[Any]:
    """`light_of`, but for the look ahead."""
    behind = case((c.target > c.baseline, c.planned - c.value), else_=c.value - c.planned)
    # B6: of nothing that was planned no share can be missing, and behind it is not green.
    of_nothing = and_(c.planned == c.baseline, behind > 0)
    return case(
        (c.said.is_not(None), c.said),
        (or_(c.baseline.is_(None), c.target == c.baseline), Colour.NONE.value),
        (_is_past("red", behind, c), Colour.RED.value),
        (_is_past("yellow", behind, c), Colour.YELLOW.value),
        (c.state == IndicatorState.OVERDUE.value, Colour.YELLOW.value),
        (or_(bindparam("red_share", type_=Numeric).is_(None), of_nothing), Colour.NONE.value),
        (behind.is_not(None), Colour.GREEN.value),
        else_=Colour.NONE.value,
    )


def _is_past(name: str, behind: ColumnElement[Any], c: Columns) -> ColumnElement[bool]:
    """Whether more is missing than the share of what was planned that a colour begins at."""
    planned = func.abs(c.planned - c.baseline, type_=Numeric)
    limit = bindparam(f"{name}_share", type_=Numeric) * planned
    at_limit = and_(bindparam(f"is_{name}_inclusive", type_=Boolean), behind == limit)
    return and_(planned > 0, or_(behind > limit, at_limit))


def _all_looked(condition: ColumnElement[bool]) -> Subquery:
    followed = _followed(condition)
    return union_all(
        _looked(followed, _of_whole(followed), is_whole=True).subquery("of_wholes").select(),
        _looked(followed, _of_units(followed), is_whole=False).subquery("of_parts").select(),
    ).subquery("looked")


def _signs(condition: ColumnElement[bool]) -> Select[Any]:
    looked = _all_looked(condition)
    is_overruled = looked.c.said.is_not(None)
    key = (looked.c.state, _colour(looked.c).label("colour"), is_overruled.label("is_overruled"))
    return select(*key, func.count().label("count")).group_by(*key)


def _lights(condition: ColumnElement[bool]) -> Select[Any]:
    looked = _all_looked(condition)
    is_overruled = looked.c.said.is_not(None).label("is_overruled")
    return select(looked.c.id, _colour(looked.c).label("colour"), is_overruled)


_SIGNS = Scoped(_signs)
_LIGHTS = Scoped(_lights)


async def signs_in(
    connection: Connection, scope: Scope, *, today: date, tolerance: Tolerance | None
) -> Sequence[Mapping[str, Any]]:
    """How many indicators are in which `state` and in which light (`colour`) today, by `is_overruled`."""
    return await _SIGNS.rows(connection, scope, today=today, **_limits(tolerance))


async def lights_in(
    connection: Connection, scope: Scope, *, today: date, tolerance: Tolerance | None
) -> Sequence[Mapping[str, Any]]:
    """Each followed indicator's `id` with its light today (`colour`) and whether a person said it."""
    return await _LIGHTS.rows(connection, scope, today=today, **_limits(tolerance))


def _limits(tolerance: Tolerance | None) -> dict[str, Any]:
    bounds = {} if tolerance is None else {"yellow": tolerance.yellow, "red": tolerance.red}
    limits: dict[str, Any] = {}
    for name in ("yellow", "red"):
        bound = bounds.get(name)
        limits[f"{name}_share"] = None if bound is None else bound.share
        limits[f"is_{name}_inclusive"] = bound is not None and bound.is_inclusive
    return limits
