"""The benefit trees of several projects as one: what leads to a goal, and what is counted where (B12, G8)."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.benefit_tree.contributions import (
    Contribution,
    GoesRound,
    SharesExceedWhole,
    contributions,
)
from gevinst_benefits.domain.benefit_tree.unions import carried_by_project, united_findings
from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.routes.tree_forms import DRAWN_ANSWERS, DRAWN_FORMS, JSON_FORM, Shown, drawn, form_of
from gevinst_benefits.routes.tree_sentences import problems_of, said_united
from gevinst_benefits.schemas.benefit_trees import TreeFindingOut
from gevinst_benefits.schemas.united_trees import GoalTreeOut, UnitedTreesOut, goal_members, united_members
from gevinst_benefits.usecases import uniting_trees
from gevinst_benefits.usecases.uniting_trees import Together
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Benefit trees"])


@router.get(
    "/goals/{goal_id}/benefit-tree",
    summary="All paths to a goal",
    response_model=GoalTreeOut,
    responses={**DRAWN_ANSWERS, **SAYS_NO},
)
async def get_goal_tree(
    request: Request,
    goal_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """What leads to the goal in the trees of all projects, how much of it each carries, and which project
    each benefit counts for. A benefit that several trees count on is told, and counted once (B12)."""
    together, key = await uniting_trees.trees_towards(work, goal_id)
    said, shown = _shown(together, "goal-title", accept_language)
    form = form_of(request, DRAWN_FORMS)
    if form != JSON_FORM:
        return await drawn(form, shown, request, work)
    carried = carried_by_project(together.whole, key)
    parts = await asyncio.to_thread(_contributions, together, key)
    members = united_members(together.whole, together.projects, said)
    document = GoalTreeOut.model_validate(members | goal_members(goal_id, key, carried, parts))
    return Response(document.model_dump_json(exclude_none=True), media_type=JSON)


@router.get(
    "/programmes/{programme_id}/benefit-tree",
    summary="A programme's benefit trees as one",
    response_model=UnitedTreesOut,
    responses={**DRAWN_ANSWERS, **SAYS_NO},
)
async def get_programme_tree(
    request: Request,
    programme_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """The trees of the programme's projects, with shared goals and benefits once."""
    together = await uniting_trees.trees_of_programme(work, programme_id)
    return await _united(request, work, together, accept_language)


@router.get(
    "/portfolios/{portfolio_id}/benefit-tree",
    summary="A portfolio's benefit trees as one",
    response_model=UnitedTreesOut,
    responses={**DRAWN_ANSWERS, **SAYS_NO},
)
async def get_portfolio_tree(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """The trees of the portfolio's projects, with shared goals and benefits once."""
    together = await uniting_trees.trees_of_portfolio(work, portfolio_id)
    return await _united(request, work, together, accept_language)


async def _united(request: Request, work: Work, together: Together, accept_language: str | None) -> Response:
    said, shown = _shown(together, "union-title", accept_language)
    form = form_of(request, DRAWN_FORMS)
    if form != JSON_FORM:
        return await drawn(form, shown, request, work)
    members = united_members(together.whole, together.projects, said)
    document = UnitedTreesOut.model_validate(members)
    return Response(document.model_dump_json(exclude_none=True), media_type=JSON)


def _shown(
    together: Together, heading: str, accept_language: str | None
) -> tuple[list[TreeFindingOut], Shown]:
    language = language_of(accept_language)
    said = said_united(together.whole, together.projects, united_findings(together.whole), language)
    return said, Shown(together.whole.tree, problems_of(said), language, heading, together.name)


def _contributions(together: Together, key: str) -> tuple[Contribution, ...]:
    """None where the tree goes round, or shares exceed the whole: the findings say so."""
    try:
        return contributions(together.whole.tree, key) if key else ()
    except (GoesRound, SharesExceedWhole):
        return ()
