"""B8: realisation actions: what somebody must do by when for a benefit to appear."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class OwnerUnclear(Refusal):
    code = "action-owner-unclear"
    title = "Whose action is it"
    detail = "Name either a person or a role in a unit, not both and not neither."


class KindUnsaid(Refusal):
    code = "action-kind-unsaid"
    title = "What kind of action is it"
    detail = "An action of the kind `other` says in its own words what kind it is; other kinds do not."


class StepNotPossible(Refusal):
    code = "action-step-not-possible"
    title = "The action cannot go there"
    detail = "An action that is {state} cannot become {wanted}. It can become: {possible}."


class ReasonMissing(Refusal):
    code = "action-reason-missing"
    title = "Why"
    detail = "Say why the action is dropped or taken up again: those who counted on it will ask."


class DoneInFuture(Refusal):
    code = "action-done-in-future"
    title = "Nothing is done in the future"
    detail = "{day} has not come yet. Write the day on which it was done."


class ActionKind(StrEnum):
    ORGANISATION = "organisation"
    WORK_PROCESS = "work-process"
    COMMUNICATION = "communication"
    COMPETENCE = "competence"
    CLOSING_A_CHANNEL = "closing-a-channel"
    BUDGET_REDUCTION = "budget-reduction"
    STAFFING = "staffing"
    BEHAVIOUR = "behaviour"
    PROCUREMENT = "procurement"
    TRAINING = "training"
    OTHER = "other"


class ActionState(StrEnum):
    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"


OPEN = (ActionState.PLANNED, ActionState.STARTED)
# B4: what changes the work itself; telling of it, or taking the money out, does not.
CHANGES_WORK = frozenset(
    {
        ActionKind.ORGANISATION,
        ActionKind.WORK_PROCESS,
        ActionKind.COMPETENCE,
        ActionKind.CLOSING_A_CHANNEL,
        ActionKind.BEHAVIOUR,
        ActionKind.PROCUREMENT,
        ActionKind.TRAINING,
        ActionKind.OTHER,
    }
)
_NEXT = {
    ActionState.PLANNED: (ActionState.STARTED, ActionState.DONE, ActionState.DROPPED),
    ActionState.STARTED: (ActionState.DONE, ActionState.DROPPED, ActionState.PLANNED),
    ActionState.DONE: (ActionState.STARTED,),
    ActionState.DROPPED: (ActionState.PLANNED,),
}


def refuse_odd_action(
    *, kind: ActionKind, other: str | None, person_id: UUID | None, unit_id: UUID | None
) -> None:
    """Refuse an action that nobody or two own, or whose kind is not said."""
    if (person_id is None) == (unit_id is None):
        raise OwnerUnclear(pointer="/body/owner")
    if (kind is ActionKind.OTHER) != (other is not None):
        raise KindUnsaid(pointer="/body/other_kind")


def refuse_odd_step(
    state: ActionState, wanted: ActionState, *, reason: str | None, on: date, today: date
) -> None:
    """Refuse a step that an action in this state cannot take; dropping and taking up again need a reason."""
    possible = _NEXT[state]
    if wanted not in possible:
        raise StepNotPossible(
            state=state.value, wanted=wanted.value, possible=", ".join(possible), pointer="/body/state"
        )
    is_turn = wanted is ActionState.DROPPED or state in (ActionState.DONE, ActionState.DROPPED)
    if is_turn and not (reason or "").strip():
        raise ReasonMissing(pointer="/body/reason")
    if on > today:
        raise DoneInFuture(day=on, pointer="/body/on")


def is_overdue(state: ActionState, due_on: date | None, *, today: date) -> bool:
    """Whether its day has passed and it is neither done nor dropped. Without a day nothing is overdue."""
    return state in OPEN and due_on is not None and due_on < today


def changes_work(kinds: Collection[ActionKind]) -> bool:
    """B4: whether one of the actions changes the work itself."""
    return not CHANGES_WORK.isdisjoint(kinds)
