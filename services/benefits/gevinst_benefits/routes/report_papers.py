"""Monthly reports and benefit reports as papers: PDF or Word."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.papers.benefit_report.documents import ReportOf
from gevinst_benefits.papers.benefit_report.paper import benefit_report
from gevinst_benefits.routes.overview_answers import sums_shown, unit_shown, work_shown
from gevinst_benefits.routes.tree_sentences import saying
from gevinst_benefits.schemas.reconciliation import shown
from gevinst_benefits.store.arrangements import find_name
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import presenting_benefits, surveying
from gevinst_benefits.usecases.presenting_reports import paper_of_report
from gevinst_shared.db.work import Work
from gevinst_shared.papers.wording import Words
from gevinst_shared.web.paper_responses import PAPER_ANSWERS, AskedPaper, PaperRequest
from gevinst_shared.web.session import reads

router = APIRouter()
FirstYear = Annotated[int | None, Query(ge=1990, le=2200, description="Three years ago when absent.")]
Years = Annotated[int, Query(ge=1, le=20, description="How many years, from the first on.")]
_BACK, _USUAL, _LAST = 3, 10, 2200


@router.get(
    "/monthly-reports/{report_id}/paper",
    summary="A report as a paper",
    response_class=Response,
    responses=PAPER_ANSWERS,
    tags=["Monthly reports"],
)
async def get_report_paper(
    report_id: UUID, work: Annotated[Work, reads(VIEW)], asked: AskedPaper
) -> Response:
    """The report on a page or two, in your language: the lights with the worst first, what deviates and why,
    what the year costs, what has changed since the report before, the project's measures, and what waits.
    Ask for PDF or DOCX with `Accept`."""
    return asked.answer(await paper_of_report(work, report_id, asked.language))


@router.get(
    "/projects/{project_id}/benefit-report",
    summary="A project's benefit report",
    response_class=Response,
    responses=PAPER_ANSWERS,
    tags=["Benefits"],
)
async def get_project_benefit_report(
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asked: AskedPaper,
    first_year: FirstYear = None,
    years: Years = _USUAL,
) -> Response:
    """What was promised, by whom and from when; what controllers found and what became of budgets; indicators
    and their lights; what is missing, and what happens next. Ask for PDF or DOCX with `Accept`."""
    name = (await get_project(work.connection, project_id)).name
    plan, reconciled = await presenting_benefits.plan_of(work, project_id)
    plan = replace(plan, reconciled=[shown(one) for one in reconciled])
    report = await _of_work(work, ScopeKind.PROJECT, project_id, _range(work, first_year, years))
    people = await presenting_benefits.names_in(work, report.overview, plan.plan)
    report = replace(report, name=name, plan=plan, people=people)
    return await _answer(work, asked, report, Scope(ScopeKind.PROJECT, project_id))


@router.get(
    "/programmes/{programme_id}/benefit-report",
    summary="A programme's benefit report",
    response_class=Response,
    responses=PAPER_ANSWERS,
    tags=["Overviews"],
)
async def get_programme_benefit_report(
    programme_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asked: AskedPaper,
    first_year: FirstYear = None,
    years: Years = _USUAL,
) -> Response:
    """The programme's overview as a paper: promised and realised by ledger and year, what is missing, how
    indicators stand, and what happens next. Ask for PDF or DOCX with `Accept`."""
    asked_years = _range(work, first_year, years)
    report = await _of_work(work, ScopeKind.PROGRAMME, programme_id, asked_years)
    return await _answer(work, asked, report, Scope(ScopeKind.PROGRAMME, programme_id))


@router.get(
    "/portfolios/{portfolio_id}/benefit-report",
    summary="A portfolio's benefit report",
    response_class=Response,
    responses=PAPER_ANSWERS,
    tags=["Overviews"],
)
async def get_portfolio_benefit_report(
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asked: AskedPaper,
    first_year: FirstYear = None,
    years: Years = _USUAL,
) -> Response:
    """The portfolio's overview as a paper: promised and realised by ledger and year, what is missing, how
    indicators stand, and what happens next. Ask for PDF or DOCX with `Accept`."""
    asked_years = _range(work, first_year, years)
    report = await _of_work(work, ScopeKind.PORTFOLIO, portfolio_id, asked_years)
    return await _answer(work, asked, report, Scope(ScopeKind.PORTFOLIO, portfolio_id))


@router.get(
    "/units/{unit_id}/benefit-report",
    summary="A unit's benefit report",
    response_class=Response,
    responses=PAPER_ANSWERS,
    tags=["Overviews"],
)
async def get_unit_benefit_report(
    unit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asked: AskedPaper,
    first_year: FirstYear = None,
    years: Years = _USUAL,
) -> Response:
    """What is expected of the unit and of those below it, what was realised and booked, how much changes in
    the first year, and its goals. Ask for PDF or DOCX with `Accept`."""
    survey = await surveying.survey_unit(work, unit_id)
    asked_years = _range(work, first_year or work.today.year, years)
    overview = unit_shown(unit_id, survey, asked_years)
    report = _report(work, ScopeKind.UNIT, unit_id, asked_years, overview)
    report = replace(report, name=overview["name"], sums=overview["expected"])
    return await _answer(work, asked, report, Scope(ScopeKind.UNIT, unit_id))


async def _of_work(work: Work, kind: ScopeKind, scope_id: UUID, years: range) -> ReportOf:
    survey = await surveying.survey_work(work, Scope(kind, scope_id))
    overview = work_shown(scope_id, survey, years, today=work.today)
    report = _report(work, kind, scope_id, years, overview)
    people = await presenting_benefits.names_in(work, overview, None)
    name = await find_name(work.connection, scope_id)
    return replace(report, name=name, sums=sums_shown(survey.sums, years), people=people)


def _report(
    work: Work, kind: ScopeKind, scope_id: UUID, years: range, overview: dict[str, object]
) -> ReportOf:
    return ReportOf(
        kind=kind.value,
        name=None,
        organisation=work.organisation,
        path=f"/benefits/v1/{kind.value}s/{scope_id}/overview?first_year={years.start}&years={len(years)}",
        overview=overview,
        sums=(),
        plan=None,
        people={},
        today=work.today,
        # Of the day: the same report twice on a day is the same paper.
        made_at=datetime.combine(work.today, time(), UTC),
        first_year=years.start,
        last_year=years.stop - 1,
    )


def _range(work: Work, first_year: int | None, years: int) -> range:
    first = first_year or work.today.year - _BACK
    return range(first, min(first + years, _LAST + 1))


async def _answer(work: Work, asked: PaperRequest, report: ReportOf, scope: Scope) -> Response:
    words = Words(asked.language, "gevinst_benefits")
    realised = await presenting_benefits.realised_picture(work, scope, report.name, words)
    tree = await presenting_benefits.tree_picture(work, scope, words, saying(asked.language))
    return asked.answer(benefit_report(replace(report, realised=realised, tree=tree), words))
