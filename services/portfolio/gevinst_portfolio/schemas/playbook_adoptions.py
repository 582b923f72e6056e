"""Playbooks that were taken over, on the wire (X3)."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from gevinst_portfolio.domain.playbook_adoptions import ActivityState, DecisionState
from gevinst_portfolio.domain.playbook_updates import UpdateAnswer
from gevinst_portfolio.domain.playbooks import (
    LATEST_WEEK,
    MOST_ACTIVITIES,
    MOST_DECISIONS,
    MOST_NAMED,
    START,
    ItemChangeKind,
)
from gevinst_portfolio.schemas.playbooks import (
    MemberName,
    PlaybookActivityOut,
    PlaybookDecisionOut,
    Sha256,
)
from gevinst_portfolio.schemas.profiles import PlannedDay
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose, Whole

MOST_POINTS = 50
MOST_ITEMS = 2_000


class OriginalLink(StrEnum):
    """How an adoption hangs on its original."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    UNSHARED = "unshared"


class ItemOrigin(StrEnum):
    PLAYBOOK = "playbook"
    OWN = "own"


class PointIn(In):
    """The day of a point that weeks are counted from."""

    point: Code = Field(examples=[START])
    day: PlannedDay = Field(examples=["2027-01-04"])


class PointsIn(In):
    """The days that weeks are counted from; activities of points that have none have no days."""

    points: list[PointIn] = Field(max_length=MOST_POINTS)

    def days(self) -> dict[str, date]:
        """The last day said of each point."""
        return {one.point: one.day for one in self.points}


class PlaybookAdoptionIn(In):
    """Which playbook is taken over, and the days that weeks are counted from here."""

    playbook_id: Id
    edition: Maybe[Whole] = Field(None, ge=1, le=1_000_000, description="Absent: the newest.")
    points: list[PointIn] = Field(
        default=[], max_length=MOST_POINTS, description="`start` is the project's own when it is not named."
    )

    def days(self) -> dict[str, date]:
        """The last day said of each point."""
        return {one.point: one.day for one in self.points}


class PlaybookAdoptionOut(Out):
    """A playbook as a project took it over, and how far it is."""

    id: Id
    organisation: Organisation
    playbook_id: Id
    publisher: Organisation
    project_id: Id
    name: Name
    purpose: Maybe[Prose] = None
    general_case: Maybe[Id] = None
    edition: int = Field(ge=1, le=1_000_000, description="The edition that is here whole.")
    newest_edition: int = Field(ge=1, le=1_000_000)
    has_update: bool = Field(description="There is a newer edition, and it is still offered.")
    is_dismissed: bool = Field(description="The newest edition was looked at, and not taken.")
    dismissal_reason: Maybe[Prose] = None
    link: OriginalLink
    withdrawal_reason: Maybe[str] = Field(None, max_length=20_000)
    points: list[PointIn] = Field(max_length=MOST_POINTS + 1)
    planned: int = Field(ge=0, le=MOST_ITEMS)
    under_way: int = Field(ge=0, le=MOST_ITEMS)
    done: int = Field(ge=0, le=MOST_ITEMS)
    left_out: int = Field(ge=0, le=MOST_ITEMS)
    decisions_open: int = Field(ge=0, le=MOST_ITEMS)
    decisions_taken: int = Field(ge=0, le=MOST_ITEMS)
    adopted_by: str = Field(max_length=200)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    changed_at: Moment


class PlaybookAdoptionPageOut(Out):
    """Adoptions, a page at a time."""

    items: list[PlaybookAdoptionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ActivityProgressIn(In):
    """How far an activity is; a reason is needed to leave it out."""

    state: ActivityState = Field(examples=["under-way"])
    reason: Maybe[Prose] = Field(None, min_length=1)


class DecisionOutcomeIn(In):
    """What was decided: a day and a reason when it was taken, a reason when it is left out."""

    state: DecisionState = Field(examples=["open"])
    decided_on: Maybe[Day] = None
    reason: Maybe[Prose] = Field(None, min_length=1)


class _AdoptedOut(Out):
    id: Id
    playbook_adoption_id: Id
    key: Id
    title: Name
    role: Maybe[Name] = None
    reason: Maybe[Prose] = None
    origin: ItemOrigin
    edition: Maybe[int] = Field(None, ge=1, le=1_000_000, description="The edition that it is from.")
    changed_members: list[MemberName] = Field(max_length=20, description="What was changed here.")
    is_gone: bool = Field(description="It went with the original.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    changed_at: Moment


class AdoptedActivityOut(_AdoptedOut):
    """An activity as it holds here; its days follow from the adoption's points."""

    what: Maybe[Prose] = None
    phase: Maybe[Code] = None
    point: Code = Field(examples=[START])
    week: int = Field(ge=-LATEST_WEEK, le=LATEST_WEEK)
    duration_weeks: Maybe[int] = Field(None, ge=0, le=LATEST_WEEK)
    after: list[Id] = Field(max_length=MOST_NAMED)
    starts_on: Maybe[Day] = None
    ends_on: Maybe[Day] = None
    state: ActivityState


class AdoptedDecisionOut(_AdoptedOut):
    """A decision as it holds here."""

    before_activity: Maybe[Id] = None
    before_gate: Maybe[Name] = None
    papers: list[Name] = Field(max_length=MOST_NAMED)
    state: DecisionState
    decided_on: Maybe[Day] = None


class PlaybookPlanOut(Out):
    """All that was taken over and added, in order; also what went with the original."""

    playbook_adoption_id: Id
    activities: list[AdoptedActivityOut] = Field(max_length=MOST_ITEMS)
    decisions: list[AdoptedDecisionOut] = Field(max_length=MOST_ITEMS)


class _OfferOut(Out):
    key: Id
    change: ItemChangeKind
    is_conflict: bool = Field(description="It changed on both sides: it needs an answer.")
    upstream_members: list[MemberName] = Field(max_length=20)
    local_members: list[MemberName] = Field(max_length=20)
    conflicting_members: list[MemberName] = Field(max_length=20)


class ActivityOfferOut(_OfferOut):
    """An activity as it was taken, as the newest edition has it, and as it is here."""

    state: Maybe[ActivityState] = None
    taken: Maybe[PlaybookActivityOut] = None
    theirs: Maybe[PlaybookActivityOut] = None
    ours: Maybe[PlaybookActivityOut] = None


class DecisionOfferOut(_OfferOut):
    """A decision as it was taken, as the newest edition has it, and as it is here."""

    state: Maybe[DecisionState] = None
    taken: Maybe[PlaybookDecisionOut] = None
    theirs: Maybe[PlaybookDecisionOut] = None
    ours: Maybe[PlaybookDecisionOut] = None


class PlaybookUpdateOut(Out):
    """What the newest edition would change here; nothing of it is taken until somebody accepts it."""

    playbook_adoption_id: Id
    taken_edition: int = Field(ge=1, le=1_000_000)
    edition: int = Field(ge=1, le=1_000_000)
    sha256: Sha256
    note: Maybe[Prose] = None
    is_dismissed: bool
    has_conflicts: bool
    about: list[str] = Field(max_length=3, description="Which of name, purpose and general_case differ.")
    activities: list[ActivityOfferOut] = Field(max_length=MOST_ITEMS + MOST_ACTIVITIES)
    decisions: list[DecisionOfferOut] = Field(max_length=MOST_ITEMS + MOST_DECISIONS)


class OfferAnswerIn(In):
    """Whose word holds in what changed upstream; what changed here alone stays either way."""

    key: Id
    answer: UpdateAnswer = Field(examples=["theirs"])


class PlaybookAcceptanceIn(In):
    """The update that is taken, as it was looked at: whole, or only the items that `keys` names."""

    sha256: Sha256 = Field(description="As the update showed it.")
    keys: Maybe[list[Id]] = Field(None, min_length=1, max_length=MOST_ITEMS, description="Absent: all.")
    answers: list[OfferAnswerIn] = Field(
        default=[], max_length=MOST_ITEMS, description="One for each conflict among what is taken."
    )
    reason: Maybe[Prose] = Field(None, min_length=1, description="Needed to leave out what is new.")


class PlaybookDismissalIn(In):
    """Why nothing of the update is taken."""

    sha256: Sha256 = Field(description="As the update showed it.")
    reason: Prose = Field(min_length=1, examples=["We are past these activities."])
