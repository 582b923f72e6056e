"""Who an organisation is to other bodies: its key for administrators, its statement for everybody (X1)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from gevinst_portfolio.domain.identities import ExchangeNotSetUp
from gevinst_portfolio.domain.permissions import EXCHANGE, VIEW_EXCHANGE
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.sync_identities import SyncIdentityIn, SyncIdentityOut
from gevinst_portfolio.store import sync_identities
from gevinst_portfolio.usecases import identifying
from gevinst_shared.db.work import Work
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.statements import MEDIA_TYPE, MOST_BYTES
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.session import Writing, reads, writes
from gevinst_shared.web.sync_feeds import Owner

router = APIRouter(tags=["Exchange"])
KidInPath = Annotated[
    str, Path(min_length=1, max_length=64, pattern="^[A-Za-z0-9_-]+$", description="One of your keys.")
]
_PART = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "maxLength": MOST_BYTES}
_SIGNATURE = {
    "type": "object",
    "properties": {"protected": _PART, "signature": _PART},
    "required": ["protected", "signature"],
}
_JWS = {
    "type": "object",
    "properties": {
        "payload": _PART,
        "signatures": {"type": "array", "items": _SIGNATURE, "minItems": 1, "maxItems": 100},
    },
    "required": ["payload", "signatures"],
}


def exchange_of(request: Request) -> Exchange:
    """What the installation exchanges with, or `ExchangeNotSetUp`."""
    found = house_of(request).exchange
    if found is None:
        raise ExchangeNotSetUp
    return found


@router.get(
    "/.well-known/gevinst-federation",
    summary="What a body says of itself",
    response_class=Response,
    responses={
        200: {"description": "A JWS in JSON (RFC 7515 §7.2.1).", "content": {MEDIA_TYPE: {"schema": _JWS}}},
        404: {"description": "This body exchanges nothing here."},
    },
    openapi_extra={"security": []},
)
async def read_statement(request: Request, owner: Owner) -> Response:
    """Who the body is, its keys, its feeds and how to get a token for them, signed by each of its keys.
    Without a token, because another body has none yet. At the gateway also at the root."""
    refuse_unknown_parameters(request)
    async with house_of(request).database.transaction(owner, read_only=True) as connection:
        statement = await sync_identities.find_statement(connection)
    if statement is None:
        raise Unknown
    return Response(statement, media_type=MEDIA_TYPE)


@router.get("/sync-identity", summary="Who you are to other bodies", response_model=SyncIdentityOut)
async def get_sync_identity(work: Annotated[Work, reads(VIEW_EXCHANGE)]) -> Response:
    """The organisation's keys, and their thumbprints to read out to a partner's administrator; 404 until it
    begins to exchange."""
    return shown(await sync_identities.get_document(work.connection))


@router.put("/sync-identity", summary="Begin to exchange", response_model=SyncIdentityOut)
async def set_sync_identity(
    request: Request, body: SyncIdentityIn, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """Get a key to sign with, and say to everybody who you are; nothing else leaves for that. Again changes
    the contact."""
    stored = await identifying.identify(work, exchange_of(request), contact=body.contact)
    return work.changed(stored.document, stored.revision)


@router.post("/sync-identity/renew", summary="Renew your key", response_model=SyncIdentityOut)
async def renew_sync_identity(request: Request, work: Annotated[Writing, writes(EXCHANGE)]) -> Response:
    """Sign with a new key from now on. That of before signs along for 30 days, so that partners take the new
    one over by themselves."""
    stored = await identifying.renew(work, exchange_of(request))
    return work.changed(stored.document, stored.revision)


@router.post(
    "/sync-identity/keys/{kid}/withdraw", summary="Withdraw a leaked key", response_model=SyncIdentityOut
)
async def withdraw_sync_key(
    request: Request, kid: KidInPath, work: Annotated[Writing, writes(EXCHANGE)]
) -> Response:
    """Somebody else may have the key: it counts no more from now on, and you sign with a new one. Partners
    take that over where another key that they know signs along; where there is none, read each the new
    thumbprint, and it confirms you once more. Also a key of another service, which then makes a new one: your
    own keys vouch for that. What the key had signed before, partners read anew."""
    stored = await identifying.withdraw(work, exchange_of(request), kid)
    return work.changed(stored.document, stored.revision)
