"""Weights by pairwise comparison of criteria (P6)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, SCORE, VIEW
from gevinst_portfolio.routes.answers import written
from gevinst_portfolio.schemas.comparisons import (
    CriteriaComparisonIn,
    CriteriaComparisonOut,
    CriteriaComparisonPageOut,
    CriteriaComparisonRecordOut,
    JudgedPageOut,
    JudgementsIn,
    WeightsIn,
    comparison,
)
from gevinst_portfolio.schemas.criteria import CriteriaModelOut, criteria_model
from gevinst_portfolio.store import comparisons, portfolios
from gevinst_portfolio.usecases import comparing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Scores"])
Sort = Annotated[Literal["id", "-id"], Query(description="`-` turns the order.")]


@router.get(
    "/portfolios/{portfolio_id}/criteria-comparisons",
    summary="Comparisons of a portfolio's criteria",
    response_model=CriteriaComparisonPageOut,
)
async def list_comparisons(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """The comparisons that were begun, without what they come to."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    after = read_cursor(cursor, length=2)
    page = await comparisons.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"portfolio": portfolio_id}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/criteria-comparisons",
    summary="Begin a comparison of criteria",
    status_code=201,
    response_model=CriteriaComparisonRecordOut,
)
async def begin_comparison(
    portfolio_id: UUID, body: CriteriaComparisonIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Have the criteria of the model, 2 to 15 of them, compared two by two, by one judge or by several."""
    comparison_id, document = await comparing.begin_comparison(work, portfolio_id, name=body.name)
    return work.created(document, 1, f"/criteria-comparisons/{comparison_id}")


@router.get(
    "/criteria-comparisons/{comparison_id}",
    summary="One comparison of criteria",
    response_model=CriteriaComparisonOut,
)
async def get_comparison(comparison_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The weights that the judgements come to, how consistent they are and which one fits worst, together and
    by judge. Judges are joined by the geometric mean. `ETag` counts what was said."""
    read = await comparing.read_comparison(work, comparison_id)
    document = written(CriteriaComparisonOut, {**comparison(read), "organisation": work.organisation})
    return Response(document, headers={"ETag": etag(read.stored.revision)}, media_type=JSON)


@router.get(
    "/criteria-comparisons/{comparison_id}/judgements",
    summary="Everything that judges said",
    response_model=JudgedPageOut,
)
async def list_judgements(
    request: Request,
    comparison_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """Who judged, when and why: also what the same judge replaced since (P6)."""
    await comparisons.get_comparison(work.connection, comparison_id)
    page = await comparisons.JUDGED.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"comparison": comparison_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/criteria-comparisons/{comparison_id}/judgements",
    summary="Judge how criteria compare",
    status_code=201,
    response_model=CriteriaComparisonOut,
)
async def judge_criteria(
    comparison_id: UUID, body: JudgementsIn, work: Annotated[Writing, writes(SCORE)]
) -> Response:
    """Say which criteria matter more, and how much. It replaces what you said before, which stays in the
    history; the judgements of others stand beside."""
    judgements = [one.said() for one in body.judgements]
    read = await comparing.judge(work, comparison_id, judgements, reason=body.reason)
    document = written(CriteriaComparisonOut, {**comparison(read), "organisation": work.organisation})
    return work.created(document, read.stored.revision, f"/criteria-comparisons/{comparison_id}")


@router.post(
    "/criteria-comparisons/{comparison_id}/weights",
    summary="Set the weights from a comparison",
    response_model=CriteriaModelOut,
)
async def set_weights(
    comparison_id: UUID,
    body: WeightsIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Put a new version of the criteria model with the comparison's weights in force. `If-Match` is the
    comparison as you saw it. The model says from then on which comparison its weights come from."""
    found = await comparing.set_weights(work, comparison_id, reason=body.reason, expected=expected)
    if found is None:
        raise ChangedMeanwhile
    portfolio_id, model = found
    return work.changed(written(CriteriaModelOut, criteria_model(portfolio_id, model)), model.version)
