"""G2–G7: a gate is proposed by one and decided by another, on a checklist and a frozen basis."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.gates.checklists import (
    Answer,
    checklist,
    refuse_open_items,
    refuse_unfit_answers,
)
from gevinst_benefits.domain.gates.conditions import Condition, refuse_unfit_conditions
from gevinst_benefits.domain.gates.phase_models import ChecklistItem, Gate, Phase, PhaseModel
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


class Withdrawn(Refusal):
    code = "gate-withdrawn"
    title = "The proposal has been withdrawn"
    detail = "This proposal was withdrawn. Propose the gate again for a decision."


class NotTheProposer(Refusal):
    code = "not-the-proposer"
    title = "Only the proposer withdraws a proposal"
    detail = "{proposer} proposed this gate and can withdraw it."


class PauseUntilOdd(Refusal):
    code = "pause-until-odd"
    title = "The pause has no such end"
    detail = "Only a pause has an end, and it lies after {day}."


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
    """`reopened`: a condition lapsed, so the go that rested on it must be decided again (G7)."""

    RUNNING = "running"
    REOPENED = "reopened"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Reopened:
    """G7: the gate whose go no longer stands: its record, code and phase, and the state it had led to."""

    gate_id: UUID
    gate: str
    phase: str
    was: ProjectState


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a project is in its phase model. `round` counts the runs of a phase that is repeated, from 1.

    With `reopened` the project is still in its phase, and passes no other gate before that one.
    """

    project_id: UUID
    phase: str
    round: int = 1
    state: ProjectState = ProjectState.RUNNING
    skipped_phases: frozenset[str] = frozenset()
    reopened: Reopened | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is recommended, or decided: one of the six outcomes and why."""

    outcome: Outcome
    reason: str
    conditions: tuple[Condition, ...] = ()
    step_back_to: str | None = None
    pause_until: date | None = None


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
    is_withdrawn: bool = False


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
    """The gates that can be proposed now: the one at the phase's end, and the one that repeats the phase.

    G7: only the reopened gate, when there is one.
    """
    if progress.reopened is not None:
        return (model.gate(progress.reopened.gate),)
    phase = model.phase(progress.phase)
    return tuple(gate for gate in (phase.gate, phase.repeat_gate) if gate)


def gate_checklist(progress: Progress, model: PhaseModel, gate: str) -> tuple[ChecklistItem, ...]:
    """What a gate of the current phase asks, with what skipped phases brought along, or `OutOfOrder`."""
    for candidate in gates_ahead(progress, model):
        if candidate.code == gate:
            skipped = _skipped(progress, model)
            if candidate == model.phase(_gate_phase(progress)).gate:
                skipped += _never_entered(progress, model)
            return checklist(candidate, skipped=skipped)
    ahead = " or ".join(candidate.code for candidate in gates_ahead(progress, model))
    raise OutOfOrder(phase=progress.phase, gates=ahead, gate=gate)


def propose(progress: Progress, model: PhaseModel, proposal: Proposal) -> Proposal:
    """The proposal, when it can be put to the deciders at all.

    Refuses a project that has ended, a gate that is not at the end of the current phase, answers that do not
    fit the checklist, and a recommendation that could not be decided.
    """
    if progress.state in (ProjectState.STOPPED, ProjectState.CLOSED):
        raise ProjectEnded(state=progress.state.value)
    proposal = replace(proposal, progress=progress, is_decided=False, is_withdrawn=False)
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
    refuse_settled(proposal)
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


def withdraw(proposal: Proposal, *, by: str) -> Proposal:
    """The proposal taken back by who made it, as long as nobody has decided it."""
    refuse_settled(proposal)
    if by != proposal.proposed_by:
        raise NotTheProposer(proposer=proposal.proposed_by)
    return replace(proposal, is_withdrawn=True)


def refuse_settled(proposal: Proposal) -> None:
    """Refuse a proposal that is decided or withdrawn: it awaits nothing any more."""
    if proposal.is_decided:
        raise DecidedAlready
    if proposal.is_withdrawn:
        raise Withdrawn


def reopen(progress: Progress, model: PhaseModel, reopened: Reopened) -> Progress:
    """G7: the progress of a project one of whose conditions lapsed. It stays in its phase.

    Of two gates that are reopened the earlier one is decided again; a project that was stopped stays so.
    """
    if progress.state is ProjectState.STOPPED:
        return progress
    known = progress.reopened
    if known is not None and model.position(known.phase) <= model.position(reopened.phase):
        return progress
    was = progress.state if known is None else known.was
    state = ProjectState.PAUSED if progress.state is ProjectState.PAUSED else ProjectState.REOPENED
    was = ProjectState.RUNNING if was is ProjectState.PAUSED else was
    return replace(progress, state=state, reopened=replace(reopened, was=was))


def _refuse_unfit_ruling(proposal: Proposal, model: PhaseModel, ruling: Ruling, today: date) -> None:
    if not ruling.reason.strip():
        raise ReasonMissing(outcome=ruling.outcome.value)
    refuse_unfit_conditions(ruling.outcome.value, ruling.conditions, today)
    is_pause = ruling.outcome is Outcome.PAUSE
    if ruling.pause_until is not None and (not is_pause or ruling.pause_until <= today):
        raise PauseUntilOdd(day=today)
    _refuse_unfit_step_back(proposal.progress, model, ruling)
    if ruling.outcome is Outcome.GO:
        refuse_open_items(gate_checklist(proposal.progress, model, proposal.gate), proposal.answers)


def _refuse_unfit_step_back(progress: Progress, model: PhaseModel, ruling: Ruling) -> None:
    earlier = [phase.code for phase in model.phases[: model.position(_gate_phase(progress))]]
    is_fit = (
        ruling.step_back_to in earlier if ruling.outcome is Outcome.STEP_BACK else not ruling.step_back_to
    )
    if not is_fit:
        raise NoEarlierPhase(phase=_gate_phase(progress), earlier=", ".join(earlier) or "–")


def _after(progress: Progress, model: PhaseModel, gate: str, ruling: Ruling) -> Progress:
    match ruling.outcome:
        case Outcome.GO | Outcome.GO_WITH_CONDITIONS:
            return _onward(progress, model, gate)
        case Outcome.REWORK:
            # G7: a go that no longer stands is taken back, to the phase before the gate.
            is_reopened = progress.reopened is not None
            return _back(progress, _gate_phase(progress)) if is_reopened else _running(progress)
        case Outcome.STEP_BACK:
            return _back(progress, ruling.step_back_to or progress.phase)
        case Outcome.PAUSE:
            return replace(progress, state=ProjectState.PAUSED)
        case Outcome.STOP:
            return replace(progress, state=ProjectState.STOPPED, reopened=None)


def _onward(progress: Progress, model: PhaseModel, gate: str) -> Progress:
    if progress.reopened is not None:
        # G7: the project had moved on when the gate was reopened, and goes on from there.
        return replace(progress, state=progress.reopened.was, reopened=None)
    return _forward(_running(progress), model, gate)


def _running(progress: Progress) -> Progress:
    return replace(progress, state=ProjectState.RUNNING)


def _back(progress: Progress, phase: str) -> Progress:
    """In an earlier phase, which is no longer skipped: every gate from there on is answered again (G5)."""
    return Progress(progress.project_id, phase, skipped_phases=progress.skipped_phases - {phase})


def _gate_phase(progress: Progress) -> str:
    """The phase at whose end the next gate stands."""
    return progress.phase if progress.reopened is None else progress.reopened.phase


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
    for phase in reversed(model.phases[: model.position(_gate_phase(progress))]):
        if phase.code not in progress.skipped_phases:
            break
        skipped.insert(0, phase)
    return tuple(skipped)


def _never_entered(progress: Progress, model: PhaseModel) -> tuple[Phase, ...]:
    """The phases after the current one when all of them are skipped: no later gate would ask their items."""
    coming = model.phases[model.position(_gate_phase(progress)) + 1 :]
    return coming if all(phase.code in progress.skipped_phases for phase in coming) else ()
