"""Meetings of the board and their agendas on the wire (P8)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.meetings import ItemKind, MeetingState
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose, Whole

# An address is told to people and never fetched.
Link = Annotated[
    str,
    Field(
        min_length=9,
        max_length=2000,
        pattern=r"^https://[^\s/@\\\u0000-\u001f\u007f-\u009f]+(/[^\s\u0000-\u001f\u007f-\u009f]*)?$",
        examples=["https://meet.example.org/board"],
    ),
]
Position = Annotated[int, Field(ge=1, le=1000, examples=[1])]


class MeetingIn(In):
    """When, where and with whom."""

    name: Name = Field(examples=["Portfolio board, March"])
    starts_at: Moment = Field(examples=["2027-03-01T09:00:00+01:00"])
    place: Maybe[Name] = Field(None, examples=["The town hall, room 3"])
    link: Maybe[Link] = None
    member_ids: list[Id] = Field(default=[], max_length=100, description="The people who are called.")


class MeetingHeldIn(In):
    """Who attended, and the minutes as far as they are written."""

    attended_ids: list[Id] = Field(max_length=200, description="The people who were there.")
    minutes: Maybe[Prose] = None


class MinutesIn(In):
    """The minutes as they were approved."""

    minutes: Prose = Field(min_length=1, examples=["The board approved the plan for 2027."])


class MeetingOut(Out):
    """A meeting: planned, called (its members have the agenda), held, and approved (its minutes are)."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    starts_at: Moment
    time_zone: str = Field(
        max_length=60, examples=["Europe/Oslo"], description="Of the organisation: where people read it."
    )
    place: Maybe[Name] = None
    link: Maybe[Link] = None
    member_ids: list[Id] = Field(max_length=100)
    state: MeetingState
    called_at: Maybe[Moment] = None
    called_by: Maybe[str] = Field(None, max_length=300)
    attended_ids: Maybe[list[Id]] = Field(None, max_length=200)
    minutes: Maybe[Prose] = None
    approved_at: Maybe[Moment] = None
    approved_by: Maybe[str] = Field(None, max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class MeetingPageOut(Out):
    """Meetings, a page at a time."""

    items: list[MeetingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class AgendaPaperIn(In):
    """A paper, by its address or by its id in the archive; it is never fetched."""

    title: Name = Field(examples=["The case for the new archive"])
    url: Maybe[Link] = None
    document_id: Maybe[Name] = Field(None, examples=["2026/4711-3"])


class AgendaItemIn(In):
    """What the board shall decide or hear."""

    position: Annotated[Whole, Field(ge=1, le=1000)] = Field(examples=[1])
    kind: ItemKind = Field(examples=["information"])
    name: Name = Field(examples=["Status of the running projects"])
    scenario_id: Maybe[Id] = Field(None, description="A published scenario of the portfolio.")
    project_ids: list[Id] = Field(default=[], max_length=200)
    release_id: Maybe[Id] = Field(None, description="What a gate's stop has freed.")
    proposed_decision: Maybe[Prose] = None
    papers: list[AgendaPaperIn] = Field(default=[], max_length=50)
    reason: Maybe[Prose] = Field(
        None, min_length=1, description="Why the agenda changes; needed once the members have it."
    )

    def said(self) -> dict[str, Any]:
        """The members of the item, without the reason."""
        said = self.model_dump(exclude={"reason", "papers"})
        return {**said, "papers": [one.model_dump(exclude_none=True) for one in self.papers]}


class ItemWithdrawalIn(In):
    """Why the item comes off the agenda; needed once the members have it."""

    reason: Maybe[Prose] = Field(None, min_length=1)


class AgendaPaperOut(Out):
    title: Name
    url: Maybe[Link] = None
    document_id: Maybe[Name] = None


class AgendaItemOut(Out):
    """An item of an agenda, and what was decided on it."""

    id: Id
    organisation: Organisation
    meeting_id: Id
    position: Position
    kind: ItemKind
    name: Name
    scenario_id: Maybe[Id] = None
    project_ids: list[Id] = Field(max_length=200)
    release_id: Maybe[Id] = None
    proposed_decision: Maybe[Prose] = None
    papers: list[AgendaPaperOut] = Field(max_length=50)
    is_late: bool = Field(description="Added, changed or taken off after the members had the agenda.")
    is_withdrawn: bool
    decision_ids: list[Id] = Field(max_length=1000)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class AgendaPageOut(Out):
    """The items of an agenda, a page at a time."""

    items: list[AgendaItemOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
