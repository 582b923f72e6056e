"""Partners of the exchange: proposed, confirmed by what is read out, stopped by one call (X1)."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gevinst_portfolio.domain.permissions import EXCHANGE, VIEW_EXCHANGE
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.routes.sync_identities import exchange_of
from gevinst_portfolio.schemas.sync_partners import (
    SyncPartnerIn,
    SyncPartnerOut,
    SyncPartnerPageOut,
    ThumbprintIn,
)
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.usecases import partnering
from gevinst_shared.db.work import Work
from gevinst_shared.http.outside import found_addresses
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.values.networks import Address
from gevinst_shared.values.typed_addresses import OddAddress, typed_address
from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Exchange"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`id` is the order of proposals.")]
OnlyState = Annotated[PartnerState | None, Query(description="Only those in this state.")]


async def _found(request: Request, body: SyncPartnerIn) -> Sequence[Address]:
    """The addresses of the host that was typed. Looked up before the transaction, which waits for nobody."""
    await actor_of(request)
    try:
        typed = typed_address(body.address)
    except OddAddress:
        return []  # the use case says so
    return await found_addresses(typed)


Found = Annotated[Sequence[Address], Depends(_found)]


@router.get("/sync-partners", summary="Partners", response_model=SyncPartnerPageOut)
async def list_sync_partners(
    request: Request,
    work: Annotated[Work, reads(VIEW_EXCHANGE)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    state: OnlyState = None,
) -> Response:
    """The bodies that you exchange with, or have, and how the last contact with each went."""
    page = await sync_partners.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/sync-partners", summary="Propose a partner", status_code=201, response_model=SyncPartnerOut)
async def propose_sync_partner(
    request: Request, body: SyncPartnerIn, found: Found, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """Fetch what another body says of itself, for you to compare. Nothing is exchanged, and nothing of yours
    leaves. The other body's administrator proposes you in the same way."""
    partner_id, stored = await partnering.propose(
        work, exchange_of(request), owner=body.owner, address=body.address, found=found
    )
    return work.created(stored.document, stored.revision, f"/sync-partners/{partner_id}")


@router.get("/sync-partners/{sync_partner_id}", summary="A partner", response_model=SyncPartnerOut)
async def get_sync_partner(sync_partner_id: UUID, work: Annotated[Work, reads(VIEW_EXCHANGE)]) -> Response:
    """How far you two are, its key's thumbprint, and how the last contact went."""
    return shown(await sync_partners.PARTNERS.get(work.connection, sync_partner_id))


@router.post(
    "/sync-partners/{sync_partner_id}/confirm", summary="Confirm a partner", response_model=SyncPartnerOut
)
async def confirm_sync_partner(
    sync_partner_id: UUID, body: ThumbprintIn, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """Exchange with it from now on. Write the thumbprint that its administrator has read to you, over a
    telephone number that you know, not the one shown here. The other side confirms you in the same way.
    Again for a partner with the fault `unknown-statement-keys`: its new key is then taken over."""
    stored = await partnering.confirm(work, sync_partner_id, body.thumbprint)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/sync-partners/{sync_partner_id}/pause", summary="Pause a partner", response_model=SyncPartnerOut
)
async def pause_sync_partner(sync_partner_id: UUID, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """Exchange nothing for a while. What each of you has stays where it is."""
    stored = await partnering.pause(work, sync_partner_id)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/sync-partners/{sync_partner_id}/resume", summary="Resume a partner", response_model=SyncPartnerOut
)
async def resume_sync_partner(sync_partner_id: UUID, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """Go on where you left it."""
    stored = await partnering.resume(work, sync_partner_id)
    return work.changed(stored.document, stored.revision)


@router.post("/sync-partners/{sync_partner_id}/stop", summary="Stop a partner", response_model=SyncPartnerOut)
async def stop_sync_partner(sync_partner_id: UUID, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """End the exchange for ever, at once. The partner is told to delete what it has of yours. To begin again,
    propose it anew and compare thumbprints."""
    stored = await partnering.stop(work, sync_partner_id)
    return work.changed(stored.document, stored.revision)


@router.post(
    "/sync-partners/{sync_partner_id}/refetch", summary="Ask a partner again", response_model=SyncPartnerOut
)
async def refetch_sync_partner(sync_partner_id: UUID, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """Fetch its statement now instead of within a day."""
    stored = await partnering.refetch(work, sync_partner_id)
    return work.changed(stored.document, stored.revision)
