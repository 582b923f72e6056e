"""Measurements in the database: one by one, many at once, and as series."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    column,
    exists,
    func,
    insert,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, distinct_on

from gevinst_benefits.domain.measuring.indicators import Measurement
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.indicators import measurement
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def is_corrected(c: Columns) -> ColumnElement[bool]:
    """Whether a later entry takes this one's place."""
    later = measurement.alias("later")
    mine = (later.c.organisation_id == c.organisation_id, later.c.corrects_id == c.id)
    return exists(select(1).where(*mine))


def newest_standing(indicator_id: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Select[Any]:
    """The newest measurement of an indicator that stands and meets the conditions, for a look at many.

    Of the organisation that the transaction is bound to: to name it again would have its partition looked for
    in every row.
    """
    later = measurement.alias("later")
    is_corrected_here = exists(select(1).where(later.c.corrects_id == measurement.c.id))
    return (
        select(measurement.c.taken_on, measurement.c.value, measurement.c.weight)
        .where(measurement.c.indicator_id == indicator_id, *conditions, ~is_corrected_here)
        .order_by(measurement.c.taken_on.desc(), measurement.c.id.desc())
        .limit(literal_column("1"))
        .correlate_except(measurement, later)
    )


def newest_readings(c: Columns) -> ColumnElement[Any]:
    """The newest measurement that stands in each place of an indicator (its units, or the whole)."""
    whole = func.array_fill(cast(None, Uuid), cast([1], ARRAY(Integer)), type_=ARRAY(Uuid))
    places = func.coalesce(func.nullif(c.measured_in, cast([], ARRAY(Uuid))), whole, type_=ARRAY(Uuid))
    place = func.unnest(places).table_valued(column("unit_id", Uuid)).render_derived(name="place")
    taken = measurement.alias("taken")
    newest = (
        select(taken.c.id, taken.c.taken_on, taken.c.value, taken.c.unit_id, taken.c.weight)
        .where(
            taken.c.organisation_id == c.organisation_id,
            taken.c.indicator_id == c.id,
            taken.c.unit_id.is_not_distinct_from(place.c.unit_id),
            ~is_corrected(taken.c),
        )
        .order_by(taken.c.taken_on.desc(), taken.c.id.desc())
        .limit(1)
        .correlate_except(taken)
        .lateral("newest")
    )
    found = document(
        id=newest.c.id,
        taken_on=newest.c.taken_on,
        value=decimal_text(newest.c.value),
        unit_id=newest.c.unit_id,
        weight=decimal_text(newest.c.weight),
    )
    ordered = aggregate_order_by(found, newest.c.taken_on, newest.c.id)
    return select(func.json_agg(ordered)).select_from(place).join(newest, true()).scalar_subquery()


def measurement_document(c: Columns) -> ColumnElement[Any]:
    """`MeasurementOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        indicator_id=c.indicator_id,
        taken_on=c.taken_on,
        value=decimal_text(c.value),
        unit_id=c.unit_id,
        weight=decimal_text(c.weight),
        source=c.source,
        corrects_id=c.corrects_id,
        reason=c.reason,
        is_corrected=is_corrected(c),
        measured_by=c.measured_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


MEASUREMENTS = Listing(
    measurement,
    measurement_document,
    filters={"indicator": measurement.c.indicator_id},
    sorts={"day": measurement.c.taken_on},
)
_of_indicator = (measurement.c.indicator_id == bindparam("indicator_id"), ~is_corrected(measurement.c))
_STANDING = Query(select(measurement).where(measurement.c.id == bindparam("id"), *_of_indicator))
_FIRST_DAY = Query(select(func.min(measurement.c.taken_on)).where(*_of_indicator))
_indicator_ids: Any = bindparam("indicator_ids", type_=ARRAY(Uuid))
_days: Any = bindparam("days", type_=ARRAY(Date))
_AT = Query(
    select(measurement).where(
        measurement.c.indicator_id == any_(_indicator_ids),
        measurement.c.taken_on == any_(_days),
        ~is_corrected(measurement.c),
    )
)
_NEWEST_UNTIL = Query(
    select(measurement)
    .where(measurement.c.taken_on <= bindparam("until", type_=Date), *_of_indicator)
    .order_by(measurement.c.unit_id, measurement.c.taken_on.desc(), measurement.c.id.desc())
    .ext(distinct_on(measurement.c.unit_id))
)
_NEWEST_DAYS = Query(
    select(
        measurement.c.indicator_id,
        measurement.c.unit_id,
        func.max(measurement.c.taken_on).label("taken_on"),
    )
    .where(measurement.c.indicator_id == any_(_indicator_ids), ~is_corrected(measurement.c))
    .group_by(measurement.c.indicator_id, measurement.c.unit_id)
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_NAMED = Query(select(measurement).where(measurement.c.id == any_(_ids), *_of_indicator))
_RECORD = outbox.record()
_MEASURE = outbox.insert(measurement, measurement_document)
_COLUMNS = {
    "id": Uuid,
    "indicator_id": Uuid,
    "taken_on": Date,
    "value": Numeric,
    "unit_id": Uuid,
    "weight": Numeric,
    "source": Text,
    "corrects_id": Uuid,
    "reason": Text,
}
_rows = (
    func.unnest(*(bindparam(f"{name}_of_each", type_=ARRAY(kind)) for name, kind in _COLUMNS.items()))
    .table_valued(*_COLUMNS, name="each_row")
    .render_derived()
)
_ADD_MANY = Query(
    insert(measurement).from_select(
        ["organisation_id", *_COLUMNS, "measured_by", "created_at"],
        select(
            bindparam("organisation_id", type_=Text),
            *(cast(_rows.c[name], kind) for name, kind in _COLUMNS.items()),
            bindparam("measured_by", type_=Text),
            bindparam("created_at", type_=measurement.c.created_at.type),
        ),
    )
)


async def find_standing(
    connection: Connection, measurement_id: UUID, *, indicator_id: UUID
) -> Mapping[str, Any] | None:
    """The indicator's measurement by column, unless another corrects it."""
    row = await _STANDING.find(connection, id=measurement_id, indicator_id=indicator_id)
    return None if row is None else dict(row)


async def first_day(connection: Connection, indicator_id: UUID) -> date | None:
    """The day of the indicator's first measurement that stands."""
    found: date | None = await _FIRST_DAY.value(connection, indicator_id=indicator_id)
    return found


async def newest_until(connection: Connection, indicator_id: UUID, until: date) -> list[Measurement]:
    """The newest measurement that stands of each place, up to and with a day."""
    rows = await _NEWEST_UNTIL.rows(connection, indicator_id=indicator_id, until=until)
    return [
        Measurement(indicator_id, row["taken_on"], row["value"], row["unit_id"], row["weight"])
        for row in rows
    ]


async def newest_days(
    connection: Connection, indicator_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID | None, date]]:
    """By indicator the last day on which each of its places was measured."""
    found: dict[UUID, dict[UUID | None, date]] = {}
    for row in await _NEWEST_DAYS.rows(connection, indicator_ids=list(indicator_ids)):
        found.setdefault(row["indicator_id"], {})[row["unit_id"]] = row["taken_on"]
    return found


async def list_standing(
    connection: Connection, indicator_ids: Sequence[UUID], days: Sequence[date]
) -> list[Mapping[str, Any]]:
    """The measurements that stand of these indicators on these days, by column."""
    rows = await _AT.rows(connection, indicator_ids=list(indicator_ids), days=list(days))
    return [dict(row) for row in rows]


async def list_named(
    connection: Connection, indicator_id: UUID, measurement_ids: Sequence[UUID]
) -> list[Mapping[str, Any]]:
    """Those of the measurements that are the indicator's and stand, by column."""
    rows = await _NAMED.rows(connection, indicator_id=indicator_id, ids=list(measurement_ids))
    return [dict(row) for row in rows]


async def add_measurement(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the measurement with its event and audit row."""
    row = await _MEASURE.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def add_many(connection: Connection, rows: Sequence[Mapping[str, Any]], **common: Any) -> None:
    """Insert measurements in one statement; `common` are the columns that all have alike."""
    each = {f"{name}_of_each": [row[name] for row in rows] for name in _COLUMNS}
    await _ADD_MANY.run(connection, **each, **common)


async def record_many(connection: Connection, records: Sequence[dict[str, Any]]) -> None:
    """The events and audit rows of what was written; `before` and `after` are JSON."""
    await _RECORD.run_many(connection, records)


def readings_from(members: Mapping[str, Any]) -> list[Measurement]:
    """The newest measurements in an indicator's members, one for each place, in the order of their days."""
    return [
        Measurement(
            indicator_id=UUID(members["id"]),
            taken_on=date.fromisoformat(one["taken_on"]),
            value=Decimal(one["value"]),
            unit_id=None if "unit_id" not in one else UUID(one["unit_id"]),
            weight=None if "weight" not in one else Decimal(one["weight"]),
        )
        for one in members.get("readings", [])
    ]
