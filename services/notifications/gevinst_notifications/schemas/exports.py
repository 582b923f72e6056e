"""Everything that is kept of a person, on the wire."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_notifications.store.exports import LONGEST
from gevinst_shared.web.shapes import Id, Maybe, Organisation, Out

_Rows = Annotated[
    list[dict[str, Any]], Field(max_length=LONGEST, description="As stored; a list of members that may grow.")
]


class ExportedPersonOut(Out):
    """Who the person is."""

    id: Id
    subject: str = Field(max_length=300, examples=["kari"])
    name: str = Field(max_length=300, examples=["Kari Nordmann"])
    email: Maybe[str] = Field(None, max_length=300, examples=["kari@example.org"])
    language: Maybe[str] = Field(None, max_length=35, examples=["nb"])
    known_as: list[Annotated[str, Field(max_length=300)]] = Field(
        max_length=1_000,
        examples=[["kari", "Kari Nordmann", "kari@example.org"]],
        description="Every subject, name and address that they have had here, for erasing them.",
    )


class ExportOut(Out):
    """Everything that is kept of a person here; the portfolio service keeps the register of people."""

    organisation: Organisation
    person: ExportedPersonOut
    roles: _Rows
    preferences: _Rows
    followings: _Rows
    absences: _Rows
    inbox: _Rows
    deliveries: _Rows
    digests: _Rows
    silences: _Rows
    suppressions: _Rows
    calendars: _Rows
