"""Reading portfolio problems, and what is refused before anything is solved."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gevinst_portfolio.domain.optimiser.file import problem_from_text, read_problem
from gevinst_portfolio.domain.optimiser.problem import Carry
from gevinst_portfolio.domain.optimiser.refusals import (
    NegativeCapacity,
    NoPossibleStart,
    PlanMalformed,
    PrecedenceCycle,
    RepeatedId,
    UnknownPart,
)
from gevinst_shared.values.refusal import Refusal
from tests.support.plan_cases import example_documents, plan_document

EXAMPLES = Path("examples/plans")


def small_document() -> dict[str, Any]:
    return plan_document(1, projects=12, periods=8, roles=1, units=1)


def test_the_shipped_examples_are_what_the_generator_writes() -> None:
    for name, document in example_documents().items():
        assert json.loads((EXAMPLES / name).read_text(encoding="utf-8")) == document


def test_a_document_is_read_with_every_kind_of_rule() -> None:
    problem = read_problem({**small_document(), "max_starts_per_period": 2})

    assert len(problem.projects) == 12
    assert {budget.carry for budget in problem.budgets} == {Carry.POOL, Carry.CAPPED}
    assert problem.max_starts == (2,) * 8
    assert problem.precedence
    assert problem.exclusive
    assert problem.all_or_none


def test_the_older_name_of_the_format_is_read_too() -> None:
    assert read_problem({**small_document(), "schema": "ppm-instance/1"}) == read_problem(small_document())


def test_decimals_are_read_exactly() -> None:
    document = small_document()
    document["categories"][1]["min_share"] = 0.1

    problem = problem_from_text(json.dumps(document))

    assert problem.categories[1].min_share == Fraction(1, 10)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "nonsense", '{"schema": "other/1"}', '{"schema": "gevinst-plan/1", "periods": 0}'],
)
def test_what_is_not_a_problem_is_refused(text: str) -> None:
    with pytest.raises(PlanMalformed):
        problem_from_text(text)


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e999999999", "1e-999999999", '"5"', "true", "null", "1e16"]
)
def test_a_number_that_is_none_is_refused(number: str) -> None:
    document = small_document()
    document["projects"][0]["value_by_start"][0] = "HERE"
    text = json.dumps(document).replace('"HERE"', number)

    with pytest.raises(PlanMalformed):
        problem_from_text(text)


def change(path: str, value: object) -> dict[str, Any]:
    """The small document with one member changed; the path is like `projects/0/deadline`."""
    document = small_document()
    *way, last = path.split("/")
    place: Any = document
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    place[int(last) if isinstance(place, list) else last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "refusal"),
    [
        ("resources/0/capacity/2", -1, NegativeCapacity),
        ("budgets/0/inflow/0", -0.5, NegativeCapacity),
        ("categories/1/min_share", -0.1, PlanMalformed),
        ("categories/1/min_share", 1.5, PlanMalformed),
        ("budgets/0/initial", -1, PlanMalformed),
        ("projects/0/cost", {"nothing": [1]}, UnknownPart),
        ("projects/0/demand", {"nobody": [1]}, UnknownPart),
        ("projects/0/category", "none", UnknownPart),
        ("exclusive/0/0", "project-99", UnknownPart),
        ("all_or_none/0/0", "project-99", UnknownPart),
        ("precedence", [{"before": "project-1", "after": "project-99"}], UnknownPart),
        ("precedence", [{"before": "project-1", "after": "project-1"}], PrecedenceCycle),
        ("projects/0/id", "project-2", RepeatedId),
        ("projects/0/latest_start", 0, None),
        ("projects/0/deadline", 1, NoPossibleStart),
        ("projects/0/fixed_start", 7, NoPossibleStart),
        ("projects/0/value_by_start", [], NoPossibleStart),
        ("projects/0/duration", 0, PlanMalformed),
        ("projects/0/duration", 1, PlanMalformed),
        ("resources/0/capacity", [1, 2], PlanMalformed),
        ("budgets/0/carry", "sometimes", PlanMalformed),
        ("max_starts_per_period", [1], PlanMalformed),
        ("projects", [], PlanMalformed),
        ("projects/0", "one", PlanMalformed),
    ],
)
def test_contradicting_members_are_refused(path: str, value: object, refusal: type[Refusal] | None) -> None:
    document = change(path, value)

    if refusal is None:
        read_problem(document)
    else:
        with pytest.raises(refusal):
            read_problem(document)


def test_a_circle_of_dependencies_is_named() -> None:
    pairs = [("project-1", "project-2"), ("project-2", "project-3"), ("project-3", "project-1")]
    document = {**small_document(), "precedence": [{"before": a, "after": b} for a, b in pairs]}

    with pytest.raises(PrecedenceCycle) as refused:
        read_problem(document)

    assert all(f"project-{i}" in str(refused.value) for i in (1, 2, 3))


def test_a_duty_that_cannot_fit_alone_is_read_and_left_to_the_solver_to_explain() -> None:
    document = change("projects/0/demand", {"role-1": [1000]})
    document["projects"][0]["mandatory"] = True

    assert read_problem(document).projects[0].is_mandatory
