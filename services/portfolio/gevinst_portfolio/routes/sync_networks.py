"""Networks of the organisation's own that partners may be reached in (OWASP API7)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.sync_partners import SyncNetworkIn, SyncNetworkOut, SyncNetworkPageOut
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_portfolio.usecases import allowing_networks
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Exchange"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were allowed.")]


@router.get("/sync-networks", summary="Networks of partners", response_model=SyncNetworkPageOut)
async def list_sync_networks(
    request: Request,
    work: Annotated[Work, reads(EXCHANGE)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
) -> Response:
    """The networks that are not public and that partners may be reached in all the same."""
    page = await NETWORKS.listing.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/sync-networks", summary="Allow a network for partners", status_code=201, response_model=SyncNetworkOut
)
async def allow_sync_network(body: SyncNetworkIn, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """Let partners be reached in a network that is not public. Allow no more than is needed."""
    network_id, stored = await allowing_networks.allow_network(work, body.network, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/sync-networks/{network_id}")


@router.get(
    "/sync-networks/{sync_network_id}", summary="One network of partners", response_model=SyncNetworkOut
)
async def get_sync_network(sync_network_id: UUID, work: Annotated[Work, reads(EXCHANGE)]) -> Response:
    """The network, and why partners may be reached in it."""
    return shown(await NETWORKS.get(work.connection, sync_network_id))


@router.delete(
    "/sync-networks/{sync_network_id}",
    summary="Close a network for partners",
    status_code=204,
    response_model=None,
)
async def close_sync_network(
    sync_network_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """From now on no partner is reached in it, also those that are there already."""
    if not await allowing_networks.close_network(work, sync_network_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
