"""A playbook as a project took it over: what is done, decided and left out of it (X3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.playbook_updates import Adopted
from gevinst_portfolio.domain.playbooks import Item, ItemKind
from gevinst_shared.values.refusal import Refusal

MOST_OWN = 200


class ActivityState(StrEnum):
    PLANNED = "planned"
    UNDER_WAY = "under-way"
    DONE = "done"
    LEFT_OUT = "left-out"


class DecisionState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    LEFT_OUT = "left-out"


FIRST_STATE = {ItemKind.ACTIVITY: ActivityState.PLANNED.value, ItemKind.DECISION: DecisionState.OPEN.value}


@dataclass(frozen=True, slots=True)
class AdoptedItem:
    """An item of an adoption, with what has become of it."""

    id: UUID
    adoption_id: UUID
    adopted: Adopted
    edition: int | None
    state: str
    decided_on: date | None
    reason: str | None
    place: int

    @property
    def item(self) -> Item:
        """As it holds here."""
        return Item(self.adopted.kind, self.adopted.key, self.adopted.ours)


class ReasonMissing(Refusal):
    code = "playbook-reason-missing"
    title = "Say why"
    detail = "What is left out or decided needs a reason."


class DecidedOnMissing(Refusal):
    code = "decided-on-missing"
    title = "Say on which day"
    detail = "A decision that was taken has a day."


class DecidedInFuture(Refusal):
    code = "decided-in-future"
    title = "The day has not come"
    detail = "{day} is after today. Enter the decision when it has been taken."


class ItemGone(Refusal):
    code = "playbook-item-gone"
    title = "The item is gone"
    detail = "It went with the original when you took its edition {edition}. Add it as one of your own."


class TooManyActivities(Refusal):
    code = "too-many-own-activities"
    title = "Too many activities of your own"
    detail = "At most {most} activities can be added to a playbook that was taken over."


def refuse_without_reason(state: str, reason: str | None) -> None:
    """Refuse to leave out, or to take a decision, without saying why."""
    if state in {ActivityState.LEFT_OUT, DecisionState.TAKEN} and not reason:
        raise ReasonMissing(pointer="/body/reason")


def refuse_odd_day(state: DecisionState, decided_on: date | None, today: date) -> None:
    """Refuse a decision without a day, or on one to come."""
    if state is not DecisionState.TAKEN:
        return
    if decided_on is None:
        raise DecidedOnMissing(pointer="/body/decided_on")
    if decided_on > today:
        raise DecidedInFuture(day=decided_on, pointer="/body/decided_on")


def in_order(items: Sequence[AdoptedItem], newest: Sequence[Item]) -> list[UUID]:
    """The ids of the items in the order of the edition, and our own after them as they were."""
    places = {(one.kind, one.key): place for place, one in enumerate(newest)}
    last = len(places)
    ordered = sorted(
        items, key=lambda one: (places.get((one.adopted.kind, one.adopted.key), last), one.place)
    )
    return [one.id for one in ordered]
