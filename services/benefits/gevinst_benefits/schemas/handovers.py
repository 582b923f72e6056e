"""Handovers on the wire (G9)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.gates.handovers import (
    HandoverPaper,
    HandoverState,
    Missing,
    Paper,
    PaperState,
    Shortcoming,
)
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out

Link = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1000,
        pattern=r"^(https?://[^\s\u0000-\u001f]+|[^\s:/]+/[^\s\u0000-\u001f]+)$",
        description="An address, or a case and document number such as 2026/1234-5.",
        examples=["https://archive.example.org/2026/1234-5"],
    ),
]


class HandoverIn(In):
    """The unit that is to take over."""

    receiving_unit_id: Id


class PaperShape(In):
    """A paper: where it is, or why it is not relevant."""

    paper: Paper
    state: PaperState
    link: Maybe[Link] = None
    reason: Maybe[Name] = None

    def value(self) -> HandoverPaper:
        return HandoverPaper(self.paper, self.state, self.link, self.reason)


class PapersIn(In):
    """The papers of which something is said; others stay as they are."""

    papers: list[PaperShape] = Field(min_length=1, max_length=7)


class HandoverRefusalIn(In):
    """What the line misses, and why."""

    missing: list[Paper] = Field(max_length=7)
    reason: Name = Field(examples=["The night shift has not been trained."])


class HandoverOut(Out):
    """A project's way to the line."""

    id: Id
    organisation: Organisation
    project_id: Id
    receiving_unit_id: Id
    state: HandoverState
    papers: list[PaperShape] = Field(max_length=7)
    offered_by: Maybe[str] = Field(None, max_length=300)
    offered_at: Maybe[Moment] = None
    settled_by: Maybe[str] = Field(None, max_length=300)
    settled_at: Maybe[Moment] = None
    reason: Maybe[str] = Field(None, max_length=10_000)
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class HandoverPageOut(Out):
    """Handovers, a page at a time."""

    items: list[HandoverOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ShortcomingOut(Out):
    """One thing that is missing: a paper, or something of a benefit."""

    kind: Shortcoming
    subject: str = Field(max_length=300, description="The paper, or the benefit's name.")
    benefit_id: Maybe[Id] = None


class ShortcomingsOut(Out):
    """What stands between the project and the line; empty when all is there."""

    items: list[ShortcomingOut] = Field(max_length=100_000)

    @classmethod
    def of(cls, missing: Sequence[Missing]) -> "ShortcomingsOut":
        return cls.model_construct(
            items=[
                ShortcomingOut.model_construct(kind=one.kind, subject=one.subject, benefit_id=one.benefit_id)
                for one in missing
            ]
        )
