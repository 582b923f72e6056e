"""Queues and pauses on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from gevinst_notifications.domain.deliveries import Channel
from gevinst_shared.web.shapes import (
    ONE_LINE,
    Id,
    In,
    Maybe,
    Moment,
    Organisation,
    Out,
    Whole,
    composed,
    filled,
)

_Reason = Annotated[
    str,
    Field(min_length=1, max_length=500, pattern=ONE_LINE),
    AfterValidator(composed),
    AfterValidator(filled),
]
Count = Annotated[Whole, Field(ge=0, le=1_000_000_000, examples=[3])]
_Destination = Field(
    max_length=300, examples=["mail-server"], description="The mail server, or an endpoint's host."
)


class QueueOut(Out):
    """One destination: what waits for it, and how it fares."""

    channel: str = Field(max_length=30, examples=["mail"], description="A list that may grow.")
    destination: str = _Destination
    waiting: Count = Field(description="Not yet sent, due or not.")
    due: Count = Field(description="Of these, how many should have been sent by now.")
    in_flight: Count = Field(description="In workers' hands.")
    given_up: Count = Field(description="Dead letters; they can be replayed.")
    oldest_due_at: Maybe[Moment] = Field(None, description="Since when the oldest that is due waits.")
    accepted_last_hour: Count = Field(description="Attempts that the receiver took.")
    failed_last_hour: Count = Field(description="Attempts that failed, for whatever reason.")
    is_paused: bool
    failures_in_a_row: Count
    rests_until: Maybe[Moment] = Field(
        None, description="It failed too often: nothing is sent there before this moment."
    )


class QueuesOut(Out):
    """Every destination that something waits for, that failed, or that was sent to in the last hour."""

    items: list[QueueOut] = Field(max_length=1_000)


class PauseIn(In):
    """What is to be stopped, and why."""

    channel: Channel = Field(examples=["mail"])
    destination: Maybe[str] = Field(
        None,
        min_length=1,
        max_length=300,
        pattern=ONE_LINE,
        examples=["hooks.example.no"],
        description="Only this one; the whole channel when it is absent.",
    )
    reason: _Reason = Field(examples=["The mail server is being moved."])


class PauseOut(Out):
    """Nothing goes out on the channel, or to the destination, until the pause is deleted."""

    id: Id
    organisation: Organisation
    channel: str = Field(max_length=30, examples=["mail"])
    destination: Maybe[str] = Field(None, max_length=300, examples=["hooks.example.no"])
    reason: str = Field(max_length=500, examples=["The mail server is being moved."])
    paused_by: str = Field(max_length=200, examples=["kari"])
    paused_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class PausePageOut(Out):
    """Pauses, a page at a time."""

    items: list[PauseOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
