"""The caller's organisation."""

from typing import Annotated

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.schemas.organisations import OrganisationIn, OrganisationOut
from gevinst_portfolio.store import organisations
from gevinst_portfolio.usecases import arranging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Organisation"])


@router.get("/organisation", summary="Your organisation", response_model=OrganisationOut)
async def get_organisation(work: Annotated[Work, reads(VIEW)]) -> Response:
    """The organisation that the token speaks for; 404 until it is registered."""
    stored = await organisations.get_document(work.connection, work.organisation)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/organisation", summary="Register your organisation", response_model=OrganisationOut)
async def register_organisation(
    body: OrganisationIn, work: Annotated[Writing, writes(ADMINISTER)]
) -> Response:
    """Register the organisation that the token speaks for, or change what it says of itself."""
    stored = await arranging.register_organisation(work, **body.model_dump())
    return work.changed(stored.document, stored.revision)
