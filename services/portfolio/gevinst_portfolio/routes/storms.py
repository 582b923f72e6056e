"""Project storms of today's plan and of scenarios (P3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW, VIEW_SCENARIO
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.routes.sentences import sayer
from gevinst_portfolio.schemas.storms import OutlookOut, outlook_members
from gevinst_portfolio.usecases import foreseeing
from gevinst_portfolio.usecases.foreseeing import Outlook, Wanted
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Capacity"])
ResourceId = Annotated[UUID | None, Query(description="Only this resource.")]
UnitId = Annotated[UUID | None, Query(description="Only resources of this unit.")]
Overloaded = Annotated[bool, Query(description="Only where more is asked than there is.")]
Proposals = Annotated[bool, Query(description="Also proposed work, on its registered days.")]


def _wanted(
    resource: ResourceId = None,
    unit: UnitId = None,
    *,
    overloaded: Overloaded = False,
) -> Wanted:
    return Wanted(resource, unit, only_overloaded=overloaded)


@router.get(
    "/portfolios/{portfolio_id}/storms",
    summary="Where today's plan asks for too much",
    response_model=OutlookOut,
)
async def get_portfolio_storms(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    wanted: Annotated[Wanted, Depends(_wanted)],
    *,
    proposals: Proposals = True,
) -> Response:
    """Running, approved and proposed work on its registered days, against money per year and people and
    change load per quarter; other portfolios' decided work takes of these too. Where more is asked than
    there is, a project storm is coming."""
    asked = Wanted(wanted.resource_id, wanted.unit_id, wanted.only_overloaded, proposals)
    return _answer(request, await foreseeing.storms_of_portfolio(work, portfolio_id, asked))


@router.get(
    "/scenarios/{scenario_id}/storms",
    summary="Where a scenario's plan asks for too much",
    response_model=OutlookOut,
)
async def get_scenario_storms(
    request: Request,
    scenario_id: UUID,
    work: Annotated[Work, reads(VIEW_SCENARIO)],
    wanted: Annotated[Wanted, Depends(_wanted)],
) -> Response:
    """The same for the starts of the scenario's plan, with the money and the capacity that it supposes
    and the projects' figures as they are now."""
    return _answer(request, await foreseeing.storms_of_scenario(work, scenario_id, wanted))


def _answer(request: Request, outlook: Outlook) -> Response:
    document = written(OutlookOut, outlook_members(outlook, sayer(request)))
    return Response(document, media_type=JSON)
