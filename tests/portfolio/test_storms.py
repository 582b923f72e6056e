"""Where a start plan asks for more than there is, and by whom (P3, P4)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.capacity import (
    CarryChoice,
    Load,
    Resource,
    ResourceKind,
    RollOver,
    Share,
)
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostKind, CostOfYear, Need, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.storms import Placed, coming_storms, unstated_changes, years_of_spending

FIRST = Quarter.read("2027-Q1")
UNIT, CHANGE = UUID(int=800), UUID(int=900)
HEALTH = Resource(CHANGE, "Change in health", ResourceKind.CHANGE_LOAD, "points", {FIRST: 4.0}, UNIT)
INVESTMENT = CostKind.INVESTMENT


def project(number: int, **members: Any) -> ProjectFigures:
    said: dict[str, Any] = {"status": ProjectStatus.PROPOSED, **members}
    return ProjectFigures(UUID(int=number), f"P{number}", **said)


def spent(number: int, *amounts: int, status: ProjectStatus = ProjectStatus.APPROVED) -> Placed:
    costs = tuple(CostOfYear(2027 + at, INVESTMENT, Decimal(amount)) for at, amount in enumerate(amounts))
    one = project(number, status=status, start=date(2027, 1, 1), cost_by_year=costs)
    return Placed(one, FIRST)


def test_money_that_rolls_on_is_there_the_year_after() -> None:
    """The example of `years_of_spending`."""
    budget = {(2027, INVESTMENT): 10_000, (2028, INVESTMENT): 10_000}
    placed = [spent(1, 60, 150)]

    lapsed = years_of_spending(budget, RollOver(), placed)
    pooled = years_of_spending(budget, RollOver(CarryChoice.POOL), placed)
    capped = years_of_spending(budget, RollOver(CarryChoice.CAPPED, 1_000), placed)

    assert [year.overload for year in lapsed] == [0, 5_000]
    assert [(year.carried, year.overload) for year in pooled] == [(0, 0), (4_000, 1_000)]
    assert [(year.carried, year.overload) for year in capped] == [(0, 0), (1_000, 4_000)]


def test_a_moved_project_spends_later_and_a_whole_cost_without_length_at_its_start() -> None:
    moved = Placed(spent(1, 60).project, FIRST.plus(6))
    whole = Placed(project(2, cost_minor=500), FIRST)

    years = years_of_spending({}, RollOver(), [moved, whole])

    assert [(year.year, year.load) for year in years] == [(2027, 500), (2028, 3_000), (2029, 3_000)]
    assert all(year.budget is None and not year.overload for year in years)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=6), st.integers(-8, 8))
def test_no_hundredth_is_lost_when_a_project_moves(amounts: list[int], quarters: int) -> None:
    placed = spent(1, *amounts)

    years = years_of_spending({}, RollOver(), [Placed(placed.project, FIRST.plus(quarters))])

    assert sum(year.load for year in years) == 100 * sum(amounts)


def test_storms_are_told_soonest_first_with_their_biggest_causes() -> None:
    shares = tuple(
        Share(UUID(int=number), f"P{number}", amount, status)
        for number, amount, status in (
            (1, 3.0, ProjectStatus.RUNNING),
            (2, 2.0, ProjectStatus.PROPOSED),
            (3, 1.0, ProjectStatus.PROPOSED),
            (4, 0.5, ProjectStatus.PROPOSED),
        )
    )
    loads = [Load(FIRST.plus(at), 4.0, 6.5, shares) for at in (-1, 1)]
    years = years_of_spending({(2027, INVESTMENT): 1_000}, RollOver(), [spent(9, 20)])

    found = coming_storms([(HEALTH, loads)], years, since=FIRST)

    assert [(storm.begins, storm.overload, storm.is_decided, storm.causes) for storm in found] == [
        (FIRST, 1_000, True, ("P9",)),
        (FIRST.plus(1), 2.5, False, ("P1", "P2", "P3")),
    ]


def test_a_project_that_changes_several_units_says_what_it_takes_of_each() -> None:
    """P4: change load falls on the receiving units; silence about one of them is shown."""
    school = Resource(
        UUID(int=901), "Change in schools", ResourceKind.CHANGE_LOAD, "points", {}, UUID(int=801)
    )
    needs = (Need(CHANGE, (Decimal(1),)),)
    half = project(1, receiving_unit_ids=(UNIT, UUID(int=801), UUID(int=802)), needs=needs)

    (found,) = unstated_changes([half], [HEALTH, school])

    assert (found.project.id, found.resource.name) == (UUID(int=1), "Change in schools")
