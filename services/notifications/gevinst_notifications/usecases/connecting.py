"""Connecting what is outside: endpoints and their subscriptions, and a call to try them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from gevinst_notifications.clients import apprise
from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.addresses import typed_service
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.endpoints import (
    ENDPOINT_CHANNELS,
    MOST_ENDPOINTS,
    ChannelNotSetUp,
    EndpointDraft,
    EndpointState,
    Subscription,
    TooManyEndpoints,
    subscription_of,
)
from gevinst_notifications.domain.permissions import MANAGE_WEBHOOKS
from gevinst_notifications.events.endpoints import (
    EndpointChanged,
    EndpointConnected,
    EndpointDisconnected,
    EndpointTested,
)
from gevinst_notifications.store import deliveries, endpoints, outgoing, register
from gevinst_notifications.store.allowed_networks import NETWORKS
from gevinst_notifications.store.endpoints import ENDPOINTS
from gevinst_notifications.store.outgoing import Wanted
from gevinst_notifications.usecases import signing
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, ScopeKind
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import Address
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.values.typed_addresses import allowed_address


async def connect(
    work: Work, safe: Safe, channel: str, draft: EndpointDraft, *, found: Sequence[Address]
) -> tuple[UUID, Stored]:
    """Make an endpoint, a webhook with its first key. `found` are the addresses of its host."""
    known = _channel(channel)
    _require(work, known)
    if await endpoints.count(work.connection) >= MOST_ENDPOINTS:
        raise TooManyEndpoints(limit=MOST_ENDPOINTS)
    endpoint_id = new_id()
    address = draft.address or ""
    host = await _host(work, known, address, found)
    values = {
        "id": endpoint_id,
        "channel": str(known),
        "host": host,
        "sealed_address": safe.seal(address, about=address_of(work.organisation, endpoint_id)),
        "failing_since": None,
        "created_at": work.now,
        **await _subscription(work, known, draft),
        **_state(work, draft),
    }
    fact = EndpointConnected(endpoint_id, draft.name, known, host)
    record = recorded(work, fact, subject=subject_of("endpoints", endpoint_id))
    stored = await ENDPOINTS.add(work.connection, values, record)
    if known is Channel.WEBHOOK:
        await signing.add_key(work, safe, endpoint_id)
    return endpoint_id, stored


async def change(
    work: Work,
    safe: Safe,
    endpoint_id: UUID,
    draft: EndpointDraft,
    *,
    found: Sequence[Address],
    expected: int,
) -> Stored | None:
    """Change what the endpoint is called, where it is, and what it hears of; None at another revision.

    Made active again, it begins anew: what failed before does not count.
    """
    row = await ENDPOINTS.row(work.connection, endpoint_id, for_change=True)
    known = Channel(row["channel"])
    _require(work, known)
    if draft.address is not None:
        row["host"] = await _host(work, known, draft.address, found)
        about = address_of(work.organisation, endpoint_id)
        row["sealed_address"] = safe.seal(draft.address, about=about)
    was_active = row["state"] == EndpointState.ACTIVE
    values = {**row, **await _subscription(work, known, draft), **_state(work, draft)}
    if not was_active or draft.address is not None:
        values["failing_since"] = None
    fact = EndpointChanged(endpoint_id, draft.name, known, values["host"], values["state"])
    record = recorded(work, fact, subject=subject_of("endpoints", endpoint_id))
    return await ENDPOINTS.change(work.connection, values, record, expected=expected)


async def disconnect(work: Work, endpoint_id: UUID, *, expected: int) -> bool:
    """Delete the endpoint with its keys; False at another revision. What waits for it is given up."""
    row = await ENDPOINTS.row(work.connection, endpoint_id, for_change=True)
    _require(work, Channel(row["channel"]))
    if not await endpoints.drop(work.connection, endpoint_id, expected=expected):
        return False
    fact = EndpointDisconnected(endpoint_id, row["name"], row["channel"])
    record = recorded(work, fact, subject=subject_of("endpoints", endpoint_id))
    was = {name: row[name] for name in ("name", "channel", "host", "event_types", "kinds", "state")}
    await deliveries.announce(work.connection, record, before=was, after={})
    return True


async def ask_for_test(work: Work, endpoint_id: UUID) -> tuple[UUID, str]:
    """Have a test call sent, whatever the endpoint's state; the id and the JSON of its delivery."""
    row = await ENDPOINTS.row(work.connection, endpoint_id)
    _require(work, Channel(row["channel"]))
    fact = EndpointTested(endpoint_id, row["name"], row["channel"])
    event = Event(
        id=new_id(),
        organisation=work.organisation,
        type=fact.type,
        subject=subject_of("endpoints", endpoint_id),
        time=work.now,
        data={"endpoint_id": str(endpoint_id), "endpoint_name": row["name"], "channel": row["channel"]},
    )
    await outgoing.keep(work.connection, event, {}, now=work.now)
    wanted = Wanted(endpoint_id, Channel(row["channel"]), row["host"])
    delivery_id, document = await outgoing.add_delivery(work.connection, event, wanted, now=work.now)
    record = {**recorded(work, fact, subject=event.subject), "event_id": event.id}
    await deliveries.announce(work.connection, record, before={}, after={"delivery_id": str(delivery_id)})
    return delivery_id, document


def address_of(organisation: str, endpoint_id: UUID) -> str:
    """What the sealed address of an endpoint is about."""
    return f"address {organisation} {endpoint_id}"


def _channel(name: str) -> Channel:
    """The channel, when it is one that is set up here."""
    set_up = ENDPOINT_CHANNELS if apprise.is_installed() else ENDPOINT_CHANNELS - {Channel.APPRISE}
    if name not in {str(one) for one in set_up}:
        channels = ", ".join(sorted(set_up))
        raise ChannelNotSetUp(channel=name, channels=channels, pointer="/body/channel")
    return Channel(name)


def _require(work: Work, channel: Channel) -> None:
    if channel is Channel.WEBHOOK:
        work.require(MANAGE_WEBHOOKS, Place())


async def _host(work: Work, channel: Channel, address: str, found: Sequence[Address]) -> str:
    """What the endpoint's deliveries are counted by."""
    if channel is Channel.APPRISE:
        return typed_service(address)
    networks = await NETWORKS.list_all(work.connection)
    return allowed_address(address, found, networks).authority


async def _subscription(work: Work, channel: Channel, draft: EndpointDraft) -> dict[str, Any]:
    subscription = subscription_of(channel, draft.wanted, draft.kinds)
    await _refuse_unknown_place(work, subscription)
    return {
        "name": draft.name,
        "event_types": list(subscription.event_types),
        "kinds": [str(kind) for kind in subscription.kinds],
        "scope": str(subscription.scope),
        "scope_id": subscription.scope_id,
        "language": subscription.language,
    }


async def _refuse_unknown_place(work: Work, subscription: Subscription) -> None:
    scope, scope_id = subscription.scope, subscription.scope_id
    if scope_id is not None and not await register.knows_place(work.connection, ScopeKind(scope), scope_id):
        raise Unknown(pointer="/body/scope_id")


def _state(work: Work, draft: EndpointDraft) -> dict[str, Any]:
    state = EndpointState.ACTIVE if draft.is_active else EndpointState.PAUSED
    return {"state": str(state), "disabled_because": None, "disabled_at": None}
