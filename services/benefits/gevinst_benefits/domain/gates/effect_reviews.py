"""G10: decision point 6, months or years after closing: is the effect there, and is more work needed?"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.gates.gates import Progress, ProjectState
from gevinst_benefits.domain.gates.phase_models import PhaseModel
from gevinst_shared.values.refusal import Refusal


class EffectReviewPassed(Refusal):
    code = "effect-review-day-passed"
    title = "The day has passed"
    detail = "An effect review is held after today. Name a day after {today}."


class EffectReviewTooEarly(Refusal):
    code = "effect-review-too-early"
    title = "The project has not come to its end"
    detail = (
        "The project is {state} in {phase}. Its effect is reviewed in the last phase, or when it is closed."
    )


class EffectReviewSettled(Refusal):
    code = "effect-review-settled"
    title = "The effect review is settled"
    detail = "The effect review is {state}. Schedule another one."


class NextReviewOdd(Refusal):
    code = "next-effect-review-odd"
    title = "More work needs another review"
    detail = "Name the next day, after {today}, when more work is needed; and only then."


class EffectOutcome(StrEnum):
    REACHED = "effect-reached"
    MORE_WORK = "more-work-needed"
    ENDED = "follow-up-ended"


class EffectReviewState(StrEnum):
    SCHEDULED = "scheduled"
    HELD = "held"
    CALLED_OFF = "called-off"


@dataclass(frozen=True, slots=True)
class EffectReview:
    """A look at what came of a project, due on a day."""

    id: UUID
    project_id: UUID
    due_on: date
    state: EffectReviewState = EffectReviewState.SCHEDULED
    outcome: EffectOutcome | None = None
    reason: str | None = None
    held_by: str | None = None
    held_at: datetime | None = None
    follows_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What the review comes to; `next_due_on` is the day of the next one, when more work is needed."""

    outcome: EffectOutcome
    reason: str
    next_due_on: date | None = None


def refuse_past_day(due_on: date, today: date) -> None:
    if due_on <= today:
        raise EffectReviewPassed(today=today)


def refuse_early_look(progress: Progress, model: PhaseModel) -> None:
    """Refuse to look for the effect of a project that is neither closed nor in its last phase."""
    is_last = progress.phase == model.phases[-1].code and progress.state is ProjectState.RUNNING
    if progress.state is not ProjectState.CLOSED and not is_last:
        raise EffectReviewTooEarly(state=progress.state.value, phase=progress.phase)


def hold(review: EffectReview, finding: Finding, *, by: str, at: datetime, today: date) -> EffectReview:
    """The review with what it came to, once."""
    if review.state is not EffectReviewState.SCHEDULED:
        raise EffectReviewSettled(state=review.state.value)
    needs_next = finding.outcome is EffectOutcome.MORE_WORK
    if needs_next != (finding.next_due_on is not None):
        raise NextReviewOdd(today=today)
    if finding.next_due_on is not None and finding.next_due_on <= today:
        raise NextReviewOdd(today=today)
    return replace(
        review,
        state=EffectReviewState.HELD,
        outcome=finding.outcome,
        reason=finding.reason,
        held_by=by,
        held_at=at,
    )


def call_off(review: EffectReview) -> EffectReview:
    """G6: nobody looks for the effect of a project that was stopped."""
    return replace(review, state=EffectReviewState.CALLED_OFF)
