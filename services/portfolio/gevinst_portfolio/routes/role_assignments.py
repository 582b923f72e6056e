"""Roles: who holds them, and which nobody holds (P10)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.role_assignments import (
    RoleAssignmentIn,
    RoleAssignmentOut,
    RoleAssignmentPageOut,
    RoleEndIn,
    RoleVacancyPageOut,
)
from gevinst_portfolio.store import role_assignments, role_vacancies
from gevinst_portfolio.usecases import staffing
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Role, ScopeKind
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["People"])
Sort = Annotated[Literal["id", "-id"], Query(description="`-` turns the order.")]
VacancySort = Annotated[Literal["role", "-role"], Query(description="`-` turns the order.")]
OnlyRole = Annotated[Role | None, Query(description="Only this role.")]
OnlyScope = Annotated[ScopeKind | None, Query(description="Only with this scope.")]


@router.get("/role-assignments", summary="Who holds which role", response_model=RoleAssignmentPageOut)
async def list_role_assignments(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    person: Annotated[UUID | None, Query(description="Only this person's.")] = None,
    role: OnlyRole = None,
    scope: OnlyScope = None,
    place: Annotated[UUID | None, Query(description="Only those held here (`scope_id`).")] = None,
) -> Response:
    """Roles that are, were or will be held, a page at a time."""
    after = read_cursor(cursor, length=2)
    filters = {"person": person, "role": role, "scope": scope, "place": place}
    page = await role_assignments.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post("/role-assignments", summary="Assign a role", status_code=201, response_model=RoleAssignmentOut)
async def assign_role(body: RoleAssignmentIn, work: Annotated[Writing, writes(ADMINISTER)]) -> Response:
    """Give a person a role in the organisation or a part of it, from a day until another."""
    assignment_id, stored = await staffing.assign_role(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/role-assignments/{assignment_id}")


@router.get("/role-assignments/{assignment_id}", summary="One role", response_model=RoleAssignmentOut)
async def get_role_assignment(assignment_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The role as it was assigned."""
    return shown(await role_assignments.RECORDS.get(work.connection, assignment_id))


@router.post("/role-assignments/{assignment_id}/end", summary="End a role", response_model=RoleAssignmentOut)
async def end_role(
    assignment_id: UUID,
    body: RoleEndIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ADMINISTER)],
) -> Response:
    """Let the role end on a day. When a project is left without owner or manager, that is announced."""
    stored = await staffing.end_role(work, assignment_id, valid_until=body.valid_until, expected=expected)
    return changed(work, stored)


@router.get("/role-vacancies", summary="Roles that nobody holds", response_model=RoleVacancyPageOut)
async def list_role_vacancies(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: VacancySort = "role",
    role: Annotated[str | None, Query(max_length=60, description="Only this role.")] = None,
    scope: OnlyScope = None,
    portfolio: Annotated[UUID | None, Query(description="Only in this portfolio's projects.")] = None,
    place: Annotated[UUID | None, Query(description="Only in this project or unit.")] = None,
) -> Response:
    """P10: projects that are not over and lack an owner, a manager or somebody in their board today, and
    units without a leader. An owner may be a group."""
    after = read_cursor(cursor, length=2)
    filters = {
        "today": work.today,
        "role": role,
        "scope": scope,
        "portfolio": portfolio,
        "place": place,
    }
    page = await role_vacancies.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)
