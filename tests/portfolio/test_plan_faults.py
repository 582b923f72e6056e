"""Every fault of a portfolio problem's file is one sentence with its place, and never an accident."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gevinst_portfolio.domain.optimiser.answer import answer_text, plan_from_text
from gevinst_portfolio.domain.optimiser.check import Rule, check_plan
from gevinst_portfolio.domain.optimiser.file import Reading, problem_from_text, reading_of, reading_of_text
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import plan_document


def small_document() -> dict[str, Any]:
    return plan_document(1, projects=12, periods=8, roles=1, units=1)


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The small document with members changed or, by `...`, taken out; a path is like `projects/0/id`."""
    document = small_document()
    for path, value in changes:
        *way, last = path.split("/")
        place: Any = document
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        key: Any = int(last) if isinstance(place, list) else last
        if value is ...:
            del place[key]
        else:
            place[key] = value
    return document


def places(reading: Reading) -> list[str | None]:
    assert reading.problem is None
    return [fault.pointer for fault in reading.faults]


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ([("schema", "other/1")], ["/schema"]),
        ([("schema", ...)], ["/schema"]),
        ([("periods", 0)], ["/periods"]),
        ([("periods", True)], ["/periods"]),
        ([("periods", 10**9)], ["/periods"]),
        ([("horizon", 3)], ["/horizon"]),
        ([("projects", ...)], ["/projects"]),
        ([("projects", [])], ["/projects"]),
        ([("projects", {})], ["/projects"]),
        ([("projects/3", None)], ["/projects/3"]),
        ([("projects/3/id", ...)], ["/projects/3/id"]),
        ([("projects/3/id", "x" * 501)], ["/projects/3/id"]),
        ([("projects/3/mandatory", 1)], ["/projects/3/mandatory"]),
        ([("projects/3/duration", 2.5)], ["/projects/3/duration"]),
        ([("projects/3/value_by_start/1", None)], ["/projects/3/value_by_start/1"]),
        ([("projects/3/value_by_start/1", False)], ["/projects/3/value_by_start/1"]),
        ([("projects/3/cost", {"a/b~": ["x"]})], ["/projects/3/cost/a~1b~0/0"]),
        ([("projects/3/cost", {"a/b": [1]})], ["/projects/3/cost/a~1b"]),
        ([("projects/3/demand/role-1", [1] * 9)], ["/projects/3/demand/role-1"]),
        ([("projects/3/category", "x")], ["/projects/3/category"]),
        ([("projects/3/id", "project-1")], ["/projects/3/id", "/exclusive/0/2"]),
        ([("projects/3/concept_of", "project-1")], ["/projects/3/concept_of"]),
        ([("projects/3/earliest", 5), ("projects/3/deadline", 5)], ["/projects/3"]),
        ([("resources/0/capacity/2", -1)], ["/resources/0/capacity/2"]),
        ([("resources/0/capacity", [1])], ["/resources/0/capacity"]),
        ([("budgets/0/inflow", [1] * 9)], ["/budgets/0/inflow"]),
        ([("budgets/0/initial", -0.01)], ["/budgets/0/initial"]),
        ([("budgets/1/carry", "often")], ["/budgets/1/carry"]),
        ([("budgets/1/year_length", 0)], ["/budgets/1/year_length"]),
        ([("categories/2/max_share", 1.01)], ["/categories/2/max_share"]),
        ([("precedence", [{"before": "project-1"}])], ["/precedence/0/after"]),
        ([("precedence", [{"before": "project-1", "after": "x"}])], ["/precedence/0/after"]),
        ([("precedence", [{"before": "project-1", "after": "project-1"}])], ["/precedence"]),
        ([("exclusive/0/1", "x")], ["/exclusive/0/1"]),
        ([("exclusive/0/1", 7)], ["/exclusive/0"]),
        ([("all_or_none", [7])], ["/all_or_none/0"]),
        ([("max_starts_per_period", [1])], ["/max_starts_per_period"]),
        ([("max_starts_per_period", [1, "2"] * 4)], [f"/max_starts_per_period/{i}" for i in (1, 3, 5, 7)]),
        # Several at once are all said.
        ([("projects/0/id", 7), ("projects/1/id", 7)], ["/projects/0/id", "/projects/1/id"]),
        (
            [("projects/0/category", "x"), ("resources/0/capacity/0", -1)],
            ["/projects/0/category", "/resources/0/capacity/0"],
        ),
    ],
    ids=str,
)
def test_each_fault_has_its_place(changes: list[tuple[str, Any]], pointers: list[str]) -> None:
    assert places(reading_of(changed(*changes))) == pointers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON in line 1, column 1"),
        (b'{"schema": ', "not JSON in line 1, column 12"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' * 100_000, "nested too deeply"),
        (b"3", "it must be an object"),
        (b'{"periods": 1, "periods": 2}', "periods is there twice"),
    ],
)
def test_a_text_that_is_no_document_is_said(text: bytes, said: str) -> None:
    (fault,) = reading_of_text(text).faults

    assert said in str(fault)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999999999", "9" * 5000, "-" + "9" * 50, "1e-400"])
def test_a_number_that_no_plan_can_have_is_said_at_its_place(number: str) -> None:
    document = changed(("projects/0/value_by_start/0", "HERE"), ("projects/1/duration", "HERE"))
    text = json.dumps(document).replace('"HERE"', number)

    reading = reading_of_text(text)

    assert places(reading) == ["/projects/0/value_by_start/0", "/projects/1/duration"]
    assert all(len(str(fault)) < 200 for fault in reading.faults)


def test_a_byte_order_mark_does_no_harm() -> None:
    assert problem_from_text(b"\xef\xbb\xbf" + json.dumps(small_document()).encode()).periods == 8


def test_a_circle_is_named_with_everyone_in_it() -> None:
    pairs = [("project-1", "project-2"), ("project-2", "project-3"), ("project-3", "project-1")]
    document = changed(("precedence", [{"before": a, "after": b} for a, b in pairs]))

    (fault,) = reading_of(document).faults

    assert fault.pointer == "/precedence"
    assert "project-1 → project-2 → project-3 → project-1" in str(fault)


def test_a_project_larger_than_everything_is_left_out_with_the_reason() -> None:
    problem = problem_from_text(json.dumps(changed(("projects/0/cost/investment", [10**14]))))

    solution = solve(problem)

    (reason,) = [reason for reason in solution.left_out if reason.project == "project-1"]
    assert Rule.BUDGET in {obstacle.rule for obstacle in reason.obstacles}


def test_one_period_is_enough() -> None:
    document = {
        "schema": "gevinst-plan/1",
        "periods": 1,
        "budgets": [{"id": "m", "inflow": [0.3], "carry": "capped", "carry_cap": 1, "year_length": 1}],
        "max_starts_per_period": 3,
        "projects": [
            {"id": str(n), "duration": 1, "value_by_start": [1.1], "cost": {"m": [0.1]}} for n in range(4)
        ],
    }

    solution = solve(reading_of(document).problem or pytest.fail("not read"))

    # 0.1 + 0.1 + 0.1 is exactly 0.3, and three times 1.1 exactly 3.3.
    assert str(solution.value) == "33/10"


def test_the_format_is_described_member_by_member() -> None:
    described = set(re.findall(r"`([a-z_]+)`", Path("examples/plans/README.md").read_text(encoding="utf-8")))
    problem = problem_from_text(json.dumps(small_document()))
    answer = json.loads(answer_text(problem, solve(problem, work_limit=500), seed=1, work_limit=500))

    assert answer.keys() <= described
    assert small_document().keys() <= described
    assert {name for project in small_document()["projects"] for name in project} <= described
    assert {name for budget in small_document()["budgets"] for name in budget} <= described


def leaves(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path to everything in a document but itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*way, key)
        yield from leaves(item, (*way, key))


DOCUMENT = plan_document(1, projects=4, periods=4, roles=1, units=1)
WAYS = sorted(leaves(DOCUMENT), key=str)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 12),
    st.integers(-(10**40), 10**40),
    st.floats(width=32),
    st.sampled_from(["", "project-1", "role-1", "investment", "digital", "pool", "capped", "\x00", "é/~"]),
    st.lists(st.integers(-1, 3), max_size=9),
    st.lists(st.sampled_from(["project-1", "project-2", "project-9"]), max_size=3),
    st.dictionaries(st.sampled_from(["investment", "role-1", "id", "x"]), st.integers(-1, 3), max_size=3),
)
MUTATIONS = st.lists(st.tuples(st.sampled_from(WAYS), st.one_of(st.just(...), ODD)), min_size=1, max_size=4)


def mutated(mutations: list[tuple[tuple[Any, ...], Any]]) -> Any:
    document = copy.deepcopy(DOCUMENT)
    for way, value in mutations:
        place: Any = document
        try:
            for step in way[:-1]:
                place = place[step]
            if value is ...:
                del place[way[-1]]
            else:
                place[way[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took the place away
    return document


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(MUTATIONS)
def test_a_mutated_file_is_refused_or_solved_but_never_an_accident(
    mutations: list[tuple[tuple[Any, ...], Any]],
) -> None:
    reading = reading_of_text(json.dumps(mutated(mutations)))

    assert (reading.problem is None) == bool(reading.faults)
    assert all(fault.pointer is not None for fault in reading.faults)
    if reading.problem is not None:
        solution = solve(reading.problem, work_limit=2000, time_limit=5)
        text = answer_text(reading.problem, solution, seed=1, work_limit=2000)
        assert plan_from_text(text).starts == solution.plan
        assert not solution.starts or check_plan(reading.problem, solution.plan).is_feasible


@settings(max_examples=200, deadline=None)
@given(st.text() | st.binary())
def test_any_text_is_refused_as_a_problem_and_as_a_plan(text: str | bytes) -> None:
    assert reading_of_text(text).faults
    try:
        plan_from_text(text)
    except PlanMalformed:
        return
    assert text.strip() in ("{}", b"{}")
