"""Deliveries of a project, and the years of the benefits that hang on them (B9)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import STEER, VIEW
from gevinst_benefits.schemas.deliveries import DeliveryIn, DeliveryOut, DeliveryPageOut
from gevinst_benefits.store import deliveries
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import delivering
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Deliveries"])
DeliverySort = Annotated[Literal["day", "id", "-day", "-id"], Query(description="`-` turns the order.")]


@router.get(
    "/projects/{project_id}/deliveries", summary="A project's deliveries", response_model=DeliveryPageOut
)
async def list_deliveries(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: DeliverySort = "day",
) -> Response:
    """What the project delivers when; the dates of benefits and actions can hang on it."""
    await get_project(work.connection, project_id)
    page = await deliveries.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/deliveries",
    summary="Name a delivery",
    status_code=201,
    response_model=DeliveryOut,
)
async def add_delivery(
    project_id: UUID, body: DeliveryIn, work: Annotated[Writing, writes(STEER)]
) -> Response:
    """Name something that the project delivers, at most a hundred."""
    delivery_id, stored = await delivering.add_delivery(work, project_id, body.draft())
    return work.created(stored.document, stored.revision, f"/deliveries/{delivery_id}")


@router.get("/deliveries/{delivery_id}", summary="One delivery", response_model=DeliveryOut)
async def get_delivery(delivery_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The delivery as it is now; `ETag` is its revision."""
    stored = await deliveries.RECORDS.get(work.connection, delivery_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/deliveries/{delivery_id}", summary="Change a delivery", response_model=DeliveryOut)
async def change_delivery(
    delivery_id: UUID, body: DeliveryIn, expected: ExpectedRevision, work: Annotated[Writing, writes(STEER)]
) -> Response:
    """Change it, for example because it slips. Benefits that hang on it move along; when the project was
    decided, their owners and controllers are told, with the years before and after."""
    stored = await delivering.change_delivery(work, delivery_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
