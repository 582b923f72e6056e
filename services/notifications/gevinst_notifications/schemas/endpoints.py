"""Endpoints on the wire. An address is written and never read back: it may be a secret in itself."""

from typing import Annotated

from pydantic import Field

from gevinst_notifications.domain.endpoints import EndpointDraft, EndpointState, Subscription
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.web.shapes import Code, Id, In, Maybe, Moment, Name, Organisation, Out, Whole

_CHANNELS = "`webhook`, `teams`, `slack`, `mattermost` or `apprise`. A list that may grow."
_Pattern = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[a-z0-9.*-]+$")]
_Language = Annotated[str, Field(max_length=5, pattern=r"^(nb|nn|da|sv|en)$")]
# What is white to somebody: dialects of patterns differ on U+0085.
_ADDRESS = r"^[A-Za-z][A-Za-z0-9+.-]*://[^\s\u0000-\u0020\u007f-\u00a0]+$"
_Address = Annotated[str, Field(min_length=8, max_length=2000, pattern=_ADDRESS)]


class _Wanted(In):
    name: Name = Field(examples=["Boardroom"], description="What people call it.")
    event_types: list[_Pattern] = Field(
        default_factory=list,
        max_length=50,
        examples=[["gevinst.benefits.*"]],
        description="For a webhook: the types of facts that it gets; `*` stands for any characters. Some "
        "facts name people.",
    )
    kinds: list[Code] = Field(
        default_factory=list,
        max_length=100,
        examples=[["gate-decided"]],
        description="For other channels: the kinds of notices that it gets.",
    )
    scope: ScopeKind = Field(
        ScopeKind.ORGANISATION,
        description="For other channels than webhooks: the kind of place that the notices are about.",
    )
    scope_id: Maybe[Id] = Field(None, description="The place; absent for the whole organisation.")
    language: Maybe[_Language] = Field(
        None,
        examples=["nb"],
        description="Of the notices; the organisation's own when absent. Not for webhooks.",
    )

    def drafted(self, address: str | None, *, is_active: bool) -> EndpointDraft:
        wanted = Subscription(
            event_types=tuple(self.event_types),
            scope=self.scope,
            scope_id=self.scope_id,
            language=self.language,
        )
        return EndpointDraft(self.name, address, wanted, tuple(self.kinds), is_active=is_active)


class EndpointIn(_Wanted):
    """An address outside, and what it is to hear of."""

    channel: Code = Field(examples=["webhook"], description=_CHANNELS)
    address: _Address = Field(
        examples=["https://hooks.example.no/gevinst"],
        description="Where to send to: https, or an Apprise address. Kept sealed and never shown again.",
    )

    def draft(self) -> EndpointDraft:
        return self.drafted(self.address, is_active=True)


class EndpointChangeIn(_Wanted):
    """The endpoint as it is to be; without `address` it stays where it is."""

    address: Maybe[_Address] = Field(None, examples=["https://hooks.example.no/gevinst"])
    is_active: bool = Field(description="Whether anything is sent; true also ends being disabled.")

    def draft(self) -> EndpointDraft:
        return self.drafted(self.address, is_active=self.is_active)


class EndpointOut(Out):
    """An endpoint; of its address only the host."""

    id: Id
    organisation: Organisation
    channel: str = Field(max_length=30, examples=["webhook"], description=_CHANNELS)
    name: str = Field(max_length=200, examples=["Boardroom"])
    host: str = Field(max_length=300, examples=["hooks.example.no"])
    event_types: list[Annotated[str, Field(max_length=100)]] = Field(max_length=50)
    kinds: list[Annotated[str, Field(max_length=60)]] = Field(max_length=100)
    scope: ScopeKind
    scope_id: Maybe[Id] = None
    language: Maybe[str] = Field(None, max_length=5, examples=["nb"])
    state: EndpointState = Field(
        description="`paused`: by people. `disabled`: it is gone, or everything failed for five days."
    )
    disabled_because: Maybe[str] = Field(None, max_length=20, examples=["failing"])
    disabled_at: Maybe[Moment] = None
    failing_since: Maybe[Moment] = Field(None, description="The first failure without a success since.")
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class EndpointPageOut(Out):
    """Endpoints, a page at a time."""

    items: list[EndpointOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class EndpointKeyIn(In):
    """A new key for a webhook."""

    overlap_hours: Whole = Field(
        24, ge=0, le=168, examples=[24], description="How long the older keys still sign."
    )


class EndpointKeyOut(Out):
    """A key, without its secret."""

    id: Id
    organisation: Organisation
    endpoint_id: Id
    created_at: Moment
    ends_at: Maybe[Moment] = Field(None, description="From when on it does not sign any more.")
    revision: Whole = Field(ge=1, le=1_000_000_000)


class EndpointKeysOut(Out):
    """The endpoint's last hundred keys, newest first."""

    items: list[EndpointKeyOut] = Field(max_length=100)


class EndpointSecretOut(Out):
    """What the receiver needs to check our signatures (Standard Webhooks)."""

    id: Id
    secret: str = Field(max_length=100, examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class EndpointAttemptOut(Out):
    """One attempt to send something to the endpoint."""

    id: Id
    delivery_id: Id
    event_id: Id
    event_type: str = Field(max_length=100, examples=["gevinst.benefits.gate-decided.v1"])
    number: Whole = Field(ge=1, le=1_000, description="Which attempt at this delivery it was.")
    at: Moment
    outcome: str = Field(max_length=30, examples=["accepted"])
    code: Maybe[Whole] = Field(None, ge=0, le=999, examples=[204])
    text: Maybe[str] = Field(None, max_length=200)


class EndpointAttemptPageOut(Out):
    """Attempts, a page at a time."""

    items: list[EndpointAttemptOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
