"""Files of measurements: seen as what they would record, and then recorded all or not at all."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gevinst_benefits.domain.measurement_files.rows import CellFault, cell_name
from gevinst_benefits.domain.measuring.indicators import Indicator
from gevinst_benefits.domain.measuring.readings import Reading
from gevinst_shared.values.refusal import Refusal

_COLUMN_OF_MEMBER = {
    "taken_on": "day",
    "value": "value",
    "unit_id": "unit",
    "weight": "weight",
    "reason": "reason",
}


class FileHasFaults(Refusal):
    code = "measurement-file-has-faults"
    title = "Some cells cannot be taken"
    detail = "{count} cell(s) of the file cannot be taken, so nothing was. Correct those of its preview."


class NotWhatWasSeen(Refusal):
    code = "measurement-file-not-as-seen"
    title = "Not what you saw any more"
    detail = "The file would record other things than its preview showed. Look at its preview again."


class NothingToRecord(Refusal):
    code = "measurement-file-records-nothing"
    title = "The file records nothing"
    detail = "What the file says is on record already."


class IndicatorNotKnown(Refusal):
    code = "measurement-cell-indicator-unknown"
    title = "The indicator is not known"
    detail = "{indicator} is no indicator of yours, or not of this project."


class NotYoursToMeasure(Refusal):
    code = "measurement-cell-not-yours"
    title = "Not yours to measure"
    detail = "You hold no role that records measurements of {indicator}."


class EffectEnded(Refusal):
    code = "measurement-cell-benefit-ended"
    title = "The benefit is no longer open"
    detail = "The benefit of {indicator} is {state}; it is not measured any more."


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file comes to. `new` are the readings that it would record, by indicator."""

    rows_read: int
    new: tuple[tuple[Indicator, tuple[Reading, ...]], ...]
    unchanged_count: int
    faults: tuple[CellFault, ...]

    @property
    def new_count(self) -> int:
        return sum(len(readings) for _, readings in self.new)

    @property
    def corrected_count(self) -> int:
        return sum(reading.corrects_id is not None for _, readings in self.new for reading in readings)

    @property
    def digest(self) -> str:
        """The same for the same readings and corrections: what was seen is what is recorded."""
        told = [
            f"{known.id} {reading.taken_on} {reading.unit_id} {reading.source!r} {reading.value}"
            f" {reading.weight} {reading.corrects_id} {reading.reason!r}"
            for known, readings in self.new
            for reading in readings
        ]
        return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()


def faults_in_cells(faults: Sequence[Refusal], columns: Mapping[str, int]) -> list[CellFault]:
    """The faults of a review whose pointers are `row/member`, each at its cell."""
    found = []
    for fault in faults:
        row, _, member = (fault.pointer or "1").partition("/")
        column = _COLUMN_OF_MEMBER.get(member, "value")
        place = columns.get(column, columns["indicator"])
        found.append(CellFault(cell_name(place, int(row)), fault))
    return found


def in_order(faults: Sequence[CellFault]) -> tuple[CellFault, ...]:
    """Faults from top to bottom, and from left to right within a row."""
    return tuple(sorted(faults, key=lambda one: _place(one.cell)))


def _place(cell: str) -> tuple[int, int, str]:
    letters = cell.rstrip("0123456789")
    return int(cell[len(letters) :]), len(letters), letters
