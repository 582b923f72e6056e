"""The inbox on the wire."""

from typing import Annotated

from pydantic import Field

from gevinst_notifications.usecases.reading import Told
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Out, Whole

_Count = Annotated[Whole, Field(ge=0, le=2**53 - 1)]


class FactOut(Out):
    """One detail, with its label."""

    label: str = Field(max_length=200, examples=["Outcome"])
    value: str = Field(max_length=700, examples=["stop"])


class InboxItemOut(Out):
    """What one person was told, in the language of the request."""

    id: Id
    seq: Whole = Field(
        ge=1,
        le=2**53 - 1,
        examples=[17],
        description="Newer is higher. Numbers are the organisation's, so an inbox has some of them.",
    )
    event_id: Id = Field(description="The event that it tells of.")
    kind: str = Field(max_length=60, examples=["gate-decided"], description="A list that may grow.")
    subject: str = Field(max_length=100, examples=["projects/0198b6a4-7c1e-7000-8000-000000000002"])
    language: str = Field(max_length=5, examples=["en"])
    title: str = Field(max_length=160, examples=["BP3 for Digital post: stop"])
    lead: str = Field(max_length=5000, examples=["The outcome is “stop”."])
    facts: list[FactOut] = Field(max_length=30)
    action: str = Field(max_length=200, examples=["See the decision"])
    why: str = Field(max_length=2000, examples=["You receive this message because you own the project."])
    reasons: list[str] = Field(max_length=20, examples=[["owns-project"]])
    occurred_at: Moment
    created_at: Moment
    read_at: Maybe[Moment] = None
    acknowledged_at: Maybe[Moment] = None
    revision: Whole = Field(ge=1, le=1_000_000_000)

    @classmethod
    def of(cls, told: Told) -> "InboxItemOut":
        words = told.words
        stored = {name: value for name, value in told.stored.items() if name not in {"type", "data"}}
        return cls(
            **stored,
            kind=told.kind,
            language=words.language,
            title=words.title,
            lead=words.lead,
            facts=[FactOut(label=label, value=value) for label, value in words.facts],
            action=words.action,
            why=words.why,
        )

    def document(self) -> str:
        return self.model_dump_json(exclude_none=True)


class InboxPageOut(Out):
    """Items, newest first, and the counters of the whole inbox."""

    items: list[InboxItemOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
    unread: _Count = Field(examples=[3], description="Items that were not read.")
    unacknowledged: _Count = Field(examples=[5], description="Items that were not acknowledged.")
    last_seq: _Count = Field(
        examples=[17], description="Number of the newest item; the stream's `Last-Event-ID`."
    )


class ReadingIn(In):
    """How far the inbox was read."""

    up_to: _Count = Field(examples=[17], description="`seq` of the newest item that was read.")
