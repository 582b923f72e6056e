"""P9: several concepts of one undertaking, of which a plan chooses at most one."""

from dataclasses import replace
from typing import Any

import pytest

from gevinst_portfolio.domain.optimiser.alone import shortages_alone
from gevinst_portfolio.domain.optimiser.change import Addition
from gevinst_portfolio.domain.optimiser.check import Rule, check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.greedy import ranked_plan
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Plan,
    Precedence,
    Problem,
    Project,
    Resource,
    members_by_name,
)
from gevinst_portfolio.domain.optimiser.refusals import PrecedenceCycle, RepeatedId
from gevinst_portfolio.domain.optimiser.result import Alone, Status
from gevinst_portfolio.domain.optimiser.room import Obstacle
from gevinst_portfolio.domain.optimiser.solver import solve
from gevinst_portfolio.domain.optimiser.validity import refuse_invalid
from gevinst_portfolio.domain.optimiser.windows import narrow_windows

NEW = Project("hall/new", "New hall", 2, (20, 18, 16), cost={"money": (4, 4)}, concept_of="hall")
REPAIR = Project("hall/repair", "Repair", 1, (9, 8, 7, 6), cost={"money": (3,)}, concept_of="hall")
POOL = Project("pool", "Pool", 1, (10, 9, 8, 7), cost={"money": (5,)})
PROBLEM = Problem(
    name="concepts",
    periods=4,
    projects=(NEW, REPAIR, POOL),
    budgets=(Budget("money", "Money", (4, 4, 4, 5)),),
)


def broken(problem: Problem, plan: Plan) -> list[Rule]:
    return [violation.rule for violation in check_plan(problem, plan).violations]


def test_one_concept_is_chosen_and_named_in_the_answer() -> None:
    solution = solve(PROBLEM)

    assert solution.plan == {"hall/new": 0, "pool": 3}
    assert solution.concepts == {"hall": "hall/new"}
    assert (solution.status, solution.value) == (Status.OPTIMAL, 27)


def test_the_other_concept_is_chosen_when_money_is_short() -> None:
    solution = solve(replace(PROBLEM, budgets=(Budget("money", "Money", (3, 3, 3, 5)),)))

    assert solution.concepts == {"hall": "hall/repair"}


def test_no_concept_is_chosen_when_none_fits() -> None:
    solution = solve(replace(PROBLEM, budgets=(Budget("money", "Money", (2, 2, 2, 5)),)))

    assert solution.concepts == {"hall": None}
    assert solution.plan == {"pool": 3}


def test_two_concepts_of_one_undertaking_break_a_rule() -> None:
    assert broken(PROBLEM, {"hall/new": 0, "hall/repair": 2}) == [Rule.CONCEPT]


def test_a_duty_wants_exactly_one_of_its_concepts() -> None:
    # P5: being a duty belongs to the undertaking, whichever concept it is said of.
    problem = replace(PROBLEM, projects=(replace(NEW, is_mandatory=True), REPAIR, POOL))

    assert broken(problem, {"hall/repair": 0}) == []
    assert broken(problem, {"pool": 3}) == [Rule.MANDATORY]
    assert narrow_windows(problem).must_concepts == {"hall"}


def test_the_last_concept_that_is_possible_of_a_duty_is_certain() -> None:
    late = replace(REPAIR, earliest=3, latest_start=2)
    problem = replace(PROBLEM, projects=(replace(NEW, is_mandatory=True), late, POOL))

    assert narrow_windows(problem).must == {"hall/new"}


def test_the_shared_name_stands_in_precedence_for_the_concept_that_is_chosen() -> None:
    problem = replace(
        PROBLEM, projects=(NEW, REPAIR, replace(POOL, cost={})), precedence=(Precedence("hall", "pool"),)
    )

    assert broken(problem, {"hall/new": 0, "pool": 1}) == [Rule.PRECEDENCE]
    assert broken(problem, {"hall/repair": 0, "pool": 1}) == []
    assert broken(problem, {"pool": 1}) == [Rule.PRECEDENCE]
    assert solve(problem).plan == {"hall/new": 0, "pool": 2}


def test_each_concept_waits_for_what_their_undertaking_waits_for() -> None:
    problem = replace(PROBLEM, precedence=(Precedence("pool", "hall"),))

    assert broken(problem, {"pool": 3, "hall/repair": 0}) == [Rule.PRECEDENCE]
    assert broken(problem, {"hall/new": 0}) == [Rule.PRECEDENCE]


def test_one_concept_alone_may_wait_too() -> None:
    problem = replace(PROBLEM, precedence=(Precedence("pool", "hall/new"),))

    assert broken(problem, {"hall/repair": 0, "pool": 3}) == []
    assert solve(problem).concepts == {"hall": "hall/repair"}


@pytest.mark.parametrize("concept", ["hall/new", "hall/repair"])
def test_the_shared_name_stands_in_groups_for_whichever_is_chosen(concept: str) -> None:
    apart = replace(PROBLEM, exclusive=(("hall", "pool"),))
    together = replace(PROBLEM, all_or_none=(("hall", "pool"),))

    assert broken(apart, {concept: 0, "pool": 3}) == [Rule.EXCLUSIVE]
    assert broken(together, {concept: 0, "pool": 3}) == []
    assert broken(together, {concept: 0}) == [Rule.ALL_OR_NONE]
    assert broken(together, {"pool": 3}) == [Rule.ALL_OR_NONE]


def test_plain_ranking_takes_one_concept() -> None:
    plan = ranked_plan(PROBLEM)

    assert plan is not None
    assert check_plan(PROBLEM, plan).is_feasible
    assert "pool" in plan


def test_a_concept_that_is_left_out_says_which_one_stands_in_its_place() -> None:
    (reason,) = solve(PROBLEM).left_out

    assert reason.project == "hall/repair"
    assert reason.obstacles == (Obstacle(Rule.CONCEPT, ("hall/new",), None, 0),)


def test_a_duty_without_a_concept_that_goes_with_the_rest_is_named_by_its_undertaking() -> None:
    problem = replace(
        PROBLEM,
        projects=(replace(NEW, is_mandatory=True), REPAIR, replace(POOL, is_mandatory=True)),
        exclusive=(("hall", "pool"),),
    )

    solution = solve(problem)

    assert solution.status is Status.INFEASIBLE
    assert {(rule.rule, rule.ids) for rule in solution.contradictions} == {
        (Rule.EXCLUSIVE, ("hall", "pool")),
        (Rule.MANDATORY, ("hall",)),
        (Rule.MANDATORY, ("pool",)),
    }


def test_two_concepts_under_way_at_once_contradict_each_other() -> None:
    problem = replace(PROBLEM, projects=(replace(NEW, fixed_start=0), replace(REPAIR, fixed_start=3), POOL))

    solution = solve(problem)

    assert {rule.ids for rule in solution.contradictions} == {("hall/new",), ("hall/repair",)}
    assert all("one concept of hall" in rule.text for rule in solution.contradictions)


def test_a_name_means_its_project_or_its_concepts() -> None:
    assert members_by_name(PROBLEM) == {
        "hall/new": (NEW,),
        "hall/repair": (REPAIR,),
        "pool": (POOL,),
        "hall": (NEW, REPAIR),
    }


def test_an_undertaking_cannot_be_a_project_too() -> None:
    with pytest.raises(RepeatedId, match="hall"):
        refuse_invalid(replace(PROBLEM, projects=(*PROBLEM.projects, replace(POOL, id="hall"))))


def test_an_undertaking_that_waits_for_itself_is_a_circle() -> None:
    circle = (Precedence("hall", "pool"), Precedence("pool", "hall/new"))

    with pytest.raises(PrecedenceCycle, match="hall/new"):
        refuse_invalid(replace(PROBLEM, precedence=circle))


def test_a_duty_fits_when_one_of_its_concepts_does() -> None:
    duty = replace(PROBLEM, projects=(replace(NEW, is_mandatory=True), REPAIR, POOL))
    people = Resource("people", "People", "role", (0, 0, 0, 0))
    busy = tuple(replace(one, demand={"people": (1,)}) for one in duty.projects)

    assert not shortages_alone(replace(duty, budgets=(Budget("money", "Money", (3, 0, 0, 0)),)))
    alone = shortages_alone(replace(duty, projects=busy, resources=(people,)))
    assert alone[0] == Alone("hall/new", 0, (Addition(Rule.RESOURCE, "people", 0, 1),))
    assert {one.project for one in alone} == {"hall/new", "hall/repair"}


def test_concepts_are_read_from_a_file() -> None:
    concept = {"name": "A way", "concept_of": "hall", "duration": 1, "value_by_start": [3, 2]}
    document: dict[str, Any] = {
        "schema": "gevinst-plan/1",
        "periods": 2,
        "projects": [{"id": "one", **concept}, {"id": "two", **concept}],
        "precedence": [],
        "exclusive": [["hall"]],
    }

    problem = read_problem(document)

    assert [project.concept_of for project in problem.projects] == ["hall", "hall"]
    assert solve(problem).value == 3
