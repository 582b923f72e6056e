"""Concepts: the ways to meet a project's need, the zero alternative always among them (P9)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.concepts import ConceptState
from gevinst_portfolio.domain.permissions import CHANGE_PROJECT, VIEW
from gevinst_portfolio.domain.projects import CostOfYear
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.concepts import (
    ChoiceIn,
    ConceptComparisonOut,
    ConceptIn,
    ConceptOut,
    ConceptPageOut,
    WithdrawalIn,
)
from gevinst_portfolio.store import concepts, projects
from gevinst_portfolio.usecases import comparing_concepts, conceiving
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Concepts"])
Sort = Annotated[
    Literal["reference", "name", "-reference", "-name"],
    Query(description="`reference`: the zero alternative, then as added; `-` turns the order."),
]
Change = Annotated[Writing, writes(CHANGE_PROJECT)]


@router.get("/projects/{project_id}/concepts", summary="Concepts of a project", response_model=ConceptPageOut)
async def list_concepts(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "reference",
    state: Annotated[ConceptState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """The ways to meet the need, with the zero alternative as soon as there is any other."""
    await projects.get_row(work.connection, project_id)
    page = await concepts.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id, "state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/concepts", summary="Add a concept", status_code=201, response_model=ConceptOut
)
async def add_concept(project_id: UUID, body: ConceptIn, work: Change) -> Response:
    """Add a way to meet the need. The first one brings the zero alternative along."""
    concept_id, stored = await conceiving.add_concept(work, project_id, _said(body))
    return work.created(stored.document, stored.revision, f"/concepts/{concept_id}")


@router.get(
    "/projects/{project_id}/concepts/comparison",
    summary="Concepts compared",
    responses=SAYS_NO,
    response_model=ConceptComparisonOut,
)
async def compare_concepts(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Benefit against cost and feasibility, side by side, each against the zero alternative. What is not
    known is absent. Concepts that another one beats in everything are marked; withdrawn ones are left out.
    """
    compared = await comparing_concepts.compare_concepts(work, project_id)
    return Response(written(ConceptComparisonOut, compared), media_type=JSON)


@router.get("/concepts/{concept_id}", summary="One concept", response_model=ConceptOut)
async def get_concept(concept_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The concept as it is now."""
    return shown(await concepts.RECORDS.get(work.connection, concept_id))


@router.put("/concepts/{concept_id}", summary="Change a concept", response_model=ConceptOut)
async def change_concept(
    concept_id: UUID, body: ConceptIn, expected: ExpectedRevision, work: Change
) -> Response:
    """Replace all that is said of a concept that is still considered."""
    stored = await conceiving.change_concept(work, concept_id, _said(body), expected=expected)
    return changed(work, stored)


@router.post("/concepts/{concept_id}/withdrawal", summary="Withdraw a concept", response_model=ConceptOut)
async def withdraw_concept(
    concept_id: UUID, body: WithdrawalIn, expected: ExpectedRevision, work: Change
) -> Response:
    """Give a concept up, with the reason. The zero alternative cannot be withdrawn."""
    stored = await conceiving.withdraw_concept(work, concept_id, reason=body.reason, expected=expected)
    return changed(work, stored)


@router.post("/concepts/{concept_id}/choice", summary="Choose a concept", response_model=ConceptOut)
async def choose_concept(
    concept_id: UUID, body: ChoiceIn, expected: ExpectedRevision, work: Change
) -> Response:
    """The project, still a proposal, takes over the concept's cost, benefit, needs and length; what it had
    before stays in its history. Its waves are planned anew: they were those of what it was."""
    stored = await conceiving.choose_concept(work, concept_id, reason=body.reason, expected=expected)
    return changed(work, stored)


def _said(body: ConceptIn) -> conceiving.ConceptSaid:
    return conceiving.ConceptSaid(
        name=body.name,
        description=body.description,
        feasibility=[one.value() for one in body.feasibility],
        cost=body.cost,
        benefit=body.benefit,
        cost_by_year=[CostOfYear(one.year, one.kind, one.amount) for one in body.cost_by_year],
        needs=[one.value() for one in body.needs],
        quarters=body.quarters,
        is_recommended=body.is_recommended,
    )
