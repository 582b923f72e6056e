"""G2, G3, G5: who may propose and decide a gate, and where the project is afterwards."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.gates.checklists import (
    Answer,
    AnsweredTwice,
    AnswerValue,
    NotRelevantWithoutReason,
    OpenItems,
    UnknownItem,
)
from gevinst_benefits.domain.gates.conditions import (
    Condition,
    ConditionsMissing,
    ConditionsOnPlainGo,
    OddCondition,
)
from gevinst_benefits.domain.gates.gates import (
    DecidedAlready,
    Decision,
    NoEarlierPhase,
    NotSkippable,
    Outcome,
    OutOfOrder,
    Progress,
    ProjectEnded,
    ProjectMoved,
    ProjectState,
    ProposerDecides,
    ReasonMissing,
    Ruling,
    decide,
    gate_checklist,
    gates_ahead,
    propose,
    skip_phase,
    start,
)
from tests.benefits.plans import CONDITION, NOW, PROJECT, SHIPPED, proposal, ruling, shipped, yes_to_all

MODEL = shipped("prosjektveiviseren")
IDEA = start(PROJECT, MODEL)
CONCEPT = Progress(PROJECT, "konsept")
EXECUTION = Progress(PROJECT, "gjennomfore")


def _decide(progress: Progress, gate: str, wanted: Ruling) -> Decision:
    proposed = propose(progress, MODEL, proposal(progress, gate, yes_to_all(MODEL, gate)))
    return decide(progress, MODEL, proposed, wanted, by="owner", at=NOW)


def test_a_project_starts_in_the_first_phase() -> None:
    assert (IDEA.phase, IDEA.round, IDEA.state) == ("ide", 1, ProjectState.RUNNING)


@pytest.mark.parametrize(
    ("wanted", "phase", "state"),
    [
        (ruling(Outcome.GO), "planlegge", ProjectState.RUNNING),
        (ruling(Outcome.GO_WITH_CONDITIONS, CONDITION), "planlegge", ProjectState.RUNNING),
        (ruling(Outcome.REWORK), "konsept", ProjectState.RUNNING),
        (ruling(Outcome.STEP_BACK, step_back_to="ide"), "ide", ProjectState.RUNNING),
        (ruling(Outcome.PAUSE), "konsept", ProjectState.PAUSED),
        (ruling(Outcome.STOP), "konsept", ProjectState.STOPPED),
    ],
)
def test_each_of_the_six_outcomes_has_its_next_phase_and_state(
    wanted: Ruling, phase: str, state: ProjectState
) -> None:
    decision = _decide(CONCEPT, "BP2", wanted)

    assert (decision.after.phase, decision.after.state) == (phase, state)
    assert decision.ruling == wanted
    assert decision.proposal.is_decided


def test_the_one_who_proposes_cannot_decide() -> None:
    """G3."""
    proposed = propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2"))

    with pytest.raises(ProposerDecides):
        decide(CONCEPT, MODEL, proposed, ruling(Outcome.STOP), by="manager", at=NOW)


def test_a_gate_is_not_decided_twice() -> None:
    decision = _decide(CONCEPT, "BP2", ruling(Outcome.REWORK))

    with pytest.raises(DecidedAlready):
        decide(CONCEPT, MODEL, decision.proposal, ruling(Outcome.STOP), by="owner", at=NOW)


@pytest.mark.parametrize("gate", ["BP1", "BP3", "BP4", "no such gate"])
def test_only_the_gate_at_the_end_of_the_current_phase_is_proposed(gate: str) -> None:
    with pytest.raises(OutOfOrder, match="BP2"):
        propose(CONCEPT, MODEL, proposal(CONCEPT, gate))


def test_a_proposal_is_stale_when_the_project_has_moved() -> None:
    proposed = propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2"))

    with pytest.raises(ProjectMoved):
        decide(replace(CONCEPT, phase="planlegge"), MODEL, proposed, ruling(Outcome.STOP), by="owner", at=NOW)


@pytest.mark.parametrize("state", [ProjectState.STOPPED, ProjectState.CLOSED])
def test_a_project_that_has_ended_passes_no_gate(state: ProjectState) -> None:
    ended = replace(CONCEPT, state=state)

    with pytest.raises(ProjectEnded):
        propose(ended, MODEL, proposal(ended, "BP2"))


def test_a_paused_project_runs_again_after_a_new_decision() -> None:
    paused = _decide(CONCEPT, "BP2", ruling(Outcome.PAUSE)).after

    assert _decide(paused, "BP2", ruling(Outcome.REWORK)).after == CONCEPT


def test_a_decision_gives_its_reason() -> None:
    with pytest.raises(ReasonMissing):
        _decide(CONCEPT, "BP2", Ruling(Outcome.STOP, " "))


def test_an_unanswered_mandatory_item_blocks_go_and_only_go() -> None:
    """G5."""
    answers = tuple(a for a in yes_to_all(MODEL, "BP2") if a.item != "zero-alternative")
    proposed = propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", answers))

    with pytest.raises(OpenItems, match="zero-alternative"):
        decide(CONCEPT, MODEL, proposed, ruling(Outcome.GO), by="owner", at=NOW)
    with_condition = ruling(Outcome.GO_WITH_CONDITIONS, CONDITION)
    assert decide(CONCEPT, MODEL, proposed, with_condition, by="owner", at=NOW).after.phase == "planlegge"


def test_go_is_not_even_recommended_over_a_mandatory_no() -> None:
    answers = (*yes_to_all(MODEL, "BP2")[1:], Answer("zero-alternative", AnswerValue.NO))

    with pytest.raises(OpenItems):
        propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", answers, ruling(Outcome.GO)))


def test_not_relevant_counts_when_it_has_a_reason() -> None:
    rest = yes_to_all(MODEL, "BP2")[1:]
    with_reason = (*rest, Answer("zero-alternative", AnswerValue.NOT_RELEVANT, "A legal duty"))
    without = (*rest, Answer("zero-alternative", AnswerValue.NOT_RELEVANT))

    assert propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", with_reason, ruling(Outcome.GO)))
    with pytest.raises(NotRelevantWithoutReason):
        propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", without))


def test_an_answer_to_something_else_is_refused() -> None:
    with pytest.raises(UnknownItem, match="effects-measured"):
        propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", (Answer("effects-measured", AnswerValue.YES),)))


def test_an_item_has_one_answer() -> None:
    both = (Answer("case-made", AnswerValue.YES), Answer("case-made", AnswerValue.NO))

    with pytest.raises(AnsweredTwice):
        propose(CONCEPT, MODEL, proposal(CONCEPT, "BP2", both))


def test_go_with_conditions_needs_one_and_plain_go_has_none() -> None:
    with pytest.raises(ConditionsMissing):
        _decide(CONCEPT, "BP2", ruling(Outcome.GO_WITH_CONDITIONS))
    with pytest.raises(ConditionsOnPlainGo):
        _decide(CONCEPT, "BP2", ruling(Outcome.GO, CONDITION))


@pytest.mark.parametrize(
    "condition",
    [
        replace(CONDITION, owner=""),
        replace(CONDITION, text=" "),
        replace(CONDITION, deadline=NOW.date()),
        replace(CONDITION, deadline=NOW.date() - timedelta(days=1)),
    ],
)
def test_a_condition_can_be_followed_up(condition: Condition) -> None:
    """G7: owner and deadline."""
    with pytest.raises(OddCondition):
        _decide(CONCEPT, "BP2", ruling(Outcome.GO_WITH_CONDITIONS, condition))


@pytest.mark.parametrize("target", [None, "konsept", "planlegge", "nowhere"])
def test_step_back_needs_an_earlier_phase(target: str | None) -> None:
    with pytest.raises(NoEarlierPhase):
        _decide(CONCEPT, "BP2", ruling(Outcome.STEP_BACK, step_back_to=target))


def test_no_other_outcome_names_a_phase() -> None:
    with pytest.raises(NoEarlierPhase):
        _decide(CONCEPT, "BP2", ruling(Outcome.GO, step_back_to="ide"))


def test_execution_is_repeated_through_its_own_gate() -> None:
    again = _decide(EXECUTION, "BP3n", ruling(Outcome.GO)).after
    done = _decide(again, "BP4", ruling(Outcome.GO)).after

    assert (again.phase, again.round) == ("gjennomfore", 2)
    assert (done.phase, done.round) == ("avslutte", 1)


def test_the_line_is_not_ready_so_the_project_returns_with_conditions_and_passes_later() -> None:
    """Worked case 7, handover and step back."""
    road = shipped("ks-veikart")
    transition = Progress(PROJECT, "overgang-til-drift")
    not_ready = (*yes_to_all(road, "V5")[1:], Answer("line-ready", AnswerValue.NO))
    proposed = propose(transition, road, proposal(transition, "V5", not_ready))

    back = decide(
        transition,
        road,
        proposed,
        ruling(Outcome.STEP_BACK, CONDITION, step_back_to="pilotering"),
        by="owner",
        at=NOW,
    ).after
    for gate in ("V4", "V5"):
        again = propose(back, road, proposal(back, gate, yes_to_all(road, gate)))
        back = decide(back, road, again, ruling(Outcome.GO), by="owner", at=NOW).after

    assert back.phase == "ny-praksis"


def test_a_skipped_phase_brings_its_mandatory_items_to_the_next_gate() -> None:
    """G5: nothing is bought, so procurement is left out; its questions are still answered."""
    model = shipped("statens-it-projektmodel-2011")
    analysis = skip_phase(Progress(PROJECT, "analyse"), model, "anskaffelse")
    proposed = propose(analysis, model, proposal(analysis, "S2", yes_to_all(model, "S2")))
    execution = decide(analysis, model, proposed, ruling(Outcome.GO), by="owner", at=NOW).after
    own = yes_to_all(model, "S4")

    assert execution.phase == "gennemforelse"
    with pytest.raises(OpenItems, match="requirements-from-benefits"):
        propose(execution, model, proposal(execution, "S4", own, ruling(Outcome.GO)))
    carried = tuple(
        Answer(a.item, AnswerValue.NOT_RELEVANT, "Built by ourselves")
        for a in yes_to_all(model, "S3")
        if a.item not in {answer.item for answer in own}
    )
    assert propose(execution, model, proposal(execution, "S4", (*own, *carried), ruling(Outcome.GO)))


def test_a_skipped_phases_items_come_first_and_once() -> None:
    model = shipped("statens-it-projektmodel-2011")
    execution = Progress(PROJECT, "gennemforelse", skipped_phases=frozenset({"anskaffelse"}))

    codes = [item.code for item in gate_checklist(execution, model, "S4")]

    assert codes[:2] == ["requirements-from-benefits", "contract-steers"]
    assert len(codes) == len(set(codes)) == 11
    assert [gate.code for gate in gates_ahead(execution, model)] == ["S4"]


@pytest.mark.parametrize("phase", ["ide", "konsept", "planlegge", "nowhere"])
def test_only_a_coming_phase_that_may_be_skipped_is_skipped(phase: str) -> None:
    with pytest.raises(NotSkippable):
        skip_phase(CONCEPT, MODEL, phase)


@given(name=st.sampled_from(sorted(SHIPPED)))
def test_a_go_at_every_gate_closes_the_project(name: str) -> None:
    model = shipped(name)
    progress = start(UUID(int=9), model)

    for phase in model.phases:
        answers = yes_to_all(model, phase.gate.code)
        proposed = propose(progress, model, proposal(progress, phase.gate.code, answers))
        progress = decide(progress, model, proposed, ruling(Outcome.GO), by="owner", at=NOW).after

    assert progress.state is ProjectState.CLOSED
