"""G7: where a project is when a condition lapses, and after the gate was decided again."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.gates.gates import (
    Outcome,
    Progress,
    ProjectState,
    Reopened,
    decide,
    gates_ahead,
    propose,
    reopen,
)
from tests.benefits.plans import CONDITION, NOW, PROJECT, proposal, ruling, shipped, yes_to_all

MODEL = shipped("prosjektveiviseren")
PHASES = [phase.code for phase in MODEL.phases]
RUNNING = Progress(PROJECT, "gjennomfore", round=2, skipped_phases=frozenset({"planlegge"}))


def lapsed(gate: str) -> Reopened:
    """A condition of this gate's go."""
    return Reopened(UUID(int=7), gate, MODEL.phase_of(gate).code, ProjectState.RUNNING)


def decided(progress: Progress, gate: str, outcome: Outcome, **members: str) -> Progress:
    wanted = ruling(outcome, *([CONDITION] if outcome is Outcome.GO_WITH_CONDITIONS else []), **members)
    proposed = propose(progress, MODEL, proposal(progress, gate, yes_to_all(MODEL, gate)))
    return decide(progress, MODEL, proposed, wanted, by="owner", at=NOW).after


def test_a_reopened_project_keeps_its_phase_and_has_one_gate_ahead() -> None:
    reopened = reopen(RUNNING, MODEL, lapsed("BP2"))

    assert (reopened.phase, reopened.round, reopened.state) == ("gjennomfore", 2, ProjectState.REOPENED)
    assert [gate.code for gate in gates_ahead(reopened, MODEL)] == ["BP2"]


@pytest.mark.parametrize("outcome", [Outcome.GO, Outcome.GO_WITH_CONDITIONS])
def test_after_a_new_go_the_project_is_where_it_was(outcome: Outcome) -> None:
    reopened = reopen(RUNNING, MODEL, lapsed("BP2"))

    assert decided(reopened, "BP2", outcome) == RUNNING


def test_rework_of_a_reopened_gate_takes_the_go_back() -> None:
    reopened = reopen(RUNNING, MODEL, lapsed("BP2"))

    after = decided(reopened, "BP2", Outcome.REWORK)

    assert (after.phase, after.round, after.state) == ("konsept", 1, ProjectState.RUNNING)
    assert after.reopened is None


def test_a_step_back_from_a_reopened_gate_goes_behind_that_gate() -> None:
    reopened = reopen(RUNNING, MODEL, lapsed("BP2"))

    assert decided(reopened, "BP2", Outcome.STEP_BACK, step_back_to="ide").phase == "ide"


@pytest.mark.parametrize(("first", "second"), [("BP1", "BP2"), ("BP2", "BP1")])
def test_of_two_reopened_gates_the_earlier_one_is_decided(first: str, second: str) -> None:
    reopened = reopen(reopen(RUNNING, MODEL, lapsed(first)), MODEL, lapsed(second))

    assert [gate.code for gate in gates_ahead(reopened, MODEL)] == ["BP1"]
    assert decided(reopened, "BP1", Outcome.GO) == RUNNING


def test_a_paused_project_stays_paused_and_its_reopened_gate_comes_first() -> None:
    paused = replace(RUNNING, state=ProjectState.PAUSED)

    reopened = reopen(paused, MODEL, lapsed("BP2"))

    assert reopened.state is ProjectState.PAUSED
    assert [gate.code for gate in gates_ahead(reopened, MODEL)] == ["BP2"]
    assert decided(reopened, "BP2", Outcome.GO) == RUNNING


def test_a_closed_project_is_closed_again_after_a_new_go() -> None:
    closed = Progress(PROJECT, "realisere", state=ProjectState.CLOSED)

    reopened = reopen(closed, MODEL, lapsed("BP6"))

    assert reopened.state is ProjectState.REOPENED
    assert decided(reopened, "BP6", Outcome.GO) == closed


def test_a_stopped_project_is_not_reopened() -> None:
    """G6."""
    stopped = replace(RUNNING, state=ProjectState.STOPPED)

    assert reopen(stopped, MODEL, lapsed("BP2")) == stopped


@given(
    phase=st.sampled_from(PHASES),
    gates=st.lists(st.sampled_from([gate.code for gate in MODEL.gates]), min_size=1, max_size=5),
    state=st.sampled_from([ProjectState.RUNNING, ProjectState.PAUSED, ProjectState.CLOSED]),
)
def test_however_many_conditions_lapse_one_new_go_ends_it(
    phase: str, gates: list[str], state: ProjectState
) -> None:
    """A gate is reopened once, and what it led to is what it leads to again."""
    before = Progress(PROJECT, phase, state=state)
    reopened = before
    for gate in gates:
        reopened = reopen(reopened, MODEL, lapsed(gate))
    [ahead] = gates_ahead(reopened, MODEL)

    after = decided(reopened, ahead.code, Outcome.GO)

    expected = ProjectState.RUNNING if state is ProjectState.PAUSED else state
    assert after == replace(before, state=expected)
