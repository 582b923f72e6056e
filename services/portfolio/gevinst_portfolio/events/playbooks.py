"""What the portfolio service announces of playbooks and of those that were taken over (X3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class PlaybookDrafted(Fact):
    """What the next edition of our own playbook will say was written or changed."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-drafted.v1"
    playbook_id: UUID
    name: str
    project_id: UUID | None = None
    programme_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlaybookPublished(Fact):
    """There is a newer edition, our own or a partner's; `project_ids` are those here that took it over."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-published.v1"
    playbook_id: UUID
    publisher: str
    name: str
    edition: int
    project_ids: Sequence[UUID]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PlaybookWithdrawn(Fact):
    """Nobody takes it over any more; who did keeps what was taken."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-withdrawn.v1"
    playbook_id: UUID
    publisher: str
    name: str
    edition: int
    project_ids: Sequence[UUID]
    reason: str


@dataclass(frozen=True, slots=True)
class PlaybookUnshared(Fact):
    """Its publisher does not share it with us any more; who took it over keeps what was taken."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-unshared.v1"
    playbook_id: UUID
    publisher: str
    name: str
    edition: int
    project_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class _AdoptionFact(Fact):
    playbook_adoption_id: UUID
    playbook_id: UUID
    project_id: UUID
    name: str
    edition: int


@dataclass(frozen=True, slots=True)
class PlaybookAdopted(_AdoptionFact):
    """A project took a playbook over."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-adopted.v1"


@dataclass(frozen=True, slots=True)
class PlaybookAdoptionChanged(_AdoptionFact):
    """The days that weeks count from were set."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-adoption-changed.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookUpdateAccepted(_AdoptionFact):
    """Items were brought up to a newer edition; `is_whole`: there is nothing more of it to take."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-update-accepted.v1"
    accepted_edition: int
    item_count: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookUpdateDismissed(_AdoptionFact):
    """A newer edition was looked at and not taken."""

    type: ClassVar[str] = "gevinst.portfolio.playbook-update-dismissed.v1"
    dismissed_edition: int


@dataclass(frozen=True, slots=True)
class AdoptedItemChanged(Fact):
    """An item of a playbook that was taken over: added, changed, done, decided, left out."""

    type: ClassVar[str] = "gevinst.portfolio.adopted-item-changed.v1"
    adopted_item_id: UUID
    playbook_adoption_id: UUID
    project_id: UUID
    kind: str
    title: str
    state: str
    decided_on: date | None = None
