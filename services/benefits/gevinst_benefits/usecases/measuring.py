"""Measuring indicators: one by one, or many at once (B6, E1)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.indicators import Indicator, first_unmet
from gevinst_benefits.domain.measuring.measuring import NotCorrectable, RowsRefused
from gevinst_benefits.domain.measuring.readings import (
    Reading,
    Standing,
    refuse_odd_reading,
    refuse_second,
    review,
)
from gevinst_benefits.domain.permissions import MEASURE
from gevinst_benefits.events.indicators import IndicatorMeasured, MeasurementsRecorded
from gevinst_benefits.store import indicators, measurements
from gevinst_benefits.store.alarms import look_at_curves
from gevinst_benefits.usecases.indicating import require_open
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of many readings."""

    recorded_count: int
    corrected_count: int
    unchanged_count: int


async def measure(work: Work, indicator_id: UUID, reading: Reading) -> tuple[UUID, Stored]:
    """Record a measurement, or a correction of one; its id and record."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    await require_open(work, MEASURE, row["benefit_id"])
    known = indicators.indicator_from(row)
    refuse_odd_reading(known, reading, today=work.today, pointer="/body")
    await _refuse_odd_correction(work, indicator_id, reading)
    there = await measurements.list_standing(work.connection, [indicator_id], [reading.taken_on])
    refuse_second(reading, [standing_from(one) for one in there], pointer="/body/taken_on")
    measurement_id = new_id()
    values = columns_of(measurement_id, indicator_id, reading) | {
        "measured_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = IndicatorMeasured(
        indicator_id=indicator_id,
        benefit_id=row["benefit_id"],
        measurement_id=measurement_id,
        taken_on=reading.taken_on,
        value=reading.value,
        corrects_id=reading.corrects_id,
        next_due_on=await _next_due(work, known, reading),
    )
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id), reason=reading.reason)
    stored = await measurements.add_measurement(work.connection, values, record)
    await look_at_curves(work, [indicator_id])
    return measurement_id, stored


async def measure_many(work: Work, indicator_id: UUID, readings: Sequence[Reading]) -> Recorded:
    """Record all of the readings, or none: `RowsRefused` names each that cannot be taken."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    await require_open(work, MEASURE, row["benefit_id"])
    known = indicators.indicator_from(row)
    standing = await _standing(work, indicator_id, readings)
    told = [(f"/body/measurements/{number}", reading) for number, reading in enumerate(readings)]
    reviewed = review(known, told, standing, today=work.today)
    if reviewed.faults:
        raise RowsRefused(faults=reviewed.faults, rows=len(readings))
    new = [reading for _, reading in reviewed.new]
    await keep_readings(work, [(known, new)], standing)
    corrected = sum(reading.corrects_id is not None for reading in new)
    return Recorded(len(new), corrected, reviewed.unchanged_count)


async def keep_readings(
    work: Work, of_each: Sequence[tuple[Indicator, Sequence[Reading]]], standing: Sequence[Standing]
) -> None:
    """Append the readings of several indicators, each indicator with one event and one audit row (E1)."""
    was = {one.id: one.reading for one in standing}
    rows: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    filled = [(known, readings) for known, readings in of_each if readings]
    days = await measurements.newest_days(work.connection, [known.id for known, _ in filled])
    for known, readings in filled:
        new = [columns_of(new_id(), known.id, reading) for reading in readings]
        rows += new
        next_due_on = first_unmet(known, _with(days.get(known.id, {}), readings))
        records.append(_record(work, known, readings, new, (was, next_due_on)))
    if rows:
        await measurements.add_many(
            work.connection,
            rows,
            organisation_id=work.organisation,
            measured_by=work.actor.subject,
            created_at=work.now,
        )
        await measurements.record_many(work.connection, records)
        await look_at_curves(work, [known.id for known, _ in filled])


def columns_of(measurement_id: UUID, indicator_id: UUID, reading: Reading) -> dict[str, Any]:
    """The reading as a row of its own."""
    return {
        "id": measurement_id,
        "indicator_id": indicator_id,
        "taken_on": reading.taken_on,
        "value": reading.value,
        "unit_id": reading.unit_id,
        "weight": reading.weight,
        "source": reading.source,
        "corrects_id": reading.corrects_id,
        "reason": reading.reason,
    }


def standing_from(row: Mapping[str, Any]) -> Standing:
    """The domain's measurement of a row."""
    reading = Reading(
        taken_on=row["taken_on"],
        value=row["value"],
        corrects_id=row["corrects_id"],
        reason=row["reason"],
        unit_id=row["unit_id"],
        weight=row["weight"],
        source=row["source"],
    )
    return Standing(row["id"], reading)


async def _standing(work: Work, indicator_id: UUID, readings: Sequence[Reading]) -> list[Standing]:
    days = sorted({reading.taken_on for reading in readings})
    there = await measurements.list_standing(work.connection, [indicator_id], days)
    named = [reading.corrects_id for reading in readings if reading.corrects_id is not None]
    named_rows = await measurements.list_named(work.connection, indicator_id, named) if named else []
    found = {row["id"]: row for row in (*there, *named_rows)}
    return [standing_from(row) for row in found.values()]


async def _refuse_odd_correction(work: Work, indicator_id: UUID, reading: Reading) -> None:
    if reading.corrects_id is None:
        return
    found = await measurements.find_standing(work.connection, reading.corrects_id, indicator_id=indicator_id)
    if found is None:
        raise NotCorrectable(measurement=reading.corrects_id, pointer="/body/corrects_id")


def _record(
    work: Work,
    known: Indicator,
    readings: Sequence[Reading],
    new: Sequence[Mapping[str, Any]],
    before_and_next: tuple[Mapping[UUID, Reading], date | None],
) -> dict[str, Any]:
    was, next_due_on = before_and_next
    corrected = [reading.corrects_id for reading in readings if reading.corrects_id is not None]
    fact = MeasurementsRecorded(
        indicator_id=known.id,
        benefit_id=known.benefit_id,
        count=len(readings),
        corrected_count=len(corrected),
        first_on=min(reading.taken_on for reading in readings),
        last_on=max(reading.taken_on for reading in readings),
        next_due_on=next_due_on,
    )
    before = [_told(entry, was[entry]) for entry in corrected]
    after = [_told(row["id"], reading) for row, reading in zip(new, readings, strict=True)]
    return {
        **recorded(work, fact, subject=subject_of("indicators", known.id)),
        "before": RawJson(json.dumps(before)) if before else None,
        "after": RawJson(json.dumps(after)),
    }


async def _next_due(work: Work, known: Indicator, reading: Reading) -> date | None:
    """The first due day that is not met with the reading."""
    if not known.due_on:
        return None
    newest = await measurements.newest_days(work.connection, [known.id])
    return first_unmet(known, _with(newest.get(known.id, {}), [reading]))


def _with(newest: Mapping[UUID | None, date], readings: Sequence[Reading]) -> Mapping[UUID | None, date]:
    found = dict(newest)
    for reading in readings:
        found[reading.unit_id] = max(reading.taken_on, found.get(reading.unit_id, date.min))
    return found


def _told(measurement_id: UUID, reading: Reading) -> dict[str, str]:
    told = {
        "id": str(measurement_id),
        "taken_on": reading.taken_on.isoformat(),
        "value": decimal_text(reading.value),
        "unit_id": None if reading.unit_id is None else str(reading.unit_id),
        "corrects_id": None if reading.corrects_id is None else str(reading.corrects_id),
        "reason": reading.reason,
    }
    return {name: one for name, one in told.items() if one is not None}
