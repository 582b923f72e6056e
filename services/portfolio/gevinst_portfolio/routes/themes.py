"""The look of the organisation's charts."""

from typing import Annotated

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.schemas.themes import ThemeIn, ThemeOut
from gevinst_portfolio.store import themes
from gevinst_portfolio.usecases.theming import choose_theme
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Charts"])


@router.get("/theme", summary="The look of charts", response_model=ThemeOut)
async def get_theme(work: Annotated[Work, reads(VIEW)]) -> Response:
    """What your organisation chose; 404 until it chooses, and then charts look as the house's do."""
    stored = await themes.get_document(work.connection, work.organisation)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/theme", summary="Choose the look of charts", response_model=ThemeOut)
async def put_theme(body: ThemeIn, work: Annotated[Writing, writes(ADMINISTER)]) -> Response:
    """Choose colours, typeface and logo of every chart of your organisation, in all services. A colour that
    does not stand out from its surface by 3:1 is refused: not everybody would see it."""
    stored = await choose_theme(work, light=body.light, dark=body.dark, font=body.font, logo=body.logo)
    return work.changed(stored.document, stored.revision)
