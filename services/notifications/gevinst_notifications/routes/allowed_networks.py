"""Networks of the organisation's own that endpoints may lead into."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.permissions import MANAGE_NETWORKS
from gevinst_notifications.schemas.allowed_networks import (
    AllowedNetworkIn,
    AllowedNetworkOut,
    AllowedNetworkPageOut,
)
from gevinst_notifications.store.allowed_networks import NETWORKS
from gevinst_notifications.usecases import opening_networks
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Endpoints"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were allowed.")]


@router.get("/allowed-networks", summary="Networks that may be called", response_model=AllowedNetworkPageOut)
async def list_allowed_networks(
    request: Request,
    work: Annotated[Work, reads(MANAGE_NETWORKS)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
) -> Response:
    """The networks that are not public and that endpoints may lead into all the same."""
    page = await NETWORKS.listing.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/allowed-networks", summary="Allow a network", status_code=201, response_model=AllowedNetworkOut
)
async def allow_network(
    body: AllowedNetworkIn, work: Annotated[Writing, writes(MANAGE_NETWORKS)]
) -> Response:
    """Let the organisation's endpoints lead into a network that is not public. Whoever may connect
    endpoints can then have calls made to every machine in it: allow no more than is needed."""
    network_id, stored = await opening_networks.allow_network(work, body.network, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/allowed-networks/{network_id}")


@router.get("/allowed-networks/{network_id}", summary="One network", response_model=AllowedNetworkOut)
async def get_allowed_network(network_id: UUID, work: Annotated[Work, reads(MANAGE_NETWORKS)]) -> Response:
    """The network, and why it may be called."""
    stored = await NETWORKS.get(work.connection, network_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.delete(
    "/allowed-networks/{network_id}", summary="Close a network", status_code=204, response_model=None
)
async def close_network(
    network_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(MANAGE_NETWORKS)]
) -> Response:
    """From now on nothing is sent into it, also by endpoints that are connected already."""
    if not await opening_networks.close_network(work, network_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
