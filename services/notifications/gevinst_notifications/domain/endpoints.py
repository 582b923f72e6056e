"""Endpoints: addresses outside that get facts (webhooks) or worded notices (channels of teams)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from gevinst_notifications.domain.deliveries import Channel, Outcome
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind
from gevinst_shared.values.refusal import Refusal

# Every way out of the house but mail, which goes to people.
ENDPOINT_CHANNELS = frozenset(Channel) - {Channel.MAIL}
MOST_ENDPOINTS = 100
# So long may everything fail before nothing is sent there any more.
LONGEST_FAILURE = timedelta(days=5)


class EndpointState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"  # by people
    DISABLED = "disabled"  # by us, see `DisabledBecause`


class DisabledBecause(StrEnum):
    GONE = "gone"  # the receiver said so
    FAILING = "failing"  # for longer than `LONGEST_FAILURE`


class OddSubscription(Refusal):
    code = "odd-subscription"
    title = "The endpoint cannot subscribe to this"
    detail = (
        "A webhook names event_types and nothing else; any other channel names kinds, and may name a place "
        "and a language. Known kinds: {kinds}."
    )


class ChannelNotSetUp(Refusal):
    code = "channel-not-set-up"
    title = "The channel is not set up"
    detail = "This installation does not send on the channel {channel}. Set up here: {channels}."


class TooManyEndpoints(Refusal):
    code = "too-many-endpoints"
    title = "Too many endpoints"
    detail = "An organisation can have {limit} endpoints. Delete one that is no longer needed."


class NoSigningKeys(Refusal):
    code = "no-signing-keys"
    title = "The endpoint has no keys"
    detail = "Only a webhook is signed. This endpoint is a {channel}."


@dataclass(frozen=True, slots=True)
class Subscription:
    """What an endpoint hears of.

    A webhook gets every fact whose type fits one of `event_types`. Any other channel gets notices of
    `kinds` about what stands within the scope, in `language`.
    """

    event_types: tuple[str, ...] = ()
    kinds: tuple[NoticeKind, ...] = ()
    scope: ScopeKind = ScopeKind.ORGANISATION
    scope_id: UUID | None = None
    language: str | None = None

    def wants_fact(self, event_type: str) -> bool:
        return any(fits(pattern, event_type) for pattern in self.event_types)

    def wants_notice(self, kind: NoticeKind, place: Place) -> bool:
        # A scope is matched as a role's is; which role does not matter.
        return kind in self.kinds and place.is_within(Grant(Role.READER, self.scope, self.scope_id))


@dataclass(frozen=True, slots=True)
class EndpointDraft:
    """What somebody wants of an endpoint. Without `address` it keeps the one that it has."""

    name: str
    address: str | None
    wanted: Subscription
    kinds: tuple[str, ...]
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`host` is what limits are counted by; the address itself is kept sealed."""

    id: UUID
    channel: Channel
    host: str
    subscription: Subscription


def fits(pattern: str, event_type: str) -> bool:
    """Whether the type fits; `*` stands for any run of characters, in time linear in the type's length.

    Check: `gevinst.benefits.*` and `*.gate-decided.v1` fit `gevinst.benefits.gate-decided.v1`.
    """
    first, *others = pattern.split("*")
    if not others:
        return pattern == event_type
    *between, last = others
    if not event_type.startswith(first):
        return False
    at = len(first)
    for part in between:
        found = event_type.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return event_type.endswith(last) and len(event_type) - len(last) >= at


def subscription_of(channel: Channel, wanted: Subscription, kinds: Sequence[str]) -> Subscription:
    """`wanted` with its `kinds` read, or `OddSubscription`: each channel has its own way to subscribe."""
    is_webhook = channel is Channel.WEBHOOK
    known = {str(kind) for kind in NoticeKind}
    has_rest = bool(kinds) or wanted.scope is not ScopeKind.ORGANISATION or wanted.language is not None
    is_odd = bool(wanted.event_types) != is_webhook or bool(kinds) == is_webhook or (is_webhook and has_rest)
    if (
        is_odd
        or not known.issuperset(kinds)
        or (wanted.scope_id is None) != (wanted.scope is ScopeKind.ORGANISATION)
    ):
        raise OddSubscription(
            kinds=", ".join(sorted(known)), pointer="/body/event_types" if is_webhook else "/body/kinds"
        )
    return Subscription(
        tuple(dict.fromkeys(wanted.event_types)),
        tuple(dict.fromkeys(NoticeKind(kind) for kind in kinds)),
        wanted.scope,
        wanted.scope_id,
        wanted.language,
    )


def disabled_because(
    outcome: Outcome, *, failing_since: datetime | None, now: datetime
) -> DisabledBecause | None:
    """Why nothing may be sent there any more after an attempt that ended so; None when it may."""
    if outcome is Outcome.GONE:
        return DisabledBecause.GONE
    if outcome is Outcome.ACCEPTED or failing_since is None or now - failing_since < LONGEST_FAILURE:
        return None
    return DisabledBecause.FAILING
