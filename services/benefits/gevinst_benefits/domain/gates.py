"""G2–G5: a gate is proposed by one and decided by another, on a checklist and a frozen basis."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.checklists import Answer, checklist, refuse_open_items, refuse_unfit_answers
from gevinst_benefits.domain.phase_models import ChecklistItem, Gate, Phase, PhaseModel
from gevinst_shared.values.refusal import Refusal


class ProposerDecides(Refusal):
    code = "proposer-decides"
    title = "The proposer cannot decide"
    detail = "You proposed this gate. Someone else must decide it."


class DecidedAlready(Refusal):
    code = "gate-decided-already"
    title = "The gate is decided"
    detail = "This proposal has been decided. Propose the gate again for a new decision."


class OutOfOrder(Refusal):
    code = "gate-out-of-order"
    title = "The gate is not the project's next"
    detail = "The project is in the phase {phase} and can only pass {gates}, not {gate}."


class ProjectMoved(Refusal):
    code = "project-moved"
    title = "The project has moved since the gate was proposed"
    detail = (
        "The gate was proposed in the phase {then}; the project is now {state} in {now}. Propose it again."
    )


class ProjectEnded(Refusal):
    code = "project-ended"
    title = "The project has ended"
    detail = "The project is {state} and passes no more gates."


class ConditionsMissing(Refusal):
    code = "conditions-missing"
    title = "No condition is given"
    detail = "Go with conditions needs at least one condition with an owner and a deadline."


class ConditionsOnPlainGo(Refusal):
    code = "conditions-on-plain-go"
    title = "A plain go has no conditions"
    detail = "Decide go-with-conditions, or leave the conditions out."


class OddCondition(Refusal):
    code = "odd-condition"
    title = "The condition cannot be followed up"
    detail = "Every condition needs a text, an owner and a deadline after {day}."


class NoEarlierPhase(Refusal):
    code = "no-earlier-phase"
    title = "Not an earlier phase"
    detail = "Step back needs a phase before {phase}, one of: {earlier}. Other outcomes name no phase."


class ReasonMissing(Refusal):
    code = "reason-missing"
    title = "A reason is missing"
    detail = "Write the reason for {outcome}."


class NotSkippable(Refusal):
    code = "phase-not-skippable"
    title = "The phase cannot be skipped"
    detail = "{phase} is not a coming phase that the model allows to be skipped."


class Outcome(StrEnum):
    GO = "go"
    GO_WITH_CONDITIONS = "go-with-conditions"
    REWORK = "rework"
    STEP_BACK = "step-back"
    PAUSE = "pause"
    STOP = "stop"


class ProjectState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a project is in its phase model. `round` counts the runs of a phase that is repeated, from 1."""

    project_id: UUID
    phase: str
    round: int = 1
    state: ProjectState = ProjectState.RUNNING
    skipped_phases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """G7: what must be done, by whom (a person), before which day."""

    text: str
    owner: str
    deadline: date


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is recommended, or decided: one of the six outcomes and why."""

    outcome: Outcome
    reason: str
    conditions: tuple[Condition, ...] = ()
    step_back_to: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A gate put before its deciders, on a basis that is frozen (G4: its SHA-256)."""

    id: UUID
    gate: str
    progress: Progress
    recommended: Ruling
    answers: tuple[Answer, ...]
    basis_sha256: str
    proposed_by: str
    proposed_at: datetime
    is_decided: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided gate: the proposal as decided, the ruling, and where the project is after it."""

    proposal: Proposal
    ruling: Ruling
    decided_by: str
    decided_at: datetime
    after: Progress
    case_number: str | None = None


def start(project_id: UUID, model: PhaseModel) -> Progress:
    """A project at the beginning of a phase model."""
    return Progress(project_id, model.phases[0].code)


def skip_phase(progress: Progress, model: PhaseModel, phase: str) -> Progress:
    """The progress with a coming phase left out, or `NotSkippable`. G5: its mandatory items come along."""
    coming = model.phases[model.position(progress.phase) + 1 :]
    if not any(candidate.code == phase and candidate.may_be_skipped for candidate in coming):
        raise NotSkippable(phase=phase)
    return replace(progress, skipped_phases=progress.skipped_phases | {phase})


def gates_ahead(progress: Progress, model: PhaseModel) -> tuple[Gate, ...]:
    """The gates that can be proposed now: the one at the phase's end, and the one that repeats the phase."""
    phase = model.phase(progress.phase)
    return tuple(gate for gate in (phase.gate, phase.repeat_gate) if gate)


def gate_checklist(progress: Progress, model: PhaseModel, gate: str) -> tuple[ChecklistItem, ...]:
    """What a gate of the current phase asks, with what skipped phases brought along, or `OutOfOrder`."""
    for candidate in gates_ahead(progress, model):
        if candidate.code == gate:
            return checklist(candidate, skipped=_skipped(progress, model))
    ahead = " or ".join(candidate.code for candidate in gates_ahead(progress, model))
    raise OutOfOrder(phase=progress.phase, gates=ahead, gate=gate)


def propose(progress: Progress, model: PhaseModel, proposal: Proposal) -> Proposal:
    """The proposal, when it can be put to the deciders at all.

    Refuses a project that has ended, a gate that is not at the end of the current phase, answers that do not
    fit the checklist, and a recommendation that could not be decided.
    """
    if progress.state in (ProjectState.STOPPED, ProjectState.CLOSED):
        raise ProjectEnded(state=progress.state.value)
    proposal = replace(proposal, progress=progress, is_decided=False)
    refuse_unfit_answers(gate_checklist(progress, model, proposal.gate), proposal.answers)
    _refuse_unfit_ruling(proposal, model, proposal.recommended, proposal.proposed_at.date())
    return proposal


def decide(
    progress: Progress, model: PhaseModel, proposal: Proposal, ruling: Ruling, *, by: str, at: datetime
) -> Decision:
    """The decision on a proposal, with the project's next phase and state.

    `progress` is where the project is now. Refuses a second decision, a decision by the proposer (G3), a
    gate that the project has left meanwhile, and a ruling whose needs are not met (G2, G5).
    """
    if proposal.is_decided:
        raise DecidedAlready
    if by == proposal.proposed_by:
        raise ProposerDecides
    if progress != proposal.progress:
        raise ProjectMoved(then=proposal.progress.phase, now=progress.phase, state=progress.state.value)
    _refuse_unfit_ruling(proposal, model, ruling, at.date())
    return Decision(
        proposal=replace(proposal, is_decided=True),
        ruling=ruling,
        decided_by=by,
        decided_at=at,
        after=_after(progress, model, proposal.gate, ruling),
    )


def _refuse_unfit_ruling(proposal: Proposal, model: PhaseModel, ruling: Ruling, today: date) -> None:
    if not ruling.reason.strip():
        raise ReasonMissing(outcome=ruling.outcome.value)
    _refuse_unfit_conditions(ruling, today)
    _refuse_unfit_step_back(proposal.progress, model, ruling)
    if ruling.outcome is Outcome.GO:
        refuse_open_items(gate_checklist(proposal.progress, model, proposal.gate), proposal.answers)


def _refuse_unfit_conditions(ruling: Ruling, today: date) -> None:
    if ruling.outcome is Outcome.GO_WITH_CONDITIONS and not ruling.conditions:
        raise ConditionsMissing
    if ruling.outcome is Outcome.GO and ruling.conditions:
        raise ConditionsOnPlainGo
    for condition in ruling.conditions:
        if not condition.text.strip() or not condition.owner.strip() or condition.deadline <= today:
            raise OddCondition(day=today)


def _refuse_unfit_step_back(progress: Progress, model: PhaseModel, ruling: Ruling) -> None:
    earlier = [phase.code for phase in model.phases[: model.position(progress.phase)]]
    is_fit = (
        ruling.step_back_to in earlier if ruling.outcome is Outcome.STEP_BACK else not ruling.step_back_to
    )
    if not is_fit:
        raise NoEarlierPhase(phase=progress.phase, earlier=", ".join(earlier) or "none")


def _after(progress: Progress, model: PhaseModel, gate: str, ruling: Ruling) -> Progress:
    match ruling.outcome:
        case Outcome.GO | Outcome.GO_WITH_CONDITIONS:
            return _forward(replace(progress, state=ProjectState.RUNNING), model, gate)
        case Outcome.REWORK:
            return replace(progress, state=ProjectState.RUNNING)
        case Outcome.STEP_BACK:
            phase = ruling.step_back_to or progress.phase
            skipped = progress.skipped_phases - {phase}
            return Progress(progress.project_id, phase, skipped_phases=skipped)
        case Outcome.PAUSE:
            return replace(progress, state=ProjectState.PAUSED)
        case Outcome.STOP:
            return replace(progress, state=ProjectState.STOPPED)


def _forward(progress: Progress, model: PhaseModel, gate: str) -> Progress:
    repeat_gate = model.phase(progress.phase).repeat_gate
    if repeat_gate and repeat_gate.code == gate:
        return replace(progress, round=progress.round + 1)
    for phase in model.phases[model.position(progress.phase) + 1 :]:
        if phase.code not in progress.skipped_phases:
            return replace(progress, phase=phase.code, round=1)
    return replace(progress, state=ProjectState.CLOSED)


def _skipped(progress: Progress, model: PhaseModel) -> tuple[Phase, ...]:
    """The skipped phases right before the current one: their items are asked at its gate."""
    skipped: list[Phase] = []
    for phase in reversed(model.phases[: model.position(progress.phase)]):
        if phase.code not in progress.skipped_phases:
            break
        skipped.insert(0, phase)
    return tuple(skipped)
