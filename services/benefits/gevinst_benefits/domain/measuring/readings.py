"""What somebody measured, one by one or many at once, against what is recorded already (B6, E1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.aggregation import refuse_without_weight
from gevinst_benefits.domain.measuring.indicators import Indicator
from gevinst_benefits.domain.measuring.measuring import (
    CorrectionWithoutReason,
    MeasuredAlready,
    MeasuredElsewhere,
    MeasuredInFuture,
    NotCorrectable,
)
from gevinst_benefits.domain.units_of_measure import refuse_odd_value
from gevinst_shared.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement as it is taken; `corrects_id` is the entry that it replaces.

    `weight` is what stands behind the value; `source` the system or file that it came from.
    """

    taken_on: date
    value: Decimal
    corrects_id: UUID | None = None
    reason: str | None = None
    unit_id: UUID | None = None
    weight: Decimal | None = None
    source: str | None = None

    @property
    def place(self) -> tuple[date, UUID | None, str | None]:
        """What is measured once: a day, a unit and a source."""
        return self.taken_on, self.unit_id, self.source


@dataclass(frozen=True, slots=True)
class Standing:
    """A measurement on record that no other corrects."""

    id: UUID
    reading: Reading


@dataclass(frozen=True, slots=True)
class Reviewed:
    """`new` are to be recorded, by their place in the request; `faults` are refused, each with a pointer."""

    new: tuple[tuple[int, Reading], ...]
    unchanged_count: int
    faults: tuple[Refusal, ...]


def refuse_odd_reading(indicator: Indicator, reading: Reading, *, today: date, pointer: str) -> None:
    """Refuse what cannot be a measurement of the indicator, whatever is on record; `pointer` is its place."""
    if reading.taken_on > today:
        raise MeasuredInFuture(day=reading.taken_on, pointer=f"{pointer}/taken_on")
    if reading.unit_id not in indicator.places:
        units = ", ".join(map(str, indicator.measured_in[:20])) or "none, it is measured for the whole"
        raise MeasuredElsewhere(units=units, pointer=f"{pointer}/unit_id")
    refuse_odd_value(indicator.unit_of_measure, reading.value, pointer=f"{pointer}/value")
    refuse_without_weight(indicator.aggregation, reading.weight, pointer=f"{pointer}/weight")
    if reading.corrects_id is not None and not (reading.reason or "").strip():
        raise CorrectionWithoutReason(pointer=f"{pointer}/reason")


def refuse_second(reading: Reading, standing: Sequence[Standing], *, pointer: str) -> None:
    """Refuse to measure a place twice, but to correct it; `standing` are the entries of that day."""
    for one in standing:
        if one.reading.place == reading.place and one.id != reading.corrects_id:
            raise MeasuredAlready(
                day=reading.taken_on,
                value=decimal_text(one.reading.value),
                measurement=one.id,
                pointer=pointer,
            )


def review(
    indicator: Indicator,
    readings: Sequence[tuple[str, Reading]],
    standing: Sequence[Standing],
    *,
    today: date,
) -> Reviewed:
    """Which readings are new, and which cannot be taken; each comes with the pointer to it.

    A reading that is on record already, value and weight alike, is recognised as the same. Another value at
    the same place is a correction when it says why, and refused when it does not. `standing` are the entries
    on the readings' days, and those that they correct.
    """
    by_id = {one.id: one for one in standing}
    by_place = {one.reading.place: one for one in standing}
    new: list[tuple[int, Reading]] = []
    faults: list[Refusal] = []
    unchanged = 0
    seen: dict[tuple[date, UUID | None, str | None], Reading] = {}
    for number, (pointer, reading) in enumerate(readings):
        try:
            refuse_odd_reading(indicator, reading, today=today, pointer=pointer)
            if _is_same(reading, seen.get(reading.place)) or _is_same(reading, _at(by_place, reading)):
                unchanged += 1
                continue
            taken = _corrected(reading, by_id, by_place, pointer=pointer)
            _refuse_twice(taken, seen, by_id, pointer=pointer)
        except Refusal as fault:
            faults.append(fault)
            continue
        seen[reading.place] = taken
        if taken.corrects_id is not None:
            by_id.pop(taken.corrects_id)
        new.append((number, taken))
    return Reviewed(tuple(new), unchanged, tuple(faults))


def _at(
    by_place: Mapping[tuple[date, UUID | None, str | None], Standing], reading: Reading
) -> Reading | None:
    found = by_place.get(reading.place)
    return None if found is None or reading.corrects_id is not None else found.reading


def _is_same(one: Reading, other: Reading | None) -> bool:
    return other is not None and (one.value, one.weight) == (other.value, other.weight)


def _corrected(
    reading: Reading,
    by_id: Mapping[UUID, Standing],
    by_place: Mapping[tuple[date, UUID | None, str | None], Standing],
    *,
    pointer: str,
) -> Reading:
    """The reading with the entry that it corrects, if it corrects one."""
    if reading.corrects_id is not None:
        if reading.corrects_id not in by_id:
            raise NotCorrectable(measurement=reading.corrects_id, pointer=f"{pointer}/corrects_id")
        there = by_place.get(reading.place)
        if there is not None:
            refuse_second(reading, [there], pointer=pointer)
        return reading
    there = by_place.get(reading.place)
    if there is None:
        return reading
    if not (reading.reason or "").strip():
        refuse_second(reading, [there], pointer=pointer)
    return replace(reading, corrects_id=there.id)


def _refuse_twice(
    taken: Reading,
    seen: Mapping[tuple[date, UUID | None, str | None], Reading],
    by_id: Mapping[UUID, Standing],
    *,
    pointer: str,
) -> None:
    """Refuse a second value for one place, and a second correction of one entry, within the request."""
    other = seen.get(taken.place)
    if other is not None:
        raise MeasuredAlready(
            day=taken.taken_on,
            value=decimal_text(other.value),
            measurement=other.corrects_id or "the row before",
            pointer=pointer,
        )
    if taken.corrects_id is not None and taken.corrects_id not in by_id:
        raise NotCorrectable(measurement=taken.corrects_id, pointer=f"{pointer}/corrects_id")
