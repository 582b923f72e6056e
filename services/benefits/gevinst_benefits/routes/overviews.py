"""Overviews: what a person, a controller, a unit, a programme or a portfolio has before it."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.routes.overview_answers import unit_shown, waiting_shown, work_shown
from gevinst_benefits.schemas.duties import MyDutiesOut
from gevinst_benefits.schemas.overviews import UnitOverviewOut, VerificationOverviewOut, WorkOverviewOut
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind
from gevinst_benefits.usecases import surveying
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, read_cursor, write_cursor
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Overviews"])
OfKind = Annotated[DutyKind | None, Query(description="Only duties of this kind.")]
FirstYear = Annotated[int | None, Query(ge=1990, le=2200, description="Last year when absent.")]
ThisYear = Annotated[int | None, Query(ge=1990, le=2200, description="This year when absent.")]
Years = Annotated[int, Query(ge=1, le=60, description="How many years, from the first on.")]
_LAST = 2200


@router.get("/overviews/me", summary="My duties", response_model=MyDutiesOut)
async def get_my_duties(
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    kind: OfKind = None,
) -> Response:
    """What you must do or decide now, with its day and where it is done; what is late comes first. It follows
    from the roles you hold and from what names you, and from nothing that is stored."""
    after = read_cursor(cursor, length=2)
    found = await surveying.my_duties(work, kind=kind, limit=limit, after=after)
    place = found.page.next_place
    following = "" if place is None else f',"next_cursor":"{write_cursor(place)}"'
    return Response(f'{{"items":{found.page.items},"counts":{found.counts}{following}}}', media_type=JSON)


@router.get(
    "/overviews/verification", summary="What waits for controllers", response_model=VerificationOverviewOut
)
async def get_verification_overview(work: Annotated[Work, reads(VIEW)]) -> Response:
    """How many years of benefits have ended and are not verified, by year and by the unit that owns them;
    late is what has waited for a whole year."""
    rows = await surveying.waiting_to_be_verified(work)
    return _answer(waiting_shown(rows, this_year=work.today.year))


@router.get("/units/{unit_id}/overview", summary="A unit's overview", response_model=UnitOverviewOut)
async def get_unit_overview(
    unit_id: UUID, work: Annotated[Work, reads(VIEW)], year: ThisYear = None, years: Years = 10
) -> Response:
    """What is expected of the unit and of those below it from a year on, ledger by ledger; how much changes
    in that year; its goals, what was booked to its budgets, and its staff."""
    survey = await surveying.survey_unit(work, unit_id)
    return _answer(unit_shown(unit_id, survey, _range(year or work.today.year, years)))


@router.get("/projects/{project_id}/overview", summary="A project's overview", response_model=WorkOverviewOut)
async def get_project_overview(
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    first_year: FirstYear = None,
    years: Years = 10,
) -> Response:
    """What the project's benefits give by mode, kind, ledger and year, our part of each counted once; and
    what is missing, late or ahead. Benefits without an indicator come first."""
    scope = Scope(ScopeKind.PROJECT, project_id)
    return await _of_work(work, scope, project_id, _range(first_year or work.today.year - 1, years))


@router.get(
    "/programmes/{programme_id}/overview", summary="A programme's overview", response_model=WorkOverviewOut
)
async def get_programme_overview(
    programme_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    first_year: FirstYear = None,
    years: Years = 10,
) -> Response:
    """What the programme's benefits give by mode, kind, ledger and year, our part of each counted once; and
    what is missing, late or ahead. Benefits without an indicator come first."""
    scope = Scope(ScopeKind.PROGRAMME, programme_id)
    return await _of_work(work, scope, programme_id, _range(first_year or work.today.year - 1, years))


@router.get(
    "/portfolios/{portfolio_id}/overview", summary="A portfolio's overview", response_model=WorkOverviewOut
)
async def get_portfolio_overview(
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    first_year: FirstYear = None,
    years: Years = 10,
) -> Response:
    """What the portfolio's benefits give by mode, kind, ledger and year, our part of each counted once; and
    what is missing, late or ahead. Benefits without an indicator come first."""
    scope = Scope(ScopeKind.PORTFOLIO, portfolio_id)
    return await _of_work(work, scope, portfolio_id, _range(first_year or work.today.year - 1, years))


async def _of_work(work: Work, scope: Scope, scope_id: UUID, years: range) -> Response:
    survey = await surveying.survey_work(work, scope)
    return _answer(work_shown(scope_id, survey, years, today=work.today))


def _range(first: int, years: int) -> range:
    return range(first, min(first + years, _LAST + 1))


def _answer(members: dict[str, Any]) -> Response:
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)
