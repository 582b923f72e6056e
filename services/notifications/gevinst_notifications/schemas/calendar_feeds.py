"""Calendars that people subscribe to, on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Whole


class CalendarFeedIn(In):
    """A calendar of one's own duties."""

    name: Name = Field(examples=["My deadlines"], description="What the calendar is called where it is read.")


class CalendarFeedOut(Out):
    """A calendar that its person can subscribe to."""

    id: Id
    organisation: Organisation
    name: str = Field(max_length=200, examples=["My deadlines"])
    address: Maybe[str] = Field(
        None,
        max_length=1000,
        examples=["https://gevinst.example/notifications/v1/calendar?ticket=Zm9v"],
        description="Whoever has it reads the calendar: treat it as a password. Absent in the answer that "
        "opens the calendar; read it afterwards.",
    )
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class CalendarFeedPageOut(Out):
    """Calendars, a page at a time."""

    items: list[CalendarFeedOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
