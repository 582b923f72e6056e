"""What partners get of plans, shown before it leaves (X1)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import EXCHANGE, VIEW_EXCHANGE
from gevinst_benefits.usecases import previewing
from gevinst_shared.db.work import Work
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.answers import written
from gevinst_shared.web.house import house_of
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.sync_shapes import SyncGrantIn, SyncPreviewOut

router = APIRouter(tags=["Exchange"])
BASE = "/sync-partners/{sync_partner_id}"


@router.get(f"{BASE}/preview", summary="What a partner gets of plans now", response_model=SyncPreviewOut)
async def preview_sync_partner(
    request: Request, sync_partner_id: UUID, work: Annotated[Work, reads(VIEW_EXCHANGE)]
) -> Response:
    """Exactly what the partner gets of this service at the moment, made as its feed makes it: references to
    what it may not see are cut to ids that say nothing."""
    found = await previewing.PREVIEWS.preview(work, _exchange_of(request), sync_partner_id, None)
    return Response(written(SyncPreviewOut, found), media_type=JSON)


@router.post(f"{BASE}/preview", summary="What a partner would get of plans", response_model=SyncPreviewOut)
async def preview_sync_grant(
    request: Request, sync_partner_id: UUID, body: SyncGrantIn, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """The same with one more grant, which is not given by this. Ask portfolio with the same body for what it
    would get of projects."""
    found = await previewing.PREVIEWS.preview(work, _exchange_of(request), sync_partner_id, body.model_dump())
    return work.answered(written(SyncPreviewOut, found))


def _exchange_of(request: Request) -> Exchange:
    """Where nothing is exchanged there are no partners."""
    found = house_of(request).exchange
    if found is None:
        raise Unknown
    return found
