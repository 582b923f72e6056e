"""What partners get: given and ended record by record, shown before it leaves and after (X1)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import EXCHANGE, VIEW_EXCHANGE
from gevinst_portfolio.routes.answers import shown, written
from gevinst_portfolio.routes.sync_identities import exchange_of
from gevinst_portfolio.schemas.sync_grants import SyncGrantOut, SyncGrantPageOut, SyncKindsOut
from gevinst_portfolio.store import sync_grants, sync_partners
from gevinst_portfolio.usecases import granting
from gevinst_shared.db.work import Work
from gevinst_shared.sync.catalogue import CATALOGUE, ROOTS
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.sync_shapes import SyncGrantIn, SyncPreviewOut

router = APIRouter(tags=["Exchange"])
BASE = "/sync-partners/{sync_partner_id}"
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were given.")]
IsOpen = Annotated[bool | None, Query(description="Only those that were not ended, or only those that were.")]


@router.get("/sync-kinds", summary="What can be shared", response_model=SyncKindsOut)
async def list_sync_kinds(work: Annotated[Work, reads(VIEW_EXCHANGE)]) -> Response:
    """Every kind of records with its fields. Nothing else can leave: no people, and no text about them."""
    items: list[dict[str, Any]] = [
        {
            "kind": kind,
            "service": service,
            "can_be_root": kind in ROOTS,
            "fields": list(names),
        }
        for service, kinds in CATALOGUE.items()
        for kind, names in kinds.items()
    ]
    return Response(written(SyncKindsOut, {"items": items}), media_type=JSON)


@router.get(f"{BASE}/grants", summary="What a partner may get", response_model=SyncGrantPageOut)
async def list_sync_grants(
    request: Request,
    sync_partner_id: UUID,
    work: Annotated[Work, reads(VIEW_EXCHANGE)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    is_open: IsOpen = None,
) -> Response:
    """Grants to the partner, with who gave each and what for; also those that have ended."""
    await sync_partners.PARTNERS.get(work.connection, sync_partner_id)
    page = await sync_grants.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"partner": sync_partner_id, "is_open": is_open},
    )
    return page_response(request, page.items, page.next_place)


@router.post(f"{BASE}/grants", summary="Share with a partner", status_code=201, response_model=SyncGrantOut)
async def give_sync_grant(
    sync_partner_id: UUID, body: SyncGrantIn, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """Let the partner have a project, or a programme with its projects: the fields that you name, for a
    purpose, until a day. What it gets follows every change. Look at the preview first."""
    grant_id, stored = await granting.give(work, sync_partner_id, body.model_dump())
    return work.created(
        stored.document, stored.revision, f"/sync-partners/{sync_partner_id}/grants/{grant_id}"
    )


@router.get(f"{BASE}/grants/{{sync_grant_id}}", summary="One grant to a partner", response_model=SyncGrantOut)
async def get_sync_grant(
    sync_partner_id: UUID, sync_grant_id: UUID, work: Annotated[Work, reads(VIEW_EXCHANGE)]
) -> Response:
    """What is shared by it, what for, until when, and who gave it."""
    row = await sync_grants.GRANTS.row(work.connection, sync_grant_id)
    if row["partner_id"] != sync_partner_id:
        raise Unknown
    return shown(await sync_grants.GRANTS.get(work.connection, sync_grant_id))


@router.post(f"{BASE}/grants/{{sync_grant_id}}/end", summary="Share no longer", response_model=SyncGrantOut)
async def end_sync_grant(
    sync_partner_id: UUID, sync_grant_id: UUID, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """End the grant. The partner is told to delete what it has by this grant alone, the next time it asks."""
    stored = await granting.end(work, sync_partner_id, sync_grant_id)
    return work.changed(stored.document, stored.revision)


@router.get(f"{BASE}/preview", summary="What a partner gets now", response_model=SyncPreviewOut)
async def preview_sync_partner(
    request: Request, sync_partner_id: UUID, work: Annotated[Work, reads(VIEW_EXCHANGE)]
) -> Response:
    """Exactly what the partner gets of this service at the moment, made as its feed makes it: references to
    what it may not see are cut to ids that say nothing."""
    found = await granting.PREVIEWS.preview(work, exchange_of(request), sync_partner_id, None)
    return Response(written(SyncPreviewOut, found), media_type=JSON)


@router.post(f"{BASE}/preview", summary="What a partner would get", response_model=SyncPreviewOut)
async def preview_sync_grant(
    request: Request, sync_partner_id: UUID, body: SyncGrantIn, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """The same with one more grant, which is not given by this."""
    found = await granting.PREVIEWS.preview(work, exchange_of(request), sync_partner_id, body.model_dump())
    return work.answered(written(SyncPreviewOut, found))
