"""Price indexes that an organisation keeps for all its cases (C1)."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import SET_PRICE_INDEX, VIEW
from gevinst_benefits.schemas.price_indexes import KeptIndexIn, KeptIndexOut, KeptIndexPageOut
from gevinst_benefits.store import price_indexes
from gevinst_benefits.usecases import indexing
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes
from gevinst_shared.web.shapes import Code

router = APIRouter(tags=["Business cases"])
Sort = Annotated[Literal["valid_from", "-valid_from"], Query(description="`-` turns the order.")]


@router.get("/price-indexes", summary="Price indexes", response_model=KeptIndexPageOut)
async def list_price_indexes(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-valid_from",
    code: Annotated[Code | None, Query(examples=["consumer-prices"])] = None,
) -> Response:
    """Every edition of your organisation's price indexes, the latest first."""
    page = await price_indexes.LISTING.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={"code": code}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/price-indexes", summary="Keep a price index", status_code=201, response_model=KeptIndexOut)
async def keep_price_index(body: KeptIndexIn, work: Annotated[Writing, writes(SET_PRICE_INDEX)]) -> Response:
    """Keep an edition of a price index for all cases of your organisation. A case that names its code takes
    over the values in force on the day that it is written, and keeps them."""
    _, stored = await indexing.keep_index(work, body.value())
    return work.created(stored.document, stored.revision, "/price-indexes")
