"""What our own services need of the organisation's key, which never leaves this one (X1)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.routes.sync_identities import exchange_of
from gevinst_portfolio.schemas.sync_assertions import SyncAssertionIn, SyncAssertionOut
from gevinst_portfolio.usecases import asserting
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor, Permission
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import NotAllowed
from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.session import JSON

# Of no role: only one of our own services asks.
ASSERT = Permission("sync:assert", frozenset())
_SERVICES = frozenset({"benefits"})
router = APIRouter(tags=["Exchange"])


async def _service(request: Request) -> Actor:
    actor = await actor_of(request)
    refuse_unknown_parameters(request)
    if not actor.is_service or actor.subject not in _SERVICES:
        raise NotAllowed(permission=ASSERT.name, roles="benefits")
    return actor


@router.post("/sync-assertions", summary="Ask a partner for a token", response_model=SyncAssertionOut)
async def assert_sync(
    request: Request, body: SyncAssertionIn, service: Annotated[Actor, Depends(_service)]
) -> Response:
    """For our own services, which read partners' feeds with tokens that only the organisation's key gets."""
    house = house_of(request)
    exchange, now = exchange_of(request), house.now()
    async with house.database.transaction(body.organisation, read_only=True) as connection:
        work = Work(connection, Actor(service.subject, body.organisation), now, new_id())
        found = await asserting.assert_to(work, exchange, body.owner)
    return Response(written(SyncAssertionOut, found), media_type=JSON)


assert_sync.permission = ASSERT  # type: ignore[attr-defined]
