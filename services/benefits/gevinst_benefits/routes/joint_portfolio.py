"""The joint portfolio: how our projects and our partners' stand, and what they promise (X4)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gevinst_benefits.domain.joint_portfolio import Shown, together
from gevinst_benefits.domain.permissions import VIEW_JOINTLY
from gevinst_benefits.schemas.joint_portfolio import JointLinePageOut, JointPortfolioOut, figure_members
from gevinst_benefits.schemas.joint_projects import JointCasePageOut, JointProjectPageOut, case_members
from gevinst_benefits.store import joint_projects
from gevinst_benefits.store.joint_portfolio import Wanted
from gevinst_benefits.usecases import viewing_jointly
from gevinst_shared.db.work import Work
from gevinst_shared.web.joint_bodies import held_members, line_members, view_members
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Joint portfolio"])
Own = Annotated[bool, Query(description="Whether your own projects count, too.")]


def _wanted(
    own: Own = True,  # noqa: FBT002 - a query
    case: Annotated[
        UUID | None,
        Query(
            description="Only projects whose case was localised from what its publisher gave this id (C3)."
        ),
    ] = None,
    publisher: Annotated[
        str | None,
        Query(
            description="Of `case`: whose it is. Absent: anybody's.",
            max_length=15,
            pattern="^[0-9]{4}:[0-9]{8,10}$",
            examples=["0192:958935420"],
        ),
    ] = None,
) -> Wanted:
    return Wanted(own, case, publisher)


AskedFor = Annotated[Wanted, Depends(_wanted)]


@router.get("/joint-portfolio", summary="The joint portfolio", response_model=JointPortfolioOut)
async def get_joint_portfolio(work: Annotated[Work, reads(VIEW_JOINTLY)], wanted: AskedFor) -> Response:
    """How your projects and those that partners share with you stand, what they promise and what came of it,
    how many bodies and projects stand behind each figure, and of how many it is missing. Ledgers, units,
    currencies and price years are never added. After a restore from a backup there is no total until every
    partner was read anew."""
    view = await viewing_jointly.view_jointly(work, wanted)
    total = None if view.every is None else together(view.every)
    members = view_members(view, total, figure_members)
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)


@router.get(
    "/joint-portfolio/bodies", summary="Bodies of the joint portfolio", response_model=JointLinePageOut
)
async def list_joint_bodies(
    request: Request,
    work: Annotated[Work, reads(VIEW_JOINTLY)],
    wanted: AskedFor,
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
    wanted: AskedFor,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    partner: Annotated[UUID | None, Query(description="Only this partner's.")] = None,
) -> Response:
    """What the figures are made of (E2): the status and the newest business case of each project as its owner
    shares them, with the signed revisions that said so. Those of which nobody can tell whether they are asked
    for are not among them."""
    page = await joint_projects.page_of_projects(
        work.connection,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"own": wanted.own, "case": wanted.case_and_publisher, "partner": partner},
    )
    return page_response(request, page.items, page.next_place)


@router.get(
    "/joint-portfolio/cases",
    summary="General cases of the joint portfolio",
    response_model=JointCasePageOut,
)
async def list_joint_cases(
    request: Request,
    work: Annotated[Work, reads(VIEW_JOINTLY)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    own: Own = True,  # noqa: FBT002 - a query
) -> Response:
    """Each general case that somebody has localised, by how many bodies, from which editions, and what the
    local cases come to together (C3). After a restore from a backup there are no figures until every partner
    was read anew."""
    found = await viewing_jointly.view_cases(work, own=own, after=read_cursor(cursor, length=2), limit=limit)
    items = [case_members(*one) for one in found.cases]
    held = json.dumps(held_members(found.bodies), ensure_ascii=False)
    text = json.dumps(items, ensure_ascii=False)
    return page_response(request, text, found.following, members={"held": held})
