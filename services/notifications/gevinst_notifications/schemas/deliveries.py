"""Deliveries on the wire."""

from pydantic import Field

from gevinst_notifications.domain.deliveries import Channel, DeliveryState
from gevinst_shared.web.shapes import ONE_LINE, Id, In, Maybe, Moment, Organisation, Out, Whole


class DeliveryOut(Out):
    """One fact to one receiver on one channel, and how far it has come."""

    id: Id
    organisation: Organisation
    event_id: Id = Field(description="The event that it tells of.")
    event_type: str = Field(max_length=100, examples=["gevinst.benefits.gate-decided.v1"])
    subject: str = Field(max_length=100, examples=["projects/0198b6a4-7c1e-7000-8000-000000000002"])
    person_id: Id = Field(description="The person, or the endpoint where the receiver is one.")
    channel: str = Field(max_length=30, examples=["mail"], description="A list that may grow.")
    destination: str = Field(
        max_length=300, examples=["mail-server"], description="The mail server, or the endpoint's host."
    )
    state: DeliveryState = Field(
        description="`unknown`: handed over, but the answer was lost; it is tried again, marked. "
        "`dead`: given up; it can be replayed."
    )
    due_at: Moment
    attempts: Whole = Field(ge=0, le=1_000, examples=[1])
    lease_until: Maybe[Moment] = Field(None, description="Until when a worker has it.")
    may_be_duplicate: bool = Field(description="An earlier attempt may have arrived.")
    last_outcome: Maybe[str] = Field(None, max_length=30, examples=["accepted"])
    last_code: Maybe[Whole] = Field(None, ge=0, le=999, examples=[250])
    last_text: Maybe[str] = Field(None, max_length=200, examples=["OK"])
    sent_at: Maybe[Moment] = None
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class AttemptOut(Out):
    """One attempt at a delivery, and what the receiver said."""

    id: Id
    number: Whole = Field(ge=1, le=1_000, examples=[1], description="Counted anew after a replay.")
    at: Moment
    outcome: str = Field(max_length=30, examples=["temporary-failure"])
    code: Maybe[Whole] = Field(None, ge=0, le=999, examples=[451])
    text: Maybe[str] = Field(None, max_length=200, examples=["greylisted, come back later"])


class AttemptPageOut(Out):
    """The attempts at a delivery, a page at a time."""

    items: list[AttemptOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ReplayIn(In):
    """Which dead letters are to be sent again; what is absent does not filter."""

    channel: Maybe[Channel] = Field(None, examples=["mail"])
    destination: Maybe[str] = Field(None, max_length=300, pattern=ONE_LINE, examples=["mail-server"])
    person_id: Maybe[Id] = Field(None, description="Only to this person or endpoint.")
    event_type: Maybe[str] = Field(
        None, max_length=100, pattern=ONE_LINE, examples=["gevinst.benefits.gate-decided.v1"]
    )
    made_from: Maybe[Moment] = Field(None, description="Only what was made at this moment or later.")
    made_until: Maybe[Moment] = Field(None, description="Only what was made before this moment.")


class ReplayOut(Out):
    """How many are sent again, a thousand at most, and how many are left for another request."""

    replayed: Whole = Field(ge=0, le=1_000, examples=[12])
    left: Whole = Field(ge=0, le=1_000_000_000, examples=[0])


class DeliveryPageOut(Out):
    """Deliveries, a page at a time."""

    items: list[DeliveryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
