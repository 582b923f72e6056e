"""Endpoints: webhooks and channels of teams, their keys, a test call, and the log of attempts."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.endpoints import ChannelNotSetUp, EndpointDraft, EndpointState
from gevinst_notifications.domain.permissions import MANAGE_ENDPOINTS, MANAGE_WEBHOOKS, VIEW_ENDPOINTS
from gevinst_notifications.schemas.deliveries import DeliveryOut
from gevinst_notifications.schemas.endpoints import (
    EndpointAttemptPageOut,
    EndpointChangeIn,
    EndpointIn,
    EndpointKeyIn,
    EndpointKeyOut,
    EndpointKeysOut,
    EndpointOut,
    EndpointPageOut,
    EndpointSecretOut,
)
from gevinst_notifications.store import endpoints, outgoing
from gevinst_notifications.store.endpoints import ENDPOINTS
from gevinst_notifications.usecases import connecting, signing
from gevinst_shared.db.work import Work
from gevinst_shared.http.outside import found_addresses
from gevinst_shared.values.networks import Address
from gevinst_shared.values.typed_addresses import OddAddress, typed_address
from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Endpoints"])
Sort = Annotated[
    Literal["id", "name", "-id", "-name"],
    Query(description="`id` is the order in which they were made; `-` turns the order."),
]


def safe_of(request: Request) -> Safe:
    """What seals and opens, or `ChannelNotSetUp`."""
    found: Safe | None = request.app.state.safe
    if found is None:
        raise ChannelNotSetUp(channel="any", channels="none; set GEVINST_NOTIFICATIONS_CHANNEL_KEY")
    return found


async def found_for(request: Request, address: str | None) -> Sequence[Address]:
    """The addresses of the host that was typed. Looked up before the transaction, which waits for nobody."""
    await actor_of(request)
    try:
        typed = typed_address(address or "")
    except OddAddress:
        return []  # refused, or read in another way, when the channel is known
    return await found_addresses(typed, request.app.state.resolve)


async def new_endpoint(request: Request, body: EndpointIn) -> tuple[str, EndpointDraft, Sequence[Address]]:
    return body.channel, body.draft(), await found_for(request, body.address)


async def changed_endpoint(
    request: Request, body: EndpointChangeIn
) -> tuple[EndpointDraft, Sequence[Address]]:
    return body.draft(), await found_for(request, body.address)


@router.get("/endpoints", summary="What is connected", response_model=EndpointPageOut)
async def list_endpoints(
    request: Request,
    work: Annotated[Work, reads(VIEW_ENDPOINTS)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    channel: Annotated[str | None, Query(max_length=30, description="Only on this channel.")] = None,
    state: Annotated[EndpointState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """The organisation's webhooks and channels of teams, a page at a time."""
    page = await endpoints.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"channel": channel, "state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/endpoints", summary="Connect something", status_code=201, response_model=EndpointOut)
async def connect_endpoint(
    request: Request,
    wanted: Annotated[tuple[str, EndpointDraft, Sequence[Address]], Depends(new_endpoint)],
    work: Annotated[Writing, writes(MANAGE_ENDPOINTS)],
) -> Response:
    """Connect a webhook, which gets facts as the feeds have them and signed (Standard Webhooks), or a
    channel of a team, which gets notices in words. A webhook is for administrators only. The address must
    lead to the internet, or into a network that an administrator has allowed."""
    channel, draft, found = wanted
    endpoint_id, stored = await connecting.connect(work, safe_of(request), channel, draft, found=found)
    return work.created(stored.document, stored.revision, f"/endpoints/{endpoint_id}")


@router.get("/endpoints/{endpoint_id}", summary="One endpoint", response_model=EndpointOut)
async def get_endpoint(endpoint_id: UUID, work: Annotated[Work, reads(VIEW_ENDPOINTS)]) -> Response:
    """The endpoint as it is now; `ETag` is its revision."""
    stored = await ENDPOINTS.get(work.connection, endpoint_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/endpoints/{endpoint_id}", summary="Change an endpoint", response_model=EndpointOut)
async def change_endpoint(
    request: Request,
    endpoint_id: UUID,
    wanted: Annotated[tuple[EndpointDraft, Sequence[Address]], Depends(changed_endpoint)],
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(MANAGE_ENDPOINTS)],
) -> Response:
    """Say anew what it is called, where it is and what it hears of; pause it, or make it active again."""
    draft, found = wanted
    stored = await connecting.change(
        work, safe_of(request), endpoint_id, draft, found=found, expected=expected
    )
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.delete(
    "/endpoints/{endpoint_id}", summary="Disconnect an endpoint", status_code=204, response_model=None
)
async def disconnect_endpoint(
    endpoint_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(MANAGE_ENDPOINTS)]
) -> Response:
    """Delete it with its keys. What waits to be sent there is given up."""
    if not await connecting.disconnect(work, endpoint_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()


@router.post(
    "/endpoints/{endpoint_id}/test", summary="Try an endpoint", status_code=202, response_model=DeliveryOut
)
async def try_endpoint(endpoint_id: UUID, work: Annotated[Writing, writes(MANAGE_ENDPOINTS)]) -> Response:
    """Have a test call sent, also to one that is paused or disabled. The delivery tells how it went."""
    delivery_id, document = await connecting.ask_for_test(work, endpoint_id)
    return work.accepted(document, f"/deliveries/{delivery_id}")


@router.get(
    "/endpoints/{endpoint_id}/attempts", summary="Log of attempts", response_model=EndpointAttemptPageOut
)
async def list_endpoint_attempts(
    request: Request,
    endpoint_id: UUID,
    work: Annotated[Work, reads(VIEW_ENDPOINTS)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    outcome: Annotated[str | None, Query(max_length=30, description="Only those that ended so.")] = None,
) -> Response:
    """Every attempt to send something there, the newest first, with what was answered."""
    await ENDPOINTS.get(work.connection, endpoint_id)
    page = await outgoing.ATTEMPTS.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"endpoint": endpoint_id, "outcome": outcome},
    )
    return page_response(request, page.items, page.next_place)


@router.get("/endpoints/{endpoint_id}/keys", summary="Keys of a webhook", response_model=EndpointKeysOut)
async def list_endpoint_keys(endpoint_id: UUID, work: Annotated[Work, reads(VIEW_ENDPOINTS)]) -> Response:
    """The keys that sign, or have signed, newest first; without their secrets."""
    await ENDPOINTS.get(work.connection, endpoint_id)
    items = await endpoints.list_keys(work.connection, endpoint_id)
    return Response(f'{{"items":{items}}}', media_type=JSON)


@router.post(
    "/endpoints/{endpoint_id}/keys",
    summary="Add a key",
    status_code=201,
    response_model=EndpointKeyOut,
)
async def add_endpoint_key(
    request: Request,
    endpoint_id: UUID,
    body: EndpointKeyIn,
    work: Annotated[Writing, writes(MANAGE_WEBHOOKS)],
) -> Response:
    """Rotate the key of a webhook: the new one signs at once, the older ones beside it for a while."""
    overlap = timedelta(hours=body.overlap_hours)
    key_id, stored = await signing.rotate(work, safe_of(request), endpoint_id, overlap=overlap)
    return work.created(stored.document, stored.revision, f"/endpoints/{endpoint_id}/keys/{key_id}")


@router.get(
    "/endpoints/{endpoint_id}/keys/{key_id}",
    summary="Secret of a key",
    response_model=EndpointSecretOut,
    responses=SAYS_NO,
)
async def get_endpoint_secret(
    request: Request, endpoint_id: UUID, key_id: UUID, work: Annotated[Work, reads(MANAGE_WEBHOOKS)]
) -> Response:
    """The secret that the receiver checks our signatures with."""
    secret = await signing.get_secret(work, safe_of(request), endpoint_id, key_id)
    document = json.dumps({"id": str(key_id), "secret": secret})
    return Response(document, headers={"ETag": etag(1)}, media_type=JSON)
