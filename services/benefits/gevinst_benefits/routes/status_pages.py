"""Status pages: what the overviews say of a project, programme, portfolio or unit, for people and frames."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.domain.status_pages import WorkStatus, unit_page, work_page
from gevinst_benefits.routes.overview_answers import unit_shown, work_shown
from gevinst_benefits.store.arrangements import find_name
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import surveying
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import reads
from gevinst_shared.web.status_pages import STATUS_ANSWERS, StatusAsked, StatusRequest

router = APIRouter(tags=["Status pages"])
_PACKAGE = "gevinst_benefits"


@router.get(
    "/projects/{project_id}/status-page",
    summary="A project's benefits and gates as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_project_status(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """The project's phase, its benefits, indicators, gates that wait and conditions that are open."""
    project = await get_project(work.connection, project_id)
    kept = await find_progress(work.connection, project_id)
    scope = Scope(ScopeKind.PROJECT, project_id)
    if kept is None:
        return await _of_work(work, asked, scope, name=project.name)
    phase = kept.model.phase(kept.progress.phase).names[asked.language]
    names = kept.model.gate_names(asked.language)
    return await _of_work(work, asked, scope, name=project.name, phase=phase, gate_names=names)


@router.get(
    "/programmes/{programme_id}/status-page",
    summary="A programme's benefits and gates as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_programme_status(
    programme_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """The same figures as the programme's overview."""
    name = await find_name(work.connection, programme_id)
    return await _of_work(work, asked, Scope(ScopeKind.PROGRAMME, programme_id), name=name)


@router.get(
    "/portfolios/{portfolio_id}/status-page",
    summary="A portfolio's benefits and gates as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_portfolio_status(
    portfolio_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked
) -> Response:
    """The same figures as the portfolio's overview."""
    name = await find_name(work.connection, portfolio_id)
    return await _of_work(work, asked, Scope(ScopeKind.PORTFOLIO, portfolio_id), name=name)


@router.get(
    "/units/{unit_id}/status-page",
    summary="A unit's benefits and goals as a small page",
    response_class=Response,
    responses=STATUS_ANSWERS,
)
async def show_unit_status(unit_id: UUID, work: Annotated[Work, reads(VIEW)], asked: StatusAsked) -> Response:
    """The same figures as the unit's overview of this year, with those below it."""
    survey = await surveying.survey_unit(work, unit_id)
    year = work.today.year
    shown = unit_shown(unit_id, survey, range(year, year + 1))
    return asked.answer(unit_page(shown, asked.words(_PACKAGE)))


async def _of_work(
    work: Work, asked: StatusRequest, scope: Scope, *, name: str | None = None, **of_project: Any
) -> Response:
    survey = await surveying.survey_work(work, scope)
    year, today = work.today.year, work.today
    assert scope.id is not None
    shown = work_shown(scope.id, survey, range(year, year + 1), today=today)
    status = WorkStatus(scope.kind.value, name, shown, **of_project)
    return asked.answer(work_page(status, asked.words(_PACKAGE)))
