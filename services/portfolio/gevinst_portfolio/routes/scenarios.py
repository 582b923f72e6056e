"""Scenarios: made and solved by the office, published for the board."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import PLAN, VIEW_SCENARIO
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.plans import ComparisonOut, PlanOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.scenarios import ScenarioIn, ScenarioOut, ScenarioPageOut
from gevinst_portfolio.store import scenarios
from gevinst_portfolio.usecases import planning
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Scenarios"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]
Other = Annotated[UUID, Query(alias="with", description="The scenario to compare with.")]


@router.get("/scenarios/{scenario_id}", summary="One scenario", response_model=ScenarioOut)
async def get_scenario(scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]) -> Response:
    """The scenario, what its last solve came to, and whether the register changed since. Private to its
    author and the office until it is published."""
    stored = await planning.read_scenario(work, scenario_id)
    return shown(stored)


@router.get("/scenarios", summary="Scenarios", response_model=ScenarioPageOut)
async def list_scenarios(
    request: Request,
    work: Annotated[Work, reads(VIEW_SCENARIO)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
) -> Response:
    """The published scenarios, your own, and for the office all of them."""
    page = await scenarios.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"reader": reader_of(work), "portfolio": portfolio},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/scenarios",
    summary="Make a scenario",
    status_code=201,
    response_model=ScenarioOut,
)
async def make_scenario(
    portfolio_id: UUID, body: ScenarioIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Suppose something about money and projects for some quarters. Solve it by asking for a run."""
    said = body.model_dump(mode="json")
    scenario_id, stored = await planning.make_scenario(work, portfolio_id, said)
    return work.created(stored.document, stored.revision, f"/scenarios/{scenario_id}")


@router.post(
    "/scenarios/{scenario_id}/runs", summary="Solve a scenario", status_code=202, response_model=RunOut
)
async def solve_scenario(scenario_id: UUID, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Choose and time the projects for the most value within money, people and change load. The run tells
    value, bound and gap on its way; called off, it keeps the best plan so far."""
    run_id, stored = await planning.ask_for_plan(work, scenario_id)
    return work.accepted(stored.document, f"/runs/{run_id}")


@router.get("/scenarios/{scenario_id}/plan", summary="A scenario's plan", response_model=PlanOut)
async def get_plan(scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]) -> Response:
    """Who starts when, what was binding, and for every project left out what stood in its way (P7)."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.plan is None:
        raise Unknown
    document = json.dumps({"scenario_id": str(scenario.id), **scenario.plan}, ensure_ascii=False)
    return Response(document, headers={"ETag": etag(scenario.revision)}, media_type=JSON)


@router.get("/scenarios/{scenario_id}/comparison", summary="Compare two plans", response_model=ComparisonOut)
async def compare_scenarios(
    scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)], other: Other
) -> Response:
    """Who enters, leaves and moves from this plan to the other, and what that does to money and value."""
    found = await planning.compare(work, scenario_id, other)
    return Response(json.dumps(found, ensure_ascii=False), media_type=JSON)


@router.post("/scenarios/{scenario_id}/publication", summary="Publish a scenario", response_model=ScenarioOut)
async def publish_scenario(
    scenario_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Show the scenario and its plan to the board. From then on neither changes."""
    stored = await planning.publish_scenario(work, scenario_id, expected=expected)
    return changed(work, stored)
