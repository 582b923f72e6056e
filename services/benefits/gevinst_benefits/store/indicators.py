"""Indicators and measurements in the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select

from gevinst_benefits.domain.indicators import Direction, Indicator, Measurement
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown

Json = dict[str, Any]


def _is_corrected(c: Columns) -> ColumnElement[bool]:
    later = measurement.alias("later")
    mine = (later.c.organisation_id == c.organisation_id, later.c.corrects_id == c.id)
    return exists(select(1).where(*mine))


def _latest(c: Columns) -> ColumnElement[Any]:
    """The newest measurement that stands, or null."""
    taken = measurement.alias("taken")
    found = document(id=taken.c.id, taken_on=taken.c.taken_on, value=decimal_text(taken.c.value))
    return (
        select(found)
        .where(
            taken.c.organisation_id == c.organisation_id,
            taken.c.indicator_id == c.id,
            ~_is_corrected(taken.c),
        )
        .order_by(taken.c.taken_on.desc(), taken.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def indicator_document(c: Columns) -> ColumnElement[Any]:
    """`IndicatorOut` without what depends on the day: its state and the share that is realised."""
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
        due_on=func.to_json(c.due_on),
        reason=c.reason,
        latest=_latest(c),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def measurement_document(c: Columns) -> ColumnElement[Any]:
    """`MeasurementOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        indicator_id=c.indicator_id,
        taken_on=c.taken_on,
        value=decimal_text(c.value),
        corrects_id=c.corrects_id,
        reason=c.reason,
        is_corrected=_is_corrected(c),
        measured_by=c.measured_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


INDICATORS = Listing(
    indicator,
    indicator_document,
    filters={"benefit": indicator.c.benefit_id},
    sorts={"id": indicator.c.id},
)
MEASUREMENTS = Listing(
    measurement,
    measurement_document,
    filters={"indicator": measurement.c.indicator_id},
    sorts={"day": measurement.c.taken_on},
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
        (benefit.c.organisation_id == indicator.c.organisation_id) & (benefit.c.id == indicator.c.benefit_id),
    )
    .where(benefit.c.project_id == bindparam("project_id"))
    .order_by(indicator.c.id)
)
_STANDING = Query(
    select(measurement.c.id).where(
        measurement.c.id == bindparam("id"),
        measurement.c.indicator_id == bindparam("indicator_id"),
        ~_is_corrected(measurement.c),
    )
)
_ADD = outbox.insert(indicator, indicator_document)
_CHANGEABLE = ("name", "unit_of_measure", "direction", "baseline", "target", "action", "due_on")
_CHANGE = outbox.update(indicator, indicator_document, columns=_CHANGEABLE)
_MEASURE = outbox.insert(measurement, measurement_document)


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


async def is_standing(connection: Connection, measurement_id: UUID, *, indicator_id: UUID) -> bool:
    """Whether it is a measurement of the indicator that no other corrects."""
    found = await _STANDING.find(connection, id=measurement_id, indicator_id=indicator_id)
    return found is not None


async def add_indicator(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Json:
    """Insert the indicator with its event and audit row; its members."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    found: Json = json.loads(row["document"])
    return found


async def change_indicator(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any], *, expected: int
) -> Json | None:
    """Change the indicator `id`; None when it is not at revision `expected` any more."""
    new = {f"new_{name}": values[name] for name in _CHANGEABLE}
    row = await _CHANGE.find(connection, id=values["id"], expected=expected, **new, **record)
    return None if row is None else json.loads(row["document"])


async def add_measurement(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the measurement with its event and audit row."""
    row = await _MEASURE.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


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
        due_on=tuple(row["due_on"]),
    )


def measured(members: Json) -> tuple[Indicator, Measurement | None]:
    """The domain's indicator of an answer's members, and its newest measurement."""
    baseline, latest = members.get("baseline"), members.get("latest")
    found = Indicator(
        id=UUID(members["id"]),
        benefit_id=UUID(members["benefit_id"]),
        name=members["name"],
        unit_of_measure=members["unit_of_measure"],
        direction=Direction(members["direction"]),
        target=Decimal(members["target"]),
        action=members["action"],
        baseline=None if baseline is None else Decimal(baseline),
        due_on=tuple(date.fromisoformat(day) for day in members["due_on"]),
    )
    if latest is None:
        return found, None
    return found, Measurement(found.id, date.fromisoformat(latest["taken_on"]), Decimal(latest["value"]))
