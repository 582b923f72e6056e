"""Projects: the register of proposed, decided and running work (P1)."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import PROPOSE, VIEW
from gevinst_portfolio.domain.projects import CostOfYear, Need, ProjectStatus
from gevinst_portfolio.schemas.projects import ProjectIn, ProjectOut, ProjectPageOut
from gevinst_portfolio.store import projects
from gevinst_portfolio.usecases import proposing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Projects"])
Sort = Annotated[
    Literal["id", "name", "-id", "-name"],
    Query(description="`id` is the order of registration; `-` turns the order."),
]


@router.get("/projects/{project_id}", summary="One project", response_model=ProjectOut)
async def get_project(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The project as it is now; `ETag` is its revision."""
    stored = await projects.get_document(work.connection, project_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get("/projects", summary="The register of projects", response_model=ProjectPageOut)
async def list_projects(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
    status: Annotated[ProjectStatus | None, Query(description="Only with this status.")] = None,
    phase: Annotated[str | None, Query(max_length=60, description="Only in this phase.")] = None,
) -> Response:
    """Proposed, decided and running work, a page at a time."""
    page = await projects.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"portfolio": portfolio, "status": status, "phase": phase},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/projects", summary="Propose a project", status_code=201, response_model=ProjectOut)
async def propose_project(body: ProjectIn, work: Annotated[Writing, writes(PROPOSE)]) -> Response:
    """Register a proposal. Whether it is prioritised centrally or reported lightly follows from the
    portfolio's entry threshold."""
    project_id, stored = await proposing.propose(work, _proposal(body))
    return work.created(stored.document, stored.revision, f"/projects/{project_id}")


def _proposal(body: ProjectIn) -> proposing.Proposal:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in body.model_dump(exclude={"cost_by_year", "needs"}).items()
    }
    return proposing.Proposal(
        **fields,
        cost_by_year=tuple(CostOfYear(cost.year, cost.kind, cost.amount) for cost in body.cost_by_year),
        needs=tuple(Need(need.resource_id, tuple(map(Decimal, need.amounts))) for need in body.needs),
    )
