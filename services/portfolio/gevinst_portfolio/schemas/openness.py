"""What is public, what is confidential, and the decisions that everybody may read, on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.openness import NoteKind
from gevinst_portfolio.schemas.decisions import MOST_PROJECTS
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class OpennessIn(In):
    """Whether everybody may read what was decided in the portfolio, from a day on."""

    is_open: bool = Field(examples=[True])
    body: Name = Field(
        description="What the deciding body is called in public; never the names of its members.",
        examples=["The portfolio board"],
    )
    from_day: Day = Field(description="Decided on this day or later.", examples=["2026-01-01"])


class OpennessOut(Out):
    """Whether everybody may read what was decided in the portfolio."""

    portfolio_id: Id
    organisation: Organisation
    is_open: bool
    body: Name
    from_day: Day
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ConfidentialityIn(In):
    """Whether the project is kept from the public, and by which law."""

    is_confidential: bool = Field(examples=[True])
    basis: Maybe[Name] = Field(None, description="Needed to keep it.", examples=["Offentleglova § 23"])


class ConfidentialityOut(Out):
    """Whether the project is kept from the public, and by which law."""

    project_id: Id
    organisation: Organisation
    is_confidential: bool
    basis: Maybe[Name] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PublicNoteIn(In):
    """What everybody is told of a published decision afterwards. Name no person."""

    kind: NoteKind = Field(
        description="A correction stands beside what was published, a withdrawal in its place.",
        examples=["correction"],
    )
    text: Prose = Field(min_length=1, examples=["The case number is 2026/4712."])


class PublicNoteOut(Out):
    """What everybody is told of a published decision afterwards."""

    id: Id
    organisation: Organisation
    decision_id: Id
    kind: NoteKind
    text: Prose
    noted_by: str = Field(max_length=300, description="Never public.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PublicNotePageOut(Out):
    """Notes in the order they were made, a page at a time."""

    items: list[PublicNoteOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class PublicProjectOut(Out):
    """What the decision did to a project that may be told of."""

    name: Name
    effect: Effect
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    followed_by_id: Maybe[Id] = Field(None, description="The later decision about the same project.")


class PublicRemarkOut(Out):
    """A correction or a withdrawal."""

    kind: NoteKind
    text: Prose
    noted_at: Moment


class PublicDecisionOut(Out):
    """A decision as everybody may read it. `kind`, `projects` and `until` are absent once it is withdrawn."""

    id: Id
    organisation: Organisation
    body: Name
    case_number: Name
    decided_on: Day
    is_withdrawn: bool
    kind: Maybe[DecisionKind] = None
    until: Maybe[Day] = None
    projects: Maybe[list[PublicProjectOut]] = Field(None, max_length=MOST_PROJECTS)
    notes: list[PublicRemarkOut] = Field(max_length=1000)
    published_at: Moment
    updated_at: Moment


class PublicDecisionPageOut(Out):
    """Public decisions, a page at a time."""

    items: list[PublicDecisionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


Language = Literal["nb", "nn", "da", "sv", "en"]
