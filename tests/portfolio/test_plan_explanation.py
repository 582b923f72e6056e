"""P7: what would bring a project in, by hand, and against every change of small problems."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest

from gevinst_portfolio.domain.optimiser.change import (
    Addition,
    Change,
    Relaxation,
    apply_change,
    hold_in,
    hold_out,
)
from gevinst_portfolio.domain.optimiser.check import Rule, check_plan
from gevinst_portfolio.domain.optimiser.elastic import Lever, prices_by_share
from gevinst_portfolio.domain.optimiser.explanation import Doubt, Explanation, WhyOut, explain
from gevinst_portfolio.domain.optimiser.need import needed_additions, smallest_step
from gevinst_portfolio.domain.optimiser.problem import Budget, Carry, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.remedy import Remedy, smaller_changes
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import best_by_brute_force, tiny_problem

MONEY, PEOPLE = frozenset({Lever.MONEY}), frozenset({Lever.PEOPLE})


def school_or_road(*, budget: int = 10) -> Problem:
    """A school that costs 8 and is worth 20, and a road that costs 6 and is worth 9."""
    return Problem(
        name="school or road",
        periods=1,
        projects=(
            Project("school", "School", 1, (20,), cost={"money": (8,)}, demand={"builders": (1,)}),
            Project("road", "Road", 1, (9,), cost={"money": (6,)}, demand={"builders": (1,)}),
        ),
        budgets=(Budget("money", "Money", (budget,)),),
        resources=(Resource("builders", "Builders", "role", (2,)),),
    )


def explained(problem: Problem) -> Explanation:
    return explain(problem, solve(problem))


def only(problem: Problem) -> WhyOut:
    (found,) = explained(problem).left_out
    return found


def by_levers(found: WhyOut) -> dict[frozenset[Lever], Remedy]:
    return {remedy.levers: remedy for remedy in found.remedies}


def test_what_is_missing_is_the_cheapest_change() -> None:
    found = only(school_or_road())

    cheapest = found.remedies[0]
    # 14 is needed and 10 is there; today the road takes the place of the school and 20 - 9 is lost.
    assert cheapest.change == Change((Addition(Rule.BUDGET, "money", 0, 4),))
    assert (cheapest.is_enough, cheapest.is_least, cheapest.is_cheapest) == (True, True, True)
    assert cheapest.cost == pytest.approx(4 / 10)
    assert (found.project, found.price, found.doubt) == ("road", 11, None)


def test_leaving_out_another_brings_it_in_as_well() -> None:
    found = by_levers(only(school_or_road()))

    assert found[frozenset({Lever.LEAVING_OUT})].change == Change(without=("school",))
    # The sum of what is chosen is then 9 and not 20.
    assert found[frozenset({Lever.LEAVING_OUT})].gain == -11


def test_an_amount_that_others_would_make_more_of_is_not_enough() -> None:
    # With 4 more school and road are worth 29, and the clinic alone 30: it takes the money.
    problem = school_or_road()
    clinic = Project("clinic", "Clinic", 1, (30,), cost={"money": (12,)})
    problem = replace(problem, projects=(*problem.projects, clinic))

    found = {one.project: one for one in explained(problem).left_out}

    (addition,) = found["road"].remedies[0].change.additions
    # 18 pay for clinic and road, worth 39; until then the clinic alone is worth more than school and road.
    assert addition.amount == 8
    assert found["road"].is_proved


def test_several_kinds_together_when_none_is_enough_alone() -> None:
    problem = school_or_road()
    problem = replace(problem, resources=(replace(problem.resources[0], capacity=(1,)),))

    found = by_levers(only(problem))

    both = found[frozenset({Lever.MONEY, Lever.PEOPLE})]
    assert {(one.id, one.amount) for one in both.change.additions} == {("money", 4), ("builders", 1)}
    assert both.is_proved
    assert MONEY not in found
    assert PEOPLE not in found


def test_a_rule_that_alone_keeps_it_out_is_named() -> None:
    problem = replace(school_or_road(budget=14), exclusive=(("school", "road"),))

    found = by_levers(only(problem))

    relaxed = found[frozenset({Lever.RULE})]
    assert relaxed.change.relaxed == (Relaxation(Rule.EXCLUSIVE, ("school", "road"), "road"),)
    assert relaxed.gain == 9
    assert relaxed.is_proved


def test_a_project_as_good_as_one_that_is_in_needs_no_change() -> None:
    problem = school_or_road()
    twin = replace(problem.projects[0], id="twin", name="Twin")
    problem = replace(problem, projects=(problem.projects[0], twin))

    found = only(problem)

    assert found.is_tied
    assert not found.remedies


def test_what_is_worth_nothing_is_brought_in_by_nothing() -> None:
    problem = school_or_road()
    problem = replace(
        problem, projects=(problem.projects[0], replace(problem.projects[1], value_by_start=(-1,)))
    )

    found = only(problem)

    # Without the school the road would still not be worth building.
    assert not found.remedies
    assert found.price == 21


def test_yearly_money_is_asked_for_at_the_beginning_of_its_year() -> None:
    late = Project("late", "Late", 1, (0, 0, 0, 5), earliest=3, cost={"money": (7,)})
    budget = Budget("money", "Money", (3, 0, 0, 0), carry=Carry.CAPPED, year_length=4)
    problem = Problem("yearly", 4, (late,), budgets=(budget,))

    assert only(problem).remedies[0].change.additions == (Addition(Rule.BUDGET, "money", 0, 4),)


def test_a_plan_with_a_gap_is_explained_and_said_to_be_unproved() -> None:
    problem = school_or_road()
    solution = replace(solve(problem), status=solve(problem, work_limit=0).status)

    (found,) = explain(problem, solution).left_out

    assert found.doubt is Doubt.PLAN_HAS_GAP
    assert found.remedies[0].change.additions == (Addition(Rule.BUDGET, "money", 0, 4),)
    assert not found.remedies[0].is_proved


def test_one_kind_alone_can_be_asked_for() -> None:
    problem = school_or_road()

    (found,) = explain(problem, solve(problem), kinds=(Lever.MONEY,)).left_out

    assert [remedy.levers for remedy in found.remedies] == [MONEY]


def test_a_forced_project_says_what_it_displaces() -> None:
    problem = school_or_road()
    duty = Project("duty", "Duty", 1, (1,), is_mandatory=True, cost={"money": (9,)})
    problem = replace(problem, projects=(*problem.projects, duty))

    (found,) = explained(problem).forced

    assert (dict(found.enters), found.leaves, found.value_gain) == ({"school": 0}, (), 19)
    assert found.money == {"money": -1}
    assert found.is_proved


def test_a_forced_project_that_another_needs_cannot_be_thought_away() -> None:
    problem = school_or_road(budget=14)
    forced = tuple(replace(project, is_mandatory=True) for project in problem.projects)
    problem = replace(problem, projects=forced, all_or_none=(("school", "road"),))

    assert [one.is_needed for one in explained(problem).forced] == [True, True]


def test_a_concept_left_out_costs_what_the_chosen_one_is_worth_more() -> None:
    """P9."""
    problem = school_or_road(budget=14)
    small = Project("s/small", "Small school", 1, (12,), cost={"money": (8,)}, concept_of="s")
    large = Project("s/large", "Large school", 1, (20,), cost={"money": (14,)}, concept_of="s")
    problem = replace(problem, projects=(small, large, problem.projects[1]), exclusive=())

    found = {one.project: one for one in explained(problem).left_out}

    # Small school and road are worth 21, the large school alone 20; for both of them 6 more are needed.
    assert found["s/large"].price == 1
    assert found["s/large"].remedies[0].change.additions == (Addition(Rule.BUDGET, "money", 0, 6),)
    assert found["s/large"].is_proved


def test_a_cancelled_explanation_ends_with_what_is_done() -> None:
    problem = tiny_problem(4)

    assert explain(problem, solve(problem), is_cancelled=lambda: True) == Explanation((), ())


def small_cases(first: int, last: int) -> Iterator[tuple[int, Problem]]:
    for seed in range(first, last):
        problem = tiny_problem(seed)
        if best_by_brute_force(problem) is not None:
            yield seed, problem


def is_in(problem: Problem, name: str, change: Change) -> bool:
    """By brute force: the best plan with the project is worth at least the best without it."""
    changed = apply_change(problem, change)
    mine, other = best_by_brute_force(hold_in(changed, name)), best_by_brute_force(hold_out(changed, [name]))
    return mine is not None and (other is None or mine >= other)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_every_stated_change_is_enough_and_a_step_less_is_not(block: int) -> None:
    for seed, problem in small_cases(block * 20, block * 20 + 20):
        for found in explained(problem).left_out:
            assert found.is_tied == is_in(problem, found.project, Change()), seed
            assert found.is_proved, seed
            for remedy in found.remedies:
                assert is_in(problem, found.project, remedy.change), (seed, found.project, remedy)
                for smaller in smaller_changes(problem, remedy.change):
                    assert not is_in(problem, found.project, smaller), (seed, found.project, smaller)
                for fewer in (set(remedy.change.without) - {one} for one in remedy.change.without):
                    assert not is_in(problem, found.project, Change(without=tuple(fewer))), seed
                assert check_plan(apply_change(problem, remedy.change), remedy.plan).is_feasible


@pytest.mark.slow
@pytest.mark.parametrize("block", range(2))
def test_nothing_cheaper_than_a_cheapest_amount_of_money_is_enough(block: int) -> None:
    checked = 0
    for seed, problem in small_cases(block * 40, block * 40 + 40):
        for found in explain(problem, solve(problem), kinds=(Lever.MONEY,)).left_out:
            for remedy in found.remedies:
                if remedy.is_cheapest and remedy.cost > 0:
                    checked += 1
                    for change in cheaper_money(problem, remedy.cost):
                        assert not is_in(problem, found.project, change), (seed, found.project, change)
    assert checked


def cheaper_money(problem: Problem, cost: float) -> Iterator[Change]:
    """Every whole amount of money in every period that costs less."""
    price = prices_by_share(problem)[Rule.BUDGET, "money"]
    most = min(3, int(cost / price - 1e-9))
    for amounts in product(range(most + 1), repeat=problem.periods):
        if sum(amounts) * price < cost - 1e-9:
            additions = [Addition(Rule.BUDGET, "money", t, a) for t, a in enumerate(amounts) if a]
            yield Change(tuple(additions))


def test_the_same_problem_is_explained_the_same() -> None:
    problem = tiny_problem(7)

    assert explained(problem) == explained(problem)


def test_what_a_plan_lacks_is_counted_where_it_lacks_it() -> None:
    pool = Budget("money", "Money", (2, 0), carry=Carry.POOL)
    problem = Problem("pool", 2, (Project("a", "A", 1, (1, 1), cost={"money": (3,)}),), budgets=(pool,))

    assert needed_additions(problem, {"a": 1}) == (Addition(Rule.BUDGET, "money", 1, 1),)


def test_amounts_are_stepped_by_what_divides_them_all() -> None:
    problem = Problem(
        "steps",
        1,
        (Project("a", "A", 1, (1,), cost={"money": (6,)}), Project("b", "B", 1, (1,), cost={"money": (9,)})),
        budgets=(Budget("money", "Money", (12,)),),
    )

    assert smallest_step(problem, Addition(Rule.BUDGET, "money", 0, 3)) == 3
