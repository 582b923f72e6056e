"""Playbooks on the wire: written, published in editions, compared (X3)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.playbooks import (
    EARLIEST_WEEK,
    LATEST_WEEK,
    MOST_ACTIVITIES,
    MOST_DECISIONS,
    MOST_NAMED,
    START,
    Item,
    ItemChangeKind,
    ItemKind,
    Playbook,
)
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import Code, Id, In, Maybe, Moment, Name, Organisation, Out, Prose, Whole

MemberName = Annotated[str, Field(max_length=60, examples=["week"])]
Sha256 = Annotated[str, Field(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$", examples=["5e" * 32])]
_KEY = "The same in all editions; absent: a new item."


class ActivityMembersIn(In):
    """An activity: what is done, by which role, and when, in weeks from a point that each body dates."""

    title: Name = Field(examples=["Count the letters of each unit"])
    what: Maybe[Prose] = Field(None, examples=["Ask each unit how many letters it sends in a month."])
    role: Maybe[Name] = Field(None, description="Never a person.", examples=["Benefit owner"])
    phase: Maybe[Code] = Field(None, examples=["plan"])
    point: Code = Field(
        default=START, description="What weeks are counted from; `start`: the project's start."
    )
    week: Whole = Field(ge=EARLIEST_WEEK, le=LATEST_WEEK, examples=[4])
    duration_weeks: Maybe[Whole] = Field(None, ge=0, le=LATEST_WEEK, examples=[2])
    after: list[Id] = Field(
        default=[], max_length=MOST_NAMED, description="The keys of activities that it waits for."
    )

    def members(self) -> dict[str, Any]:
        """As the domain knows it: absent what is not said; whom it waits for is a set."""
        said = self.model_dump(exclude_none=True, exclude={"key", "after"})
        return {**said, "after": sorted({str(key) for key in self.after})}


class PlaybookActivityIn(ActivityMembersIn):
    """An activity of a playbook."""

    key: Maybe[Id] = Field(None, description=_KEY)


class DecisionMembersIn(In):
    """A decision: what is decided by which role, before what, and what must be on the table."""

    title: Name = Field(examples=["Which units begin"])
    role: Maybe[Name] = Field(None, description="Never a person.", examples=["Project owner"])
    before_activity: Maybe[Id] = Field(None, description="The key of the activity that waits for it.")
    before_gate: Maybe[Name] = Field(None, examples=["BP3"])
    papers: list[Name] = Field(
        default=[], max_length=MOST_NAMED, description="What must be on the table.", examples=[["Baseline"]]
    )

    def members(self) -> dict[str, Any]:
        """As the domain knows it: absent what is not said."""
        said = self.model_dump(exclude_none=True, exclude={"key", "before_activity"})
        before = {} if self.before_activity is None else {"before_activity": str(self.before_activity)}
        return {**said, **before}


class PlaybookDecisionIn(DecisionMembersIn):
    """A decision of a playbook."""

    key: Maybe[Id] = Field(None, description=_KEY)


class PlaybookIn(In):
    """All that the next edition will say: activities in order, decisions, and its general case."""

    name: Name = Field(examples=["Digital post in a municipality"])
    purpose: Maybe[Prose] = Field(None, examples=["Letters become digital, and postage is saved."])
    general_case: Maybe[Id] = Field(
        None, description="A general case of the benefits service, by its publisher's id for it."
    )
    activities: list[PlaybookActivityIn] = Field(default=[], max_length=MOST_ACTIVITIES)
    decisions: list[PlaybookDecisionIn] = Field(default=[], max_length=MOST_DECISIONS)

    def playbook(self) -> Playbook:
        """With a key for each item that has none."""
        items = [
            *(Item(ItemKind.ACTIVITY, one.key or new_id(), one.members()) for one in self.activities),
            *(Item(ItemKind.DECISION, one.key or new_id(), one.members()) for one in self.decisions),
        ]
        return Playbook(self.name, tuple(items), self.purpose, self.general_case)


class PlaybookEditionIn(In):
    """What is new."""

    note: Maybe[Prose] = Field(None, min_length=1, examples=["Counting comes before the contract now."])


class PlaybookWithdrawalIn(In):
    """Why nobody is to take it over any more; those who did are told."""

    reason: Prose = Field(min_length=1, examples=["The national solution closes."])


class PlaybookActivityOut(Out):
    """An activity of a playbook."""

    key: Id
    title: Name
    what: Maybe[Prose] = None
    role: Maybe[Name] = None
    phase: Maybe[Code] = None
    point: Code = Field(examples=[START])
    week: int = Field(ge=EARLIEST_WEEK, le=LATEST_WEEK)
    duration_weeks: Maybe[int] = Field(None, ge=0, le=LATEST_WEEK)
    after: list[Id] = Field(max_length=MOST_NAMED)


class PlaybookDecisionOut(Out):
    """A decision of a playbook."""

    key: Id
    title: Name
    role: Maybe[Name] = None
    before_activity: Maybe[Id] = None
    before_gate: Maybe[Name] = None
    papers: list[Name] = Field(max_length=MOST_NAMED)


class PlaybookOut(Out):
    """A playbook in the register: one's own, or a partner's that arrived."""

    id: Id
    organisation: Organisation
    publisher: Organisation
    published_as: Id = Field(description="Its publisher's id for it, which editions name; `id` is your own.")
    project_id: Maybe[Id] = None
    programme_id: Maybe[Id] = None
    name: Name
    purpose: Maybe[Prose] = None
    general_case: Maybe[Id] = None
    edition: Maybe[int] = Field(
        None, ge=1, le=1_000_000, description="The newest; absent: none is published."
    )
    created_by: str = Field(max_length=200)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    changed_at: Moment
    withdrawn_at: Maybe[Moment] = None
    withdrawal_reason: Maybe[str] = Field(None, max_length=20_000)
    unshared_at: Maybe[Moment] = Field(None, description="When its publisher ceased to share it with you.")


class PlaybookPageOut(Out):
    """Playbooks, a page at a time."""

    items: list[PlaybookOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class PlaybookDraftOut(Out):
    """What the next edition will say."""

    id: Id
    name: Name
    purpose: Maybe[Prose] = None
    general_case: Maybe[Id] = None
    activities: list[PlaybookActivityOut] = Field(max_length=MOST_ACTIVITIES)
    decisions: list[PlaybookDecisionOut] = Field(max_length=MOST_DECISIONS)
    revision: int = Field(ge=1, le=1_000_000_000)


class PlaybookDocumentOut(Out):
    """An edition as it was published, with its hash."""

    format: str = Field(max_length=60, examples=["gevinst-playbook/1"])
    playbook_id: Id
    publisher: Organisation
    edition: int = Field(ge=1, le=1_000_000)
    name: Name
    purpose: Maybe[Prose] = None
    general_case: Maybe[Id] = None
    note: Maybe[Prose] = None
    activities: list[PlaybookActivityOut] = Field(max_length=MOST_ACTIVITIES)
    decisions: list[PlaybookDecisionOut] = Field(max_length=MOST_DECISIONS)
    sha256: Sha256


class PlaybookEditionOut(Out):
    """When an edition was published, or arrived."""

    id: Id
    playbook_id: Id
    number: int = Field(ge=1, le=1_000_000)
    sha256: Sha256
    note: Maybe[Prose] = None
    published_by: str = Field(max_length=200)
    published_at: Moment


class PlaybookEditionPageOut(Out):
    """Editions, a page at a time."""

    items: list[PlaybookEditionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ActivityChangeOut(Out):
    """What became of an activity; `members` differ."""

    key: Id
    change: ItemChangeKind
    members: list[MemberName] = Field(max_length=20)
    before: Maybe[PlaybookActivityOut] = None
    after: Maybe[PlaybookActivityOut] = None


class DecisionChangeOut(Out):
    """What became of a decision; `members` differ."""

    key: Id
    change: ItemChangeKind
    members: list[MemberName] = Field(max_length=20)
    before: Maybe[PlaybookDecisionOut] = None
    after: Maybe[PlaybookDecisionOut] = None


class PlaybookDifferenceOut(Out):
    """What an edition says otherwise than an earlier one; without `since`, it is the first."""

    playbook_id: Id
    edition: int = Field(ge=1, le=1_000_000)
    since: Maybe[int] = Field(None, ge=1, le=1_000_000)
    about: list[str] = Field(max_length=3, description="Which of name, purpose and general_case differ.")
    activities: list[ActivityChangeOut] = Field(max_length=2 * MOST_ACTIVITIES)
    decisions: list[DecisionChangeOut] = Field(max_length=2 * MOST_DECISIONS)


class PlaybookFollowerOut(Out):
    """Who took a playbook over, and how far that is; another body's figures are as it shares them."""

    id: Id
    organisation: Organisation
    edition: Maybe[int] = Field(None, ge=1, le=1_000_000)
    planned: Maybe[int] = Field(None, ge=0, le=1_000)
    under_way: Maybe[int] = Field(None, ge=0, le=1_000)
    done: Maybe[int] = Field(None, ge=0, le=1_000)
    left_out: Maybe[int] = Field(None, ge=0, le=1_000)
    decisions_open: Maybe[int] = Field(None, ge=0, le=1_000)
    decisions_taken: Maybe[int] = Field(None, ge=0, le=1_000)


class PlaybookFollowerPageOut(Out):
    """Adoptions of a playbook, a page at a time."""

    items: list[PlaybookFollowerOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
