"""Meetings of the board: planned, called, held, approved (P8)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.decisions import FIRST_YEAR, LAST_YEAR, DecisionKind
from gevinst_shared.values.refusal import Refusal


class MeetingState(StrEnum):
    """`called`: the members have the agenda. `approved`: the minutes are, and nothing is added any more."""

    PLANNED = "planned"
    CALLED = "called"
    HELD = "held"
    APPROVED = "approved"


class ItemKind(StrEnum):
    """What the board shall do with the item: decide from a scenario, about projects, or take note."""

    SCENARIO = "scenario"
    PROPOSAL = "proposal"
    STOP = "stop"
    STATUS = "status"
    INFORMATION = "information"


class MeetingNotSo(Refusal):
    code = "meeting-not-so"
    title = "The meeting is not that far, or further"
    detail = "The meeting is {state}. This is done with one that is {needed}."


class AgendaEmpty(Refusal):
    code = "agenda-empty"
    title = "There is nothing on the agenda"
    detail = "Put what the board shall decide or hear on the agenda before you call its members."


class NobodyCalled(Refusal):
    code = "nobody-called"
    title = "The meeting has no members"
    detail = "Say who is called to the meeting before you send its agenda."


class LateWithoutReason(Refusal):
    code = "late-without-reason"
    title = "The agenda was sent already"
    detail = "The members have the agenda. Say in `reason` why it changes, so that they can see it."


class ItemDecided(Refusal):
    code = "item-decided"
    title = "The item was decided"
    detail = "The board has decided on this item. It stays as it was; put a new one on the agenda."


class ItemWithdrawn(Refusal):
    code = "item-withdrawn"
    title = "The item was taken off the agenda"
    detail = "What was taken off stays off. Put a new item on the agenda."


class ItemNamesNothing(Refusal):
    code = "item-names-nothing"
    title = "The item does not say what it is about"
    detail = "An item of the kind {kind} needs `{member}`."


class PaperNowhere(Refusal):
    code = "paper-nowhere"
    title = "Nobody knows where the paper is"
    detail = "A paper has either a `url` or a `document_id`: «{paper}» has none, or both."


class MeetingTooFar(Refusal):
    code = "meeting-too-far"
    title = "The meeting is too far away"
    detail = "A meeting is held in one of the years from {first} to {last}. Correct `starts_at`."


class NotOnTheAgenda(Refusal):
    code = "not-on-the-agenda"
    title = "The item is about something else"
    detail = "«{item}» is not on the agenda for this decision. Choose the item that names what you decide on."


class OtherMeeting(Refusal):
    code = "other-meeting"
    title = "Of another meeting or portfolio"
    detail = (
        "The agenda item, its meeting and what is decided belong together. Choose those of this portfolio."
    )


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item as deciding sees it, with the meeting that it is on the agenda of."""

    id: UUID
    meeting_id: UUID
    portfolio_id: UUID
    state: MeetingState
    kind: ItemKind
    name: str
    scenario_id: UUID | None
    project_ids: frozenset[UUID]
    is_withdrawn: bool
    is_decided: bool


# What an item of each kind is on the agenda for; the board may always decide less than was proposed.
_FOR = {
    ItemKind.SCENARIO: frozenset({DecisionKind.SCENARIO}),
    ItemKind.PROPOSAL: frozenset({DecisionKind.APPROVE, DecisionKind.REJECT, DecisionKind.POSTPONE}),
    ItemKind.STOP: frozenset(DecisionKind) - {DecisionKind.SCENARIO, DecisionKind.APPROVE},
    ItemKind.STATUS: frozenset(DecisionKind) - {DecisionKind.SCENARIO},
    ItemKind.INFORMATION: frozenset[DecisionKind](),
}


def refuse_state(state: MeetingState, *needed: MeetingState) -> None:
    """Refuse unless the meeting is in one of the states."""
    if state not in needed:
        raise MeetingNotSo(state=state.value, needed=" or ".join(needed))


def refuse_unnamed(kind: ItemKind, *, scenario_id: UUID | None, project_ids: Collection[UUID]) -> None:
    """Refuse an item that is to be decided and does not say about what."""
    if kind is ItemKind.SCENARIO and scenario_id is None:
        raise ItemNamesNothing(kind=kind.value, member="scenario_id", pointer="/body/scenario_id")
    if kind in {ItemKind.PROPOSAL, ItemKind.STOP} and not project_ids:
        raise ItemNamesNothing(kind=kind.value, member="project_ids", pointer="/body/project_ids")


def refuse_far(starts_at: datetime) -> None:
    """Refuse a moment that nobody can mean."""
    if not FIRST_YEAR <= starts_at.year <= LAST_YEAR:
        raise MeetingTooFar(first=FIRST_YEAR, last=LAST_YEAR, pointer="/body/starts_at")


def refuse_lost(papers: Sequence[Mapping[str, str]]) -> None:
    """Refuse papers of which nobody knows where they are, or that are in two places."""
    for at, paper in enumerate(papers):
        if ("url" in paper) == ("document_id" in paper):
            raise PaperNowhere(paper=paper["title"], pointer=f"/body/papers/{at}")


def refuse_change(item: AgendaItem, *, reason: str | None) -> bool:
    """Refuse a change of the item that may not be; whether it is late, and so told with its reason."""
    refuse_state(item.state, MeetingState.PLANNED, MeetingState.CALLED)
    if item.is_withdrawn:
        raise ItemWithdrawn
    if item.is_decided:
        raise ItemDecided
    return is_late(item.state, reason=reason)


def is_late(state: MeetingState, *, reason: str | None) -> bool:
    """Whether the agenda was sent already; refuses a late change without a reason."""
    if state is MeetingState.PLANNED:
        return False
    if reason is None:
        raise LateWithoutReason(pointer="/body/reason")
    return True


def refuse_off_agenda(
    item: AgendaItem,
    kind: DecisionKind,
    *,
    scenario_id: UUID | None = None,
    project_id: UUID | None = None,
) -> None:
    """Refuse to decide under an item what it is not on the agenda for."""
    refuse_state(item.state, MeetingState.CALLED, MeetingState.HELD)
    if item.is_withdrawn:
        raise ItemWithdrawn
    names_another = item.scenario_id != scenario_id if kind is DecisionKind.SCENARIO else False
    if project_id is not None and item.project_ids and project_id not in item.project_ids:
        names_another = True
    if kind not in _FOR[item.kind] or names_another:
        raise NotOnTheAgenda(item=item.name)
