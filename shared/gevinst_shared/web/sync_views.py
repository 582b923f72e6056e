"""What administrators see of the exchange in one service: how it goes, what has left, what partners gave. The
same in every service that shares (X1, X2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_shared.db.work import Work
from gevinst_shared.sync.looking import Looking
from gevinst_shared.sync.part import Part
from gevinst_shared.values.actor import Permission
from gevinst_shared.web.answers import written
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, reads
from gevinst_shared.web.sync_exchanges import SyncExchangeOut
from gevinst_shared.web.sync_shapes import FieldName, SyncLeftPageOut, SyncReplicaPageOut

_BASE = "/sync-partners/{sync_partner_id}"
OnlyPartner = Annotated[UUID | None, Query(description="Only what this partner gave.")]
OnlyKind = Annotated[FieldName | None, Query(description="Only records of this kind.", examples=["project"])]


def sync_views_router(part: Part, view: Permission) -> APIRouter:
    """The operations of one service's part in the exchange that only look; `view` is who may."""
    router = APIRouter(tags=["Exchange"])
    looking = Looking(part.tables, part.reading)

    @router.get(
        f"{_BASE}/exchange",
        summary="How the exchange with a partner goes",
        response_model=SyncExchangeOut,
    )
    async def get_sync_exchange(sync_partner_id: UUID, work: Annotated[Work, reads(view)]) -> Response:
        """How far each has read the other, when that was, and what was put aside of what the partner sent,
        with the reason for each. Of this service's records."""
        found = await looking.exchange_with(work.connection, sync_partner_id, work.now)
        return Response(written(SyncExchangeOut, found), media_type=JSON)

    @router.get(f"{_BASE}/left", summary="What has left", response_model=SyncLeftPageOut)
    async def list_sync_left(
        request: Request,
        sync_partner_id: UUID,
        work: Annotated[Work, reads(view)],
        cursor: CursorText = None,
        limit: Limit = PAGE_LIMIT,
    ) -> Response:
        """The last state of each record that the partner was given of this service, or was told to delete.

        It is no history: a record stands here once, as it left last. That one was to be deleted is forgotten
        a week after the partner has read it. Who shared what with whom, and until when, stays with the
        grants and in `GET /audit`. What is too large to leave stands here, too, as long as it is shared."""
        await looking.require_partner(work.connection, sync_partner_id)
        page = await looking.left.page(
            work.connection,
            sort="-number",
            limit=limit,
            after=read_cursor(cursor, length=2),
            filters={"partner": sync_partner_id},
        )
        return page_response(request, page.items, page.next_place)

    @router.get("/sync-replica", summary="What partners gave", response_model=SyncReplicaPageOut)
    async def list_sync_replica(
        request: Request,
        work: Annotated[Work, reads(view)],
        cursor: CursorText = None,
        limit: Limit = PAGE_LIMIT,
        partner: OnlyPartner = None,
        kind: OnlyKind = None,
    ) -> Response:
        """Partners' records of this service's kinds, as each last told us, by kind. A reference that begins
        with `hidden:` leads to something that the partner does not share."""
        page = await looking.replica.page(
            work.connection,
            sort="place",
            limit=limit,
            after=read_cursor(cursor, length=2),
            filters={"partner": partner, "kind": kind},
        )
        return page_response(request, page.items, page.next_place)

    return router
