"""Measurements of many indicators out of one file: previewed, then recorded all or not at all (B6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.measurement_files.reading import Sheet
from gevinst_benefits.domain.measurement_files.rows import CellFault, FileRow, FileRows, cell_name, rows_of
from gevinst_benefits.domain.measurement_files.uploads import (
    EffectEnded,
    FileHasFaults,
    IndicatorNotKnown,
    NothingToRecord,
    NotWhatWasSeen,
    NotYoursToMeasure,
    Preview,
    faults_in_cells,
    in_order,
)
from gevinst_benefits.domain.measuring.indicators import Indicator
from gevinst_benefits.domain.measuring.readings import Reading, Standing, review
from gevinst_benefits.domain.permissions import MEASURE
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.store import measurements
from gevinst_benefits.store.indicators import indicator_from
from gevinst_benefits.store.measured_places import hold_placed, place_of
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases.measuring import keep_readings, standing_from
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class _Found:
    preview: Preview
    standing: Sequence[Standing]


async def preview_of(work: Work, sheet: Sheet, *, project_id: UUID | None) -> Preview:
    """What the file would record, and every cell that cannot be taken. Nothing is changed by it."""
    return (await _review(work, rows_of(sheet), project_id)).preview


async def record_file(work: Work, sheet: Sheet, *, project_id: UUID | None, seen: str) -> Preview:
    """Record what the file says: all of it, and only what its preview of digest `seen` showed."""
    found = await _review(work, rows_of(sheet), project_id)
    preview = found.preview
    if preview.faults:
        raise FileHasFaults(count=len(preview.faults))
    if not preview.new_count:
        raise NothingToRecord
    if preview.digest != seen:
        raise NotWhatWasSeen
    await keep_readings(work, preview.new, found.standing)
    return preview


async def _review(work: Work, file: FileRows, project_id: UUID | None) -> _Found:
    if project_id is not None:
        await get_project(work.connection, project_id)
    rows = await hold_placed(work.connection, sorted({row.indicator_id for row in file.rows}))
    faults = list(file.faults)
    of_each: dict[UUID, list[FileRow]] = defaultdict(list)
    for row in file.rows:
        refusal = _refusal(work, row, rows.get(row.indicator_id), project_id)
        if refusal is None:
            of_each[row.indicator_id].append(row)
        else:
            faults.append(CellFault(cell_name(file.columns["indicator"], row.number), refusal))
    standing = await _standing(work, of_each)
    new: list[tuple[Indicator, tuple[Reading, ...]]] = []
    unchanged = 0
    for indicator_id, its_rows in of_each.items():
        known = indicator_from(rows[indicator_id])
        told = [(str(row.number), row.reading) for row in its_rows]
        reviewed = review(known, told, standing.get(indicator_id, ()), today=work.today)
        faults += faults_in_cells(reviewed.faults, file.columns)
        unchanged += reviewed.unchanged_count
        new.append((known, tuple(reading for _, reading in reviewed.new)))
    preview = Preview(file.rows_read, tuple(new), unchanged, in_order(faults))
    return _Found(preview, [one for several in standing.values() for one in several])


async def _standing(
    work: Work, of_each: Mapping[UUID, Sequence[FileRow]]
) -> Mapping[UUID, Sequence[Standing]]:
    days = sorted({row.reading.taken_on for rows in of_each.values() for row in rows})
    found: dict[UUID, list[Standing]] = defaultdict(list)
    for row in await measurements.list_standing(work.connection, list(of_each), days):
        found[row["indicator_id"]].append(standing_from(row))
    return found


def _refusal(
    work: Work, row: FileRow, known: Mapping[str, Any] | None, project_id: UUID | None
) -> Refusal | None:
    """Why the row's indicator cannot be measured by this caller."""
    if known is None or project_id not in (None, known["project_id"]):
        return IndicatorNotKnown(indicator=row.indicator_id)
    if not work.actor.holds(MEASURE.roles, place=place_of(known), today=work.today):
        return NotYoursToMeasure(indicator=row.indicator_id)
    if known["state"] in {BenefitState.CLOSED, BenefitState.MOVED}:
        return EffectEnded(indicator=row.indicator_id, state=known["state"])
    return None
