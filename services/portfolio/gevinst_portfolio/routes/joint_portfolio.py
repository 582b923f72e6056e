"""The joint portfolio: our projects and our partners', as far as each has shared them (X4)."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gevinst_portfolio.domain.joint_portfolio import Shown, together
from gevinst_portfolio.domain.permissions import VIEW_JOINTLY
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.schemas.joint_portfolio import (
    JointLinePageOut,
    JointPortfolioOut,
    JointProjectPageOut,
    figure_members,
)
from gevinst_portfolio.store import joint_portfolio
from gevinst_portfolio.store.joint_portfolio import Wanted
from gevinst_portfolio.usecases import viewing_jointly
from gevinst_shared.db.work import Work
from gevinst_shared.web.joint_bodies import line_members, view_members
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Joint portfolio"])


def _wanted(
    own: Annotated[bool, Query(description="Whether your own projects count, too.")] = True,  # noqa: FBT002 - a query
    status: Annotated[ProjectStatus | None, Query(description="Only with this status.")] = None,
    phase: Annotated[str | None, Query(max_length=60, description="Only in this phase.")] = None,
    source: Annotated[str | None, Query(max_length=60, description="Only from this source (P1).")] = None,
    category: Annotated[str | None, Query(max_length=200, description="Only of this category.")] = None,
    programme: Annotated[UUID | None, Query(description="Only of this programme, whosever it is.")] = None,
) -> Wanted:
    word = None if status is None else status.value
    return Wanted(own, word, phase, source, category, programme)


Asked = Annotated[Wanted, Depends(_wanted)]


@router.get("/joint-portfolio", summary="The joint portfolio", response_model=JointPortfolioOut)
async def get_joint_portfolio(work: Annotated[Work, reads(VIEW_JOINTLY)], wanted: Asked) -> Response:
    """What your projects and those that partners share with you come to, how many bodies and projects stand
    behind each figure, and of how many it is missing. Amounts of different currencies or price years are
    never added. After a restore from a backup there is no total until every partner was read anew."""
    view = await viewing_jointly.view_jointly(work, wanted)
    total = None if view.every is None else together(view.every)
    return _answer(view_members(view, total, figure_members))


@router.get(
    "/joint-portfolio/bodies", summary="Bodies of the joint portfolio", response_model=JointLinePageOut
)
async def list_joint_bodies(
    request: Request,
    work: Annotated[Work, reads(VIEW_JOINTLY)],
    wanted: Asked,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    missing: Annotated[
        Shown | None, Query(description="Only bodies that have told this of none of their projects.")
    ] = None,
) -> Response:
    """A line for each body, also for those that share nothing: how old what is here of it is, what its
    projects come to, and what is missing."""
    view = await viewing_jointly.view_jointly(work, wanted)
    lines, following = view.page(after=read_cursor(cursor, length=3), missing=missing, limit=limit)
    items = [line_members(line, work.now, figure_members) for line in lines]
    return page_response(request, json.dumps(items, ensure_ascii=False), following)


@router.get(
    "/joint-portfolio/projects",
    summary="Projects of the joint portfolio",
    response_model=JointProjectPageOut,
)
async def list_joint_projects(
    request: Request,
    work: Annotated[Work, reads(VIEW_JOINTLY)],
    wanted: Asked,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    partner: Annotated[UUID | None, Query(description="Only this partner's.")] = None,
) -> Response:
    """What the figures are made of (E2): each project as its owner shares it, with the signed revision that
    said so. Those of which nobody can tell whether they are asked for are not among them."""
    filters = {
        **{name: getattr(wanted, name) for name in ("own", "status", "phase", "source", "category")},
        "programme": None if wanted.programme is None else str(wanted.programme),
        "partner": partner,
    }
    page = await joint_portfolio.page_of_projects(
        work.connection, limit=limit, after=read_cursor(cursor, length=2), filters=filters
    )
    return page_response(request, page.items, page.next_place)


def _answer(members: dict[str, Any]) -> Response:
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)
