"""The criteria model that a portfolio owns, in versions (P6)."""

import dataclasses
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.criteria import (
    CriteriaModelIn,
    CriteriaModelOut,
    CriteriaTemplatesOut,
    CriteriaVersionPageOut,
    CriterionIn,
    CriterionOut,
    TemplateChoiceIn,
    criteria_model,
)
from gevinst_portfolio.schemas.organisations import Language
from gevinst_portfolio.schemas.scores import AsOfDay
from gevinst_portfolio.store import criteria, portfolios
from gevinst_portfolio.store.criteria_templates import get_template, shipped_templates
from gevinst_portfolio.usecases import modelling
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Scores"])
Sort = Annotated[Literal["version", "-version"], Query(description="`-` turns the order.")]
OneVersion = Annotated[
    int | None, Query(ge=1, le=1_000_000_000, description="This version; absent: the last.")
]


@router.get(
    "/criteria-templates", summary="Criteria models to begin with", response_model=CriteriaTemplatesOut
)
async def list_criteria_templates(
    work: Annotated[Work, reads(VIEW)],
    language: Annotated[Language, Query(description="In which they are written.")] = "en",
) -> Response:
    """The models that come with the product, the simplest first; one call puts one in force."""
    items = [dataclasses.asdict(one) for one in shipped_templates(language)]
    return Response(written(CriteriaTemplatesOut, {"items": items}), media_type=JSON)


@router.get(
    "/portfolios/{portfolio_id}/criteria-model",
    summary="A portfolio's criteria model",
    response_model=CriteriaModelOut,
)
async def get_criteria_model(
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    version: OneVersion = None,
    day: AsOfDay = None,
) -> Response:
    """What projects are scored on: now, in one version, or as it was at the end of a day. `ETag` is the
    version."""
    model = await modelling.read_model(work, portfolio_id, version=version, day=day)
    document = written(CriteriaModelOut, criteria_model(portfolio_id, model))
    return Response(document, headers={"ETag": etag(model.version)}, media_type=JSON)


@router.put(
    "/portfolios/{portfolio_id}/criteria-model",
    summary="Change a portfolio's criteria model",
    response_model=CriteriaModelOut,
)
async def change_criteria_model(
    portfolio_id: UUID,
    body: CriteriaModelIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Put a new version of the whole model in force; `If-Match: "0"` for the first. Earlier versions stay,
    and so do the scores by them. A criterion whose scale changes must be scored again."""
    model = await modelling.change_model(work, portfolio_id, body.said(), expected=expected)
    if model is None:
        raise ChangedMeanwhile
    return work.changed(written(CriteriaModelOut, criteria_model(portfolio_id, model)), model.version)


@router.post(
    "/portfolios/{portfolio_id}/criteria-model",
    summary="Begin with a criteria model that comes with the product",
    status_code=201,
    response_model=CriteriaModelOut,
)
async def begin_criteria_model(
    portfolio_id: UUID, body: TemplateChoiceIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Put a shipped model in force as the portfolio's first version, to be changed as it likes."""
    model = await modelling.begin_model(work, portfolio_id, get_template(body.template, body.language))
    document = written(CriteriaModelOut, criteria_model(portfolio_id, model))
    return work.created(document, model.version, f"/portfolios/{portfolio_id}/criteria-model")


@router.get(
    "/portfolios/{portfolio_id}/criteria-model/versions",
    summary="The history of a criteria model",
    response_model=CriteriaVersionPageOut,
)
async def list_criteria_versions(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "version",
) -> Response:
    """Who changed the model, when and why."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    after = read_cursor(cursor, length=2)
    page = await criteria.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"portfolio": portfolio_id}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/criteria",
    summary="Add a criterion",
    status_code=201,
    response_model=CriterionOut,
)
async def add_criterion(
    portfolio_id: UUID, body: CriterionIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Put a version with one more criterion in force. Totals are partial until projects are scored on it."""
    model, criterion_id = await modelling.add_criterion(work, portfolio_id, body.said())
    members = criteria_model(portfolio_id, model)["criteria"]
    document = written(CriterionOut, next(one for one in members if one["id"] == str(criterion_id)))
    return work.created(document, model.version, f"/portfolios/{portfolio_id}/criteria-model")
