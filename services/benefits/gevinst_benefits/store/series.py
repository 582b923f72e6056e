"""Series of an indicator: its measurements made into one value a period, in the database (B7)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from gevinst_benefits.domain.measuring.aggregation import Rule
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.store.measurements import is_corrected
from gevinst_benefits.tables.indicators import indicator, measurement
from gevinst_shared.db.documents import document, documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


def by_rule(
    rule: ColumnElement[Any],
    value: ColumnElement[Any],
    weight: ColumnElement[Any],
    *order: ColumnElement[Any],
) -> ColumnElement[Any]:
    """One value of several, as `domain.aggregation` has it: a missing weight leaves a weighted mean out."""
    newest = func.array_agg(aggregate_order_by(value, *order), type_=ARRAY(Numeric))[1]
    weighted = case(
        (func.count(weight) == func.count(), func.sum(value * weight) / func.sum(weight, type_=Numeric))
    )
    return case(
        (rule == Rule.SUM.value, func.sum(value)),
        (rule == Rule.MEAN.value, func.round(func.avg(value), 6)),
        (rule == Rule.WEIGHTED_MEAN.value, func.round(weighted, 6)),
        else_=newest,
    )


_by = bindparam("by", type_=Text)
_place = case(
    (func.cardinality(indicator.c.measured_in) == 0, measurement.c.unit_id.is_(None)),
    else_=measurement.c.unit_id == any_(indicator.c.measured_in),
)
_taken = (
    select(
        cast(func.date_trunc(_by, cast(measurement.c.taken_on, TIMESTAMP)), Date).label("period"),
        measurement.c.id,
        measurement.c.taken_on,
        measurement.c.value,
        measurement.c.weight,
        measurement.c.unit_id,
        indicator.c.time_rule,
        indicator.c.unit_rule,
        func.greatest(func.cardinality(indicator.c.measured_in), 1).label("places"),
    )
    .join(
        indicator,
        and_(
            indicator.c.organisation_id == measurement.c.organisation_id,
            indicator.c.id == measurement.c.indicator_id,
        ),
    )
    .where(
        measurement.c.indicator_id == bindparam("indicator_id"),
        measurement.c.taken_on >= bindparam("first_on", type_=Date),
        measurement.c.taken_on <= bindparam("last_on", type_=Date),
        _place,
        ~is_corrected(measurement.c),
    )
    .subquery("taken")
)
_of_unit = (
    select(
        _taken.c.period,
        _taken.c.unit_id,
        _taken.c.unit_rule,
        _taken.c.places,
        by_rule(
            _taken.c.time_rule, _taken.c.value, _taken.c.weight, _taken.c.taken_on.desc(), _taken.c.id.desc()
        ).label("value"),
        func.sum(_taken.c.weight).label("weight"),
        func.count().label("count"),
        func.max(_taken.c.taken_on).label("last_on"),
    )
    .group_by(_taken.c.period, _taken.c.unit_id, _taken.c.time_rule, _taken.c.unit_rule, _taken.c.places)
    .subquery("of_unit")
)
_series = (
    select(
        _of_unit.c.period,
        case(
            (_of_unit.c.places == 1, func.max(_of_unit.c.value)),
            else_=by_rule(
                _of_unit.c.unit_rule, _of_unit.c.value, _of_unit.c.weight, _of_unit.c.last_on.desc()
            ),
        ).label("value"),
        cast(func.sum(_of_unit.c.count), Integer).label("count"),
        func.max(_of_unit.c.last_on).label("last_on"),
        (func.count() == _of_unit.c.places).label("is_complete"),
    )
    .group_by(_of_unit.c.period, _of_unit.c.unit_rule, _of_unit.c.places)
    .subquery("series")
)
_ROWS = Query(select(_series).where(_series.c.is_complete).order_by(_series.c.period))
_item = document(
    period=_series.c.period,
    value=case((_series.c.is_complete, decimal_text(_series.c.value))),
    measurement_count=_series.c.count,
    last_on=_series.c.last_on,
    is_complete=_series.c.is_complete,
)
_DOCUMENT = Query(select(documents(_item, _series.c.period)).select_from(_series))


async def series_document(
    connection: Connection, indicator_id: UUID, *, first_on: date, last_on: date, by: str
) -> str:
    """The series' items as JSON; `by` is month, quarter or year, and each item begins its period."""
    text = await _DOCUMENT.value(
        connection, indicator_id=indicator_id, first_on=first_on, last_on=last_on, by=by
    )
    return str(text)


async def monthly_values(
    connection: Connection, indicator_id: UUID, *, last_on: date
) -> list[Mapping[str, Any]]:
    """`period`, `value` and `last_on` of each month in which every place was measured, in order."""
    rows = await _ROWS.rows(
        connection, indicator_id=indicator_id, first_on=date(1900, 1, 1), last_on=last_on, by="month"
    )
    return [dict(row) for row in rows]
