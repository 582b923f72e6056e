"""Indicators in the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, case, func, select

from gevinst_benefits.domain.measuring.aggregation import Aggregation, Rule
from gevinst_benefits.domain.measuring.indicators import Direction, Indicator
from gevinst_benefits.domain.measuring.measurement_plans import Frequency, MeasurementPlan
from gevinst_benefits.domain.measuring.trajectories import Curve, Point, Trajectory
from gevinst_benefits.domain.plan.benefits import Owner
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.store.measurements import newest_readings
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown

Json = dict[str, Any]


def indicator_document(c: Columns) -> ColumnElement[Any]:
    """`IndicatorOut` without what depends on the day, and with the newest `readings` it follows from."""
    measurer = document(role=c.measurer_role, unit_id=c.measurer_unit_id)
    way = document(starts_on=c.starts_on, target_on=c.target_on, curve=c.curve, points=c.points)
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        name=c.name,
        unit_of_measure=c.unit_of_measure,
        direction=c.direction,
        baseline=decimal_text(c.baseline),
        target=decimal_text(c.target),
        action=c.action,
        act_at=decimal_text(c.act_at),
        aggregation=document(time=c.time_rule, units=c.unit_rule),
        measured_in=func.to_json(c.measured_in),
        plan=document(
            frequency=c.frequency,
            first_on=c.first_on,
            until=c.until,
            measurer=case((c.measurer_role.is_not(None), measurer)),
            method=c.method,
            source=c.source,
        ),
        due_on=func.to_json(c.due_on),
        due_days=func.to_json(c.due_days),
        trajectory=case((c.curve.is_not(None), way)),
        reason=c.reason,
        readings=newest_readings(c),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def _in_project(project_id: BindParameter[Any]) -> ColumnElement[bool]:
    its = select(benefit.c.id).where(
        benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.project_id == project_id
    )
    return indicator.c.benefit_id.in_(its)


INDICATORS = Listing(
    indicator,
    indicator_document,
    filters={"benefit": indicator.c.benefit_id, "project": _in_project},
    sorts={"id": indicator.c.id},
)
_ROW = select(indicator).where(indicator.c.id == bindparam("id"))
_FIND = Query(_ROW)
_LOCK = Query(_ROW.with_for_update())
_GET = Query(
    select(indicator_document(indicator.c).label("document")).where(indicator.c.id == bindparam("id"))
)
_COUNT = Query(
    select(func.count()).select_from(indicator).where(indicator.c.benefit_id == bindparam("benefit_id"))
)
_OF_PROJECT = Query(
    select(indicator)
    .join(
        benefit,
        and_(
            benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.id == indicator.c.benefit_id
        ),
    )
    .where(benefit.c.project_id == bindparam("project_id"))
    .order_by(indicator.c.id)
)
_ADD = outbox.insert(indicator, indicator_document)
_CHANGEABLE = tuple(
    column.name
    for column in indicator.columns
    if column.name
    not in {"organisation_id", "id", "benefit_id", "reason", "created_by", "revision", "created_at"}
)
_CHANGE = outbox.update(indicator, indicator_document, columns=_CHANGEABLE)


async def get_document(connection: Connection, indicator_id: UUID) -> Json:
    """The indicator's members, or `Unknown`."""
    text = await _GET.value(connection, id=indicator_id)
    if text is None:
        raise Unknown
    found: Json = json.loads(text)
    return found


async def get_row(
    connection: Connection, indicator_id: UUID, *, for_change: bool = False
) -> Mapping[str, Any]:
    """The indicator by column, or `Unknown`; `for_change` holds it until the transaction ends."""
    row = await (_LOCK if for_change else _FIND).find(connection, id=indicator_id)
    if row is None:
        raise Unknown
    return dict(row)


async def count_of_benefit(connection: Connection, benefit_id: UUID) -> int:
    return int(await _COUNT.value(connection, benefit_id=benefit_id))


async def of_project(connection: Connection, project_id: UUID) -> Sequence[Indicator]:
    """The indicators of all of a project's benefits."""
    return [indicator_from(dict(row)) for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


async def add_indicator(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Json:
    """Insert the indicator with its event and audit row; its members."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    found: Json = json.loads(row["document"])
    return found


async def change_indicator(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any], *, expected: int | None
) -> Json | None:
    """Change the indicator `id`; None when it is not at revision `expected` any more."""
    new = {f"new_{name}": values[name] for name in _CHANGEABLE}
    row = await _CHANGE.find(connection, id=values["id"], expected=expected, **new, **record)
    return None if row is None else json.loads(row["document"])


def indicator_from(row: Mapping[str, Any]) -> Indicator:
    """The domain's indicator of a row."""
    return Indicator(
        id=row["id"],
        benefit_id=row["benefit_id"],
        name=row["name"],
        unit_of_measure=row["unit_of_measure"],
        direction=Direction(row["direction"]),
        target=row["target"],
        action=row["action"],
        baseline=row["baseline"],
        due_on=tuple(row["due_days"]),
        act_at=row["act_at"],
        aggregation=Aggregation(Rule(row["time_rule"]), Rule(row["unit_rule"])),
        measured_in=tuple(row["measured_in"]),
        plan=_plan(row),
        trajectory=_trajectory(row),
    )


def indicator_of(members: Json) -> Indicator:
    """The domain's indicator of an answer's members, with what its state follows from."""
    baseline = members.get("baseline")
    rules = members["aggregation"]
    return Indicator(
        id=UUID(members["id"]),
        benefit_id=UUID(members["benefit_id"]),
        name=members["name"],
        unit_of_measure=members["unit_of_measure"],
        direction=Direction(members["direction"]),
        target=Decimal(members["target"]),
        action=members["action"],
        baseline=None if baseline is None else Decimal(baseline),
        due_on=tuple(date.fromisoformat(day) for day in members["due_days"]),
        aggregation=Aggregation(Rule(rules["time"]), Rule(rules["units"])),
        measured_in=tuple(UUID(unit) for unit in members["measured_in"]),
    )


def columns_of(found: Indicator, *, single_days: Sequence[date]) -> dict[str, Any]:
    """The columns that the domain's indicator decides; `single_days` are the due days beside the plan's."""
    plan, way = found.plan, found.trajectory
    return {
        "id": found.id,
        "benefit_id": found.benefit_id,
        "name": found.name,
        "unit_of_measure": found.unit_of_measure,
        "direction": found.direction.value,
        "target": found.target,
        "action": found.action,
        "act_at": found.act_at,
        "baseline": found.baseline,
        "time_rule": found.aggregation.time.value,
        "unit_rule": found.aggregation.units.value,
        "measured_in": list(found.measured_in),
        "frequency": None if plan.frequency is None else plan.frequency.value,
        "first_on": plan.first_on,
        "until": plan.until,
        "measurer_role": None if plan.measurer is None else plan.measurer.role,
        "measurer_unit_id": None if plan.measurer is None else plan.measurer.unit_id,
        "method": plan.method,
        "source": plan.source,
        "due_on": list(single_days),
        "due_days": list(found.due_on),
        "starts_on": None if way is None else way.starts_on,
        "target_on": None if way is None else way.target_on,
        "curve": None if way is None else way.curve.value,
        "points": _points_json(way),
    }


def _plan(row: Mapping[str, Any]) -> MeasurementPlan:
    return MeasurementPlan(
        frequency=None if row["frequency"] is None else Frequency(row["frequency"]),
        first_on=row["first_on"],
        until=row["until"],
        measurer=None
        if row["measurer_role"] is None
        else Owner(row["measurer_role"], row["measurer_unit_id"]),
        method=row["method"],
        source=row["source"],
    )


def _trajectory(row: Mapping[str, Any]) -> Trajectory | None:
    if row["curve"] is None:
        return None
    points = json.loads(row["points"] or "[]")
    return Trajectory(
        row["starts_on"],
        row["target_on"],
        Curve(row["curve"]),
        tuple(Point(date.fromisoformat(one["day"]), Decimal(one["share"])) for one in points),
    )


def _points_json(way: Trajectory | None) -> RawJson | None:
    if way is None or not way.points:
        return None
    points = [{"day": one.day.isoformat(), "share": format(one.share, "f")} for one in way.points]
    return RawJson(json.dumps(points))
