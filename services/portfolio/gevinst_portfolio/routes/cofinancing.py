"""Co-financing: schemes, what projects meet of them, applications, and the income that follows (M4)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.cofinancing import StepState
from gevinst_portfolio.domain.permissions import APPLY_FOR_CO_FINANCING, ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.cofinancing import (
    CoFinancingApplicationIn,
    CoFinancingApplicationOut,
    CoFinancingApplicationPageOut,
    EligibilityListOut,
    IncomeOut,
    ProfileIn,
    ProfileOut,
    RankingOut,
    SchemeIn,
    SchemeListOut,
    SchemeOut,
    StepIn,
    eligibility_told,
    income_told,
    ranking_told,
    scheme_told,
)
from gevinst_portfolio.store import cofinancing as store
from gevinst_portfolio.store import projects
from gevinst_portfolio.store.cofinancing_schemes import condition_texts
from gevinst_portfolio.usecases import cofinancing
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Co-financing"])
OnDay = Annotated[Day | None, Query(description="As of this day; absent: today.")]


@router.get("/co-financing-schemes", summary="Co-financing schemes", response_model=SchemeListOut)
async def list_schemes(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    day: Annotated[Day | None, Query(description="Only those in force on this day.")] = None,
) -> Response:
    """Every edition of every scheme, those that come with the product and your own."""
    language = _language(request)
    items = [scheme_told(one, language) for one in await cofinancing.list_schemes(work, day)]
    return Response(written(SchemeListOut, {"items": items}), media_type=JSON)


@router.post(
    "/co-financing-schemes", summary="Add a scheme of your own", status_code=201, response_model=SchemeOut
)
async def add_scheme(request: Request, body: SchemeIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Add a scheme, or another edition of one: what changes is a new edition, the earlier ones stay."""
    scheme = await cofinancing.add_scheme(work, body.definition())
    document = written(SchemeOut, scheme_told(scheme, _language(request)))
    return work.created(document, 1, "/co-financing-schemes")


@router.get(
    "/projects/{project_id}/co-financing-profile",
    summary="What schemes ask about a project",
    response_model=ProfileOut,
)
async def get_profile(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What was said of the project; what is absent is unknown."""
    await projects.get_row(work.connection, project_id)
    if await store.find_profile(work.connection, project_id) is None:
        return shown(Stored(written(ProfileOut, {"project_id": project_id, "revision": 0}), 0))
    return shown(await store.PROFILES.get(work.connection, project_id))


@router.put(
    "/projects/{project_id}/co-financing-profile",
    summary="Say what schemes ask about a project",
    response_model=ProfileOut,
)
async def state_profile(
    project_id: UUID,
    body: ProfileIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(APPLY_FOR_CO_FINANCING)],
) -> Response:
    """Say it all anew; `If-Match: "0"` for the first time. Value and investment are in one money."""
    said = cofinancing.Profile(
        body.applicant,
        body.is_triggering,
        None if body.papers is None else frozenset(body.papers),
        None if body.net_present_value is None else body.net_present_value.value(),
        None if body.invested is None else body.invested.value(),
        body.source,
    )
    return changed(work, await cofinancing.state_profile(work, project_id, said, expected=expected))


@router.get(
    "/projects/{project_id}/co-financing-eligibility",
    summary="What a project could get",
    response_model=EligibilityListOut,
)
async def check_eligibility(
    request: Request, project_id: UUID, work: Annotated[Work, reads(VIEW)], day: OnDay = None
) -> Response:
    """Each scheme in force on the day: every condition met, not met or unknown, in your language, the amount
    that is possible, and the papers that are missing."""
    language, on = _language(request), day or work.today
    texts = condition_texts(language)
    found = await cofinancing.check_eligibility(work, project_id, on)
    items = [eligibility_told(one, language, texts) for one in found]
    answer = {"project_id": project_id, "day": on, "items": items}
    return Response(written(EligibilityListOut, answer), media_type=JSON)


@router.get(
    "/portfolios/{portfolio_id}/co-financing-ranking",
    summary="Rank projects for a scheme",
    response_model=RankingOut,
)
async def rank_for_scheme(
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    scheme: Annotated[str, Query(max_length=60)] = "no-medfinansiering",
    edition: Annotated[str, Query(max_length=40)] = "2023",
    day: OnDay = None,
) -> Response:
    """The portfolio's open projects by net present value for each krone invested."""
    on = day or work.today
    candidates = await cofinancing.rank(work, portfolio_id, scheme, edition, on)
    told = {"portfolio_id": portfolio_id, "day": on, "scheme": scheme, "edition": edition}
    return Response(written(RankingOut, {**told, "items": ranking_told(candidates)}), media_type=JSON)


@router.get(
    "/projects/{project_id}/co-financing-income",
    summary="A project's income from schemes",
    response_model=IncomeOut,
)
async def list_income(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Per year, awarded and paid, with the step that each amount comes from (E2)."""
    lines = await cofinancing.list_income(work, project_id)
    return Response(written(IncomeOut, {"project_id": project_id, **income_told(lines)}), media_type=JSON)


@router.post(
    "/projects/{project_id}/co-financing-applications",
    summary="Apply for co-financing",
    status_code=201,
    response_model=CoFinancingApplicationOut,
)
async def apply_for_co_financing(
    project_id: UUID,
    body: CoFinancingApplicationIn,
    work: Annotated[Writing, writes(APPLY_FOR_CO_FINANCING)],
) -> Response:
    """Register what the project has applied for; the scheme decides elsewhere."""
    members = {**body.model_dump(), "amount": body.amount.value()}
    application_id, stored = await cofinancing.apply_for_co_financing(work, project_id, **members)
    return work.created(stored.document, stored.revision, f"/co-financing-applications/{application_id}")


@router.get(
    "/co-financing-applications",
    summary="Applications for co-financing",
    response_model=CoFinancingApplicationPageOut,
)
async def list_co_financing_applications(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    project: Annotated[UUID | None, Query(description="Only for this project.")] = None,
    state: Annotated[StepState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """Applications with what became of them, the newest first."""
    after, filters = read_cursor(cursor, length=2), {"project": project, "state": state}
    page = await store.LISTING.page(work.connection, sort="-id", limit=limit, after=after, filters=filters)
    return page_response(request, page.items, page.next_place)


@router.get(
    "/co-financing-applications/{co_financing_application_id}",
    summary="One application for co-financing",
    response_model=CoFinancingApplicationOut,
)
async def get_co_financing_application(
    co_financing_application_id: UUID, work: Annotated[Work, reads(VIEW)]
) -> Response:
    """The application with every step."""
    return shown(await store.APPLICATIONS.get(work.connection, co_financing_application_id))


@router.post(
    "/co-financing-applications/{co_financing_application_id}/steps",
    summary="Say what became of an application",
    response_model=CoFinancingApplicationOut,
)
async def record_step(
    co_financing_application_id: UUID,
    body: StepIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(APPLY_FOR_CO_FINANCING)],
) -> Response:
    """Awarded, refused, paid, reported or withdrawn. Money is the project's income of its years; it touches
    a pool only when it is paid through one, by somebody who runs that pool."""
    years = [(each.year, each.amount) for each in body.years]
    step = cofinancing.Step(body.state, body.happened_on, years, body.note, body.pool_id)
    stored = await cofinancing.record_step(work, co_financing_application_id, step, expected=expected)
    return changed(work, stored)


def _language(request: Request) -> str:
    return language_of(request.headers.get("accept-language"))
