"""Shared roles, units' capacity for change, and their load (P3, P4)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.capacity import ResourceKind
from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.resources import (
    ResourceIn,
    ResourceOut,
    ResourcePageOut,
)
from gevinst_portfolio.store import resources
from gevinst_portfolio.usecases import resourcing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Capacity"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/resources", summary="The shared resources", response_model=ResourcePageOut)
async def list_resources(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    kind: Annotated[ResourceKind | None, Query(description="Only this kind.")] = None,
    unit: Annotated[UUID | None, Query(description="Only this unit's.")] = None,
) -> Response:
    """Shared roles and units' capacity for change, with what there is per quarter."""
    after = read_cursor(cursor, length=2)
    page = await resources.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"kind": kind, "unit": unit}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/resources", summary="Register a resource", status_code=201, response_model=ResourceOut)
async def offer_resource(body: ResourceIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Register people with a shared role, or how much change a unit can absorb per quarter."""
    resource_id, stored = await resourcing.offer_resource(work, body.offer())
    return work.created(stored.document, stored.revision, f"/resources/{resource_id}")


@router.get("/resources/{resource_id}", summary="One resource", response_model=ResourceOut)
async def get_resource(resource_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The resource with its capacity per quarter."""
    return shown(await resources.RECORDS.get(work.connection, resource_id))


@router.put("/resources/{resource_id}", summary="Change a resource", response_model=ResourceOut)
async def change_resource(
    resource_id: UUID,
    body: ResourceIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Replace what there is of the resource."""
    stored = await resourcing.change_resource(work, resource_id, body.offer(), expected=expected)
    return changed(work, stored)
