"""Roll-out in waves: one unit or area first, the others when operation is stable (P12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.projects import CostKind, Need
from gevinst_shared.values.refusal import Refusal


class WaveState(StrEnum):
    """A stopped wave takes nothing and costs nothing."""

    PLANNED = "planned"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wave:
    """One step of a roll-out: it begins `quarters_after` quarters after the end of the wave before (the
    first: after the project's start) and lasts `quarters`. `needs` count from its own first quarter, and
    `cost_minor`, in whole hundredths, falls evenly on its quarters.
    """

    name: str
    unit_ids: tuple[UUID, ...]
    quarters: int
    quarters_after: int = 0
    cost_minor: int | None = None
    cost_kind: CostKind = CostKind.INVESTMENT
    needs: tuple[Need, ...] = ()
    state: WaveState = WaveState.PLANNED
    stopped_because: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedWave:
    """A wave in its project: `offset` quarters after the project's start."""

    wave: Wave
    offset: int

    @property
    def end(self) -> int:
        """The first quarter after it."""
        return self.offset + self.wave.quarters


class WaveNeedsTooLong(Refusal):
    code = "wave-needs-too-long"
    title = "The wave needs more quarters than it lasts"
    detail = "The wave {name} lasts {quarters} quarter(s) and has needs for more. Let it last longer."


class LoadOnAnotherUnit(Refusal):
    code = "load-on-another-unit"
    title = "The change load falls on another unit"
    detail = (
        "The wave {name} takes change load of a unit that it does not reach. Name the unit in `unit_ids`."
    )


class WavesCostMore(Refusal):
    code = "waves-cost-more"
    title = "The waves cost more than the project"
    detail = "The waves cost {waves} together, and the whole project {cost}. Change one of them."


class NoSuchWave(Refusal):
    code = "no-such-wave"
    title = "No such wave"
    detail = "The project has {count} wave(s), and none from number {number} on is still planned."


def placed(waves: Sequence[Wave]) -> tuple[PlacedWave, ...]:
    """The waves that are still planned, each where the ones before it let it begin.

    Check: two waves of 2 quarters, the second 3 quarters after the first, have the offsets 0 and 5.
    """
    found: list[PlacedWave] = []
    offset = 0
    for wave in waves:
        offset += wave.quarters_after
        if wave.state is WaveState.PLANNED:
            found.append(PlacedWave(wave, offset))
        offset += wave.quarters
    return tuple(found)


def wave_cost(waves: Sequence[Wave]) -> int:
    """What the planned waves cost together; what is unknown adds nothing."""
    return sum(wave.cost_minor or 0 for wave in waves if wave.state is WaveState.PLANNED)


def wave_needs(waves: Sequence[Wave]) -> tuple[Need, ...]:
    """What the planned waves take, counted from the project's start.

    Check: a wave at offset 2 with the need (3, 1) gives (0, 0, 3, 1).
    """
    return tuple(
        Need(need.resource_id, (Decimal(0),) * one.offset + need.amounts)
        for one in placed(waves)
        for need in one.wave.needs
    )


def stopped(waves: Sequence[Wave], number: int, reason: str) -> tuple[Wave, ...]:
    """The roll-out when the wave `number` (from 1) and those after it are not carried out."""
    if not any(wave.state is WaveState.PLANNED for wave in waves[number - 1 :]):
        raise NoSuchWave(count=len(waves), number=number, pointer="/body/number")
    rest = [
        replace(wave, state=WaveState.STOPPED, stopped_because=reason)
        if wave.state is WaveState.PLANNED
        else wave
        for wave in waves[number - 1 :]
    ]
    return (*waves[: number - 1], *rest)


def refuse_odd_wave(wave: Wave, unit_of: Mapping[UUID, UUID | None]) -> None:
    """Refuse needs after the wave's end, and change load of a unit that the wave does not reach.

    `unit_of` has the unit of each resource that is a unit's capacity for change.
    """
    for need in wave.needs:
        if len(need.amounts) > wave.quarters:
            raise WaveNeedsTooLong(name=wave.name, quarters=wave.quarters, pointer="/body/waves")
        unit = unit_of.get(need.resource_id)
        if unit is not None and unit not in wave.unit_ids:
            raise LoadOnAnotherUnit(name=wave.name, pointer="/body/waves")
