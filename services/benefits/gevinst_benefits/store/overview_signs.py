"""How benefits stand: what is missing of them, the states of their indicators, and owners nobody is (B2, B6).

The rules are the domain's (`indicator_state`, `light_of`); here they are asked of thousands at once, and a
test holds the two to the same answers.
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
    Text,
    Uuid,
    and_,
    any_,
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
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.indicators import IndicatorState
from gevinst_benefits.domain.traffic_lights import Colour, Tolerances
from gevinst_benefits.domain.trajectories import Curve
from gevinst_benefits.store.measurements import is_corrected
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed, with_project
from gevinst_benefits.store.series import by_rule
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, light_override, measurement
from gevinst_benefits.tables.projects import project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import ScopeKind as GrantScope

_today = bindparam("today", type_=Date)
_NEVER = literal_column("'-infinity'::date", Date)
_NOTHING = literal_column("'{NULL}'::uuid[]", ARRAY(Uuid))
_its_benefit = and_(
    indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
)

# A place is a unit that it is measured in, or the whole.
_place = (
    func.unnest(
        case((func.cardinality(indicator.c.measured_in) == 0, _NOTHING), else_=indicator.c.measured_in)
    )
    .table_valued(column("unit_id", Uuid), with_ordinality="number")
    .render_derived(name="place")
)
_newest = (
    select(measurement.c.taken_on, measurement.c.value, measurement.c.weight)
    .where(
        measurement.c.organisation_id == indicator.c.organisation_id,
        measurement.c.indicator_id == indicator.c.id,
        measurement.c.unit_id.is_not_distinct_from(_place.c.unit_id),
        measurement.c.taken_on <= _today,
        ~is_corrected(measurement.c),
    )
    .order_by(measurement.c.taken_on.desc(), measurement.c.id.desc())
    .limit(literal_column("1"))
    .correlate(indicator, _place)
    .lateral("newest")
)
# One row for an indicator: its value when every place was measured, and the day of the place measured first.
_measured = (
    select(
        func.min(func.coalesce(_newest.c.taken_on, _NEVER), type_=Date).label("since"),
        case(
            (func.count(_newest.c.taken_on) < func.count(), None),
            (func.cardinality(indicator.c.measured_in) == 0, func.max(_newest.c.value)),
            else_=by_rule(
                indicator.c.unit_rule,
                _newest.c.value,
                _newest.c.weight,
                _newest.c.taken_on.desc(),
                _place.c.number.desc(),
            ),
        ).label("value"),
    )
    .select_from(_place.outerjoin(_newest, true()))
    .correlate(indicator)
    .lateral("measured")
)
_passed = func.width_bucket(_today - literal_column("1"), indicator.c.due_days, type_=Integer)
_opened = case((_passed > 1, indicator.c.due_days[_passed - 1]), else_=_NEVER)
_state = case(
    (indicator.c.baseline.is_(None), IndicatorState.NO_BASELINE.value),
    (indicator.c.target == indicator.c.baseline, IndicatorState.NOT_COMPUTABLE.value),
    (and_(_passed > 0, _measured.c.since <= _opened), IndicatorState.OVERDUE.value),
    (_measured.c.value.is_(None), IndicatorState.NOT_YET_DUE.value),
    (_measured.c.value == indicator.c.baseline, IndicatorState.MEASURED_ZERO.value),
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
# Not SQLAlchemy's division, whose cast to the column's precision a long distance would overflow.
_missing = (_planned - _measured.c.value).op("/", return_type=Numeric())(_distance)
_is_computable = and_(indicator.c.baseline.is_not(None), _distance != 0)
_colour = case(
    (~_is_computable, Colour.NONE.value),
    (_missing > bindparam("red_above", type_=Numeric), Colour.RED.value),
    (_missing > bindparam("yellow_above", type_=Numeric), Colour.YELLOW.value),
    (_state == IndicatorState.OVERDUE.value, Colour.YELLOW.value),
    (_missing.is_not(None), Colour.GREEN.value),
    else_=Colour.NONE.value,
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


def _signs(condition: ColumnElement[bool]) -> Select[Any]:
    each = (
        select(
            _state.label("state"),
            func.coalesce(_said.c.colour, _colour, type_=Text).label("colour"),
            _said.c.colour.is_not(None).label("is_overruled"),
        )
        .select_from(
            with_project.join(indicator, _its_benefit).outerjoin(_said, _overrules).join(_measured, true())
        )
        .where(condition, is_followed)
        .subquery("each")
    )
    return select(each.c.state, each.c.colour, each.c.is_overruled, func.count().label("count")).group_by(
        each.c.state, each.c.colour, each.c.is_overruled
    )


_indicated = select(indicator.c.organisation_id, indicator.c.benefit_id).distinct().subquery("indicated")
_is_indicated = and_(
    _indicated.c.organisation_id == benefit.c.organisation_id, _indicated.c.benefit_id == benefit.c.id
)


def _unseen(condition: ColumnElement[bool]) -> Select[Any]:
    """Benefits without an indicator, those that are confirmed first, with how many there are."""
    return (
        select(
            benefit.c.id,
            benefit.c.name,
            benefit.c.project_id,
            project.c.name.label("project_name"),
            benefit.c.state,
            func.count().over().label("total"),
        )
        .select_from(with_project.outerjoin(_indicated, _is_indicated))
        .where(condition, is_followed, _indicated.c.benefit_id.is_(None))
        .order_by(benefit.c.state == "proposed", benefit.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def _held(c: Any, path: ColumnElement[Any]) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """B2: whether somebody holds the role in the unit, or in one above it, today."""
    return exists(
        select(1).where(
            role_assignment.c.organisation_id == c.organisation_id,
            role_assignment.c.role == c.owner_role,
            role_assignment.c.scope == GrantScope.UNIT.value,
            role_assignment.c.scope_id == any_(path),
            or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
            or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
        )
    )


def _vacant(condition: ColumnElement[bool]) -> Select[Any]:
    """Owners' roles that nobody holds, looked up once for each role and unit."""
    key = (benefit.c.organisation_id, benefit.c.owner_role, benefit.c.owner_unit_id)
    owners = (
        select(*key, func.count().label("benefits"))
        .select_from(with_project)
        .where(condition, is_followed)
        .group_by(*key)
        .subquery("owners")
    )
    its_unit = and_(unit.c.organisation_id == owners.c.organisation_id, unit.c.id == owners.c.owner_unit_id)
    return (
        select(
            owners.c.owner_role.label("role"),
            owners.c.owner_unit_id.label("unit_id"),
            unit.c.name.label("unit_name"),
            owners.c.benefits,
            func.count().over().label("total"),
            func.sum(owners.c.benefits).over().label("all_benefits"),
        )
        .join(unit, its_unit)
        .where(~_held(owners.c, unit.c.path))
        .order_by(owners.c.benefits.desc(), owners.c.owner_unit_id, owners.c.owner_role)
        .limit(bindparam("most", type_=Integer))
    )


_SIGNS = Scoped(_signs)
_UNSEEN = Scoped(_unseen)
_VACANT = Scoped(_vacant)


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


async def without_indicator(
    connection: Connection, scope: Scope, *, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` benefits without an indicator, by column; `total` says how many there are."""
    return await _UNSEEN.rows(connection, scope, most=most)


async def vacant_owners(
    connection: Connection, scope: Scope, *, today: date, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` roles in units that nobody holds; `total` of them own `all_benefits`."""
    return await _VACANT.rows(connection, scope, today=today, most=most)
