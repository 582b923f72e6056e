"""Facts about what everybody may read."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OpennessSet(Fact):
    """Whether decisions of the portfolio are public from now on."""

    type: ClassVar[str] = "gevinst.portfolio.openness-set.v1"
    portfolio_id: UUID
    is_open: bool


@dataclass(frozen=True, slots=True)
class ConfidentialitySet(Fact):
    """Whether the project is kept from the public."""

    type: ClassVar[str] = "gevinst.portfolio.confidentiality-set.v1"
    project_id: UUID
    is_confidential: bool


@dataclass(frozen=True, slots=True)
class PublicNoteAdded(Fact):
    """A published decision was corrected or withdrawn in public; the decision itself never changes."""

    type: ClassVar[str] = "gevinst.portfolio.public-note-added.v1"
    public_note_id: UUID
    decision_id: UUID
    kind: str
