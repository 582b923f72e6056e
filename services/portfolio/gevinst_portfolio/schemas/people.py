"""People on the wire: name, contact and language, no more (E3)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.schemas.organisations import Language
from gevinst_shared.web.shapes import ONE_LINE, Id, In, Maybe, Moment, Name, Organisation, Out

Subject = Annotated[str, Field(min_length=1, max_length=200, pattern=ONE_LINE, examples=["kari"])]
Email = Annotated[
    str,
    Field(
        min_length=3,
        max_length=254,
        pattern=r"^[^@\u0000-\u0020\u007f-\u00a0]{1,64}@[^@\u0000-\u0020\u007f-\u00a0]{1,189}$",
        examples=["kari@example.org"],
    ),
]


class PersonIn(In):
    """A person who holds roles or hears of things."""

    subject: Subject = Field(description="`sub` in the person's tokens.")
    name: Name = Field(examples=["Kari Nordmann"])
    email: Maybe[Email] = None
    language: Language = "nb"


class PersonOut(Out):
    """A person as registered."""

    id: Id
    organisation: Organisation
    subject: Subject
    name: Name
    email: Maybe[Email] = None
    language: Language
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PersonPageOut(Out):
    """People, a page at a time."""

    items: list[PersonOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
