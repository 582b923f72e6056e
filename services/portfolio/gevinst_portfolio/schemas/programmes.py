"""Programmes on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out


class ProgrammeIn(In):
    """Projects of one portfolio that belong together."""

    portfolio_id: Id
    name: Name = Field(examples=["Welfare technology"])


class ProgrammeChangeIn(In):
    """What can change of a programme."""

    name: Name = Field(examples=["Welfare technology"])


class ProgrammeOut(Out):
    """A programme as it is registered."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ProgrammePageOut(Out):
    """Programmes, a page at a time."""

    items: list[ProgrammeOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
