"""Scenarios: made and solved by the office, published for the board."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import PLAN, VIEW_SCENARIO
from gevinst_portfolio.routes.analysis_sentences import Saying
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.routes.contradictions import told_contradictions
from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.scenarios import CopyIn, ScenarioIn, ScenarioOut, ScenarioPageOut
from gevinst_portfolio.store import scenarios
from gevinst_portfolio.usecases import planning
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Scenarios"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


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
    scenario_id, stored = await planning.make_scenario(work, portfolio_id, body.said())
    return work.created(stored.document, stored.revision, f"/scenarios/{scenario_id}")


@router.put("/scenarios/{scenario_id}", summary="Change a scenario", response_model=ScenarioOut)
async def change_scenario(
    scenario_id: UUID, body: ScenarioIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Replace all that a private scenario says. Its plan stays to be looked at, and must be solved again
    before it is published when the scenario supposes something else than before."""
    return changed(work, await planning.change_scenario(work, scenario_id, body.said(), expected=expected))


@router.delete("/scenarios/{scenario_id}", summary="Delete a scenario", status_code=204, response_model=None)
async def delete_scenario(
    scenario_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Take a private scenario away; a run that solves it is called off. What the board has seen stays."""
    if not await planning.delete_scenario(work, scenario_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()


@router.post(
    "/scenarios/{scenario_id}/copies",
    summary="Copy a scenario",
    status_code=201,
    response_model=ScenarioOut,
)
async def copy_scenario(scenario_id: UUID, body: CopyIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """A new private scenario of yours that supposes the same, with the plan that answers it if there is
    one; also of a published scenario. Change it, and solve it again."""
    copy_id, stored = await planning.copy_scenario(work, scenario_id, name=body.name)
    return work.created(stored.document, stored.revision, f"/scenarios/{copy_id}")


@router.post(
    "/scenarios/{scenario_id}/runs", summary="Solve a scenario", status_code=202, response_model=RunOut
)
async def solve_scenario(scenario_id: UUID, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Choose and time the projects for the most value within money, people and change load. The run tells
    value, bound and gap on its way; called off, it keeps the best plan so far."""
    run_id, stored = await planning.ask_for_plan(work, scenario_id)
    return work.accepted(stored.document, f"/runs/{run_id}")


@router.get("/scenarios/{scenario_id}/plan", summary="A scenario's plan", response_model=PlanOut)
async def get_plan(
    request: Request, scenario_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]
) -> Response:
    """Who starts when, what was binding, and for every project left out what stood in its way (P7)."""
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.plan is None:
        raise Unknown
    language = language_of(request.headers.get("accept-language"))
    plan = {"scenario_id": str(scenario.id), **scenario.plan}
    plan["contradictions"] = told_contradictions(scenario.plan, Saying(language))
    document = json.dumps(plan, ensure_ascii=False)
    return Response(document, headers={"ETag": etag(scenario.revision)}, media_type=JSON)


@router.post("/scenarios/{scenario_id}/publication", summary="Publish a scenario", response_model=ScenarioOut)
async def publish_scenario(
    scenario_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Show the scenario and its plan to the board. From then on neither changes."""
    stored = await planning.publish_scenario(work, scenario_id, expected=expected)
    return changed(work, stored)
