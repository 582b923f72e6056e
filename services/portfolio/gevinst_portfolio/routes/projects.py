"""Projects: the register of proposed, decided and running work (P1)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.closings import ProjectKind
from gevinst_portfolio.domain.permissions import CHANGE_PROJECT, PROPOSE, VIEW
from gevinst_portfolio.domain.projects import CostOfYear, Lag, ProjectStatus, Registration
from gevinst_portfolio.routes.answers import changed
from gevinst_portfolio.schemas.projects import ProjectChangeIn, ProjectIn, ProjectOut, ProjectPageOut
from gevinst_portfolio.store import projects
from gevinst_portfolio.usecases import changing, proposing
from gevinst_shared.web.direct_route import DirectRoute
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.reading import Look, looks
from gevinst_shared.web.session import JSON, Writing, writes

router = APIRouter(tags=["Projects"], route_class=DirectRoute)
Sort = Annotated[
    Literal["id", "name", "-id", "-name"],
    Query(description="`id` is the order of registration; `-` turns the order."),
]


@router.get("/projects/{project_id}", summary="One project", response_model=ProjectOut)
async def get_project(project_id: UUID, look: Annotated[Look, looks(VIEW)]) -> Response:
    """The project as it is now; `ETag` is its revision."""
    async with look.connection() as connection:
        stored = await projects.look_up(connection, look.organisation, project_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get("/projects", summary="The register of projects", response_model=ProjectPageOut)
async def list_projects(
    request: Request,
    look: Annotated[Look, looks(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
    status: Annotated[ProjectStatus | None, Query(description="Only with this status.")] = None,
    phase: Annotated[str | None, Query(max_length=60, description="Only in this phase.")] = None,
    programme: Annotated[UUID | None, Query(description="Only this programme's.")] = None,
    source: Annotated[str | None, Query(max_length=60, description="Only from this source (P1).")] = None,
    unit: Annotated[UUID | None, Query(description="Only those that belong to this unit.")] = None,
    owner: Annotated[UUID | None, Query(description="Only this person's.")] = None,
    manager: Annotated[UUID | None, Query(description="Only those that this person manages.")] = None,
    registration: Annotated[Registration | None, Query(description="Central or light (P2).")] = None,
    kind: Annotated[ProjectKind | None, Query(description="Projects or closings (P11).")] = None,
    statutory: Annotated[bool | None, Query(description="Only those (not) forced in by law (P5).")] = None,
) -> Response:
    """Proposed, decided and running work, a page at a time."""
    async with look.connection() as connection:
        page = await projects.LISTING.page(
            connection,
            organisation=look.organisation,
            sort=sort,
            limit=limit,
            after=read_cursor(cursor, length=2),
            filters={
                "portfolio": portfolio,
                "status": status,
                "phase": phase,
                "programme": programme,
                "source": source,
                "unit": unit,
                "owner": owner,
                "manager": manager,
                "registration": registration,
                "kind": kind,
                "statutory": statutory,
            },
        )
    return page_response(request, page.items, page.next_place)


@router.post("/projects", summary="Propose a project", status_code=201, response_model=ProjectOut)
async def propose_project(body: ProjectIn, work: Annotated[Writing, writes(PROPOSE)]) -> Response:
    """Register a proposal. Whether it is prioritised centrally or reported lightly follows from the
    portfolio's entry threshold."""
    project_id, stored = await proposing.propose(
        work, proposing.Proposal(portfolio_id=body.portfolio_id, **_said(body))
    )
    return work.created(stored.document, stored.revision, f"/projects/{project_id}")


@router.put("/projects/{project_id}", summary="Change a project", response_model=ProjectOut)
async def change_project(
    project_id: UUID,
    body: ProjectChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CHANGE_PROJECT)],
) -> Response:
    """Replace all that its proposer says of the project. Its status and phase follow from decisions and
    stay; its registration follows from the portfolio's entry threshold (P2)."""
    stored = await changing.change_project(work, project_id, _said(body), expected=expected)
    return changed(work, stored)


def _said(body: ProjectChangeIn) -> dict[str, Any]:
    """What the body says of the project, as members of a proposal."""
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in body.model_dump(
            exclude={"portfolio_id", "cost_by_year", "needs", "closing", "dependency_lags"}
        ).items()
    }
    fields["cost_by_year"] = tuple(
        CostOfYear(cost.year, cost.kind, cost.amount) for cost in body.cost_by_year
    )
    fields["dependency_lags"] = tuple(Lag(lag.project_id, lag.lag_quarters) for lag in body.dependency_lags)
    fields["needs"] = tuple(need.value() for need in body.needs)
    fields["closing"] = None if body.closing is None else body.closing.value()
    return fields
