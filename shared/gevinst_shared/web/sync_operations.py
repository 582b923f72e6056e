"""What administrators do about the exchange with one partner; the same in every service that shares (X2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_shared.sync.part import Part
from gevinst_shared.sync.refusals import PartnerNotRead
from gevinst_shared.values.actor import Permission
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.session import Writing, writes


def sync_operations_router(part: Part, *, change: Permission) -> APIRouter:
    """The operations of one service's part; `change` is needed to have a partner read."""
    router = APIRouter(tags=["Exchange"])

    @router.post(
        "/sync-partners/{sync_partner_id}/full-reading",
        summary="Read a partner in full",
        status_code=204,
        response_model=None,
    )
    async def read_sync_partner_in_full(
        sync_partner_id: UUID, work: Annotated[Writing, writes(change)]
    ) -> Response:
        """Read everything of the partner once more, now: after it, or a new version here, has mended why some
        of it was put aside. What is here stays until that is complete. Without being asked for, a partner
        that something is missing of is read in full after ten minutes, and then later and later."""
        found = await part.receiving.inlets.partner(work.connection, sync_partner_id)
        if found is None:
            raise Unknown
        if found["state"] != "confirmed":
            raise PartnerNotRead(state=found["state"])
        await part.receiving.read_anew(work.connection, work.organisation, sync_partner_id)
        await part.schedule.wake(work.connection, work.organisation, sync_partner_id, work.now)
        return work.done()

    return router
