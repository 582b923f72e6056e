"""Waves of a roll-out as planning sees them (P12)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_profiles,
    duration_in_quarters,
    need_profiles,
)
from gevinst_portfolio.domain.projects import CostKind, Need, ProjectStatus
from gevinst_portfolio.domain.waves import Wave, placed, stopped, wave_cost, wave_needs

NORTH, SOUTH = UUID(int=1), UUID(int=2)
LOAD = UUID(int=3)


def wave(quarters: int = 2, after: int = 0, cost: int | None = 100, *amounts: int) -> Wave:
    needs = (Need(LOAD, tuple(map(Decimal, amounts))),) if amounts else ()
    return Wave("W", (NORTH,), quarters, after, cost, CostKind.INVESTMENT, needs)


def test_p12_a_wave_begins_when_the_one_before_has_been_stable() -> None:
    """Check: two waves of 2 quarters, the second 3 quarters after the first, have the offsets 0 and 5."""
    assert [one.offset for one in placed([wave(), wave(after=3)])] == [0, 5]


def test_p12_the_change_load_of_a_wave_falls_in_its_own_quarters() -> None:
    needs = wave_needs([wave(2, 0, None, 4, 1), wave(1, 3, None, 6)])

    assert [tuple(map(int, need.amounts)) for need in needs] == [(4, 1), (0, 0, 0, 0, 0, 6)]


def test_p12_planning_sees_the_project_with_its_waves() -> None:
    project = ProjectFigures(
        UUID(int=9),
        "Roll-out",
        ProjectStatus.PROPOSED,
        start=date(2027, 1, 1),
        end=date(2027, 6, 30),
        cost_minor=500,
        needs=(Need(LOAD, (Decimal(1),)),),
        waves=(wave(2, 0, 100, 4), wave(1, 3, 100, 6)),
    )

    duration = duration_in_quarters(project)

    assert duration == 6
    # 300 of the project's own over 6 quarters, and 100 for each wave.
    assert cost_profiles(project, duration) == {CostKind.INVESTMENT: (100, 100, 50, 50, 50, 150)}
    assert need_profiles(project) == {LOAD: tuple(map(Decimal, (5, 0, 0, 0, 0, 6)))}


def test_p12_stopped_waves_take_and_cost_nothing() -> None:
    rest = stopped([wave(), wave(after=3)], 2, "Not stable")

    assert wave_cost(rest) == 100
    assert [one.offset for one in placed(rest)] == [0]
    assert rest[1].stopped_because == "Not stable"


@given(st.lists(st.builds(wave, st.integers(1, 4), st.integers(0, 3), st.integers(0, 999)), max_size=5))
def test_p12_waves_follow_each_other_and_lose_no_money(waves: list[Wave]) -> None:
    project = ProjectFigures(
        UUID(int=9), "R", ProjectStatus.PROPOSED, start=date(2027, 1, 1), cost_minor=5000, waves=tuple(waves)
    )

    places = placed(waves)

    assert all(before.end <= after.offset for before, after in pairwise(places))
    if waves:
        duration = duration_in_quarters(project)
        assert duration is not None
        assert sum(sum(profile) for profile in cost_profiles(project, duration).values()) == 5000
