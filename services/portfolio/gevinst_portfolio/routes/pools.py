"""Investment pools: what they have, what is late, what will come, and their rounds (M2)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.ledger import TransactionKind
from gevinst_portfolio.domain.permissions import RUN_POOL, VIEW
from gevinst_portfolio.routes.answers import changed, shown, written
from gevinst_portfolio.schemas.pool_awards import CapitalIn, TransactionOut
from gevinst_portfolio.schemas.pools import (
    ArrearsOut,
    ForecastOut,
    PoolIn,
    PoolOut,
    PoolPageOut,
    RoundIn,
    RoundOut,
    RoundPageOut,
    TrialBalanceOut,
    arrears_told,
    forecast_told,
    trial_balance,
)
from gevinst_portfolio.store import pools
from gevinst_portfolio.usecases import pool_forecasting, pooling
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Pools"])


@router.get("/pools", summary="Your investment pools", response_model=PoolPageOut)
async def list_pools(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
) -> Response:
    """The organisation's pools, in the order of their opening."""
    after, filters = read_cursor(cursor, length=2), {"portfolio": portfolio}
    page = await pools.LISTING.page(work.connection, sort="id", limit=limit, after=after, filters=filters)
    return page_response(request, page.items, page.next_place)


@router.post("/pools", summary="Open a pool", status_code=201, response_model=PoolOut)
async def open_pool(body: PoolIn, work: Annotated[Writing, writes(RUN_POOL)]) -> Response:
    """Open a pool with an empty ledger. Finance runs it."""
    pool_id, stored = await pooling.open_pool(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/pools/{pool_id}")


@router.get("/pools/{pool_id}", summary="One pool", response_model=PoolOut)
async def get_pool(pool_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The pool as it is registered."""
    return shown(await pools.RECORDS.get(work.connection, pool_id))


@router.post(
    "/pools/{pool_id}/capital",
    summary="Pay capital in or out",
    status_code=201,
    response_model=TransactionOut,
)
async def move_capital(
    pool_id: UUID, body: CapitalIn, work: Annotated[Writing, writes(RUN_POOL)]
) -> Response:
    """Pay in, or out as far as it is free: what is awarded stays."""
    members = {
        **body.model_dump(),
        "amount": body.amount.value(),
        "kind": TransactionKind(body.kind),
    }
    transaction_id, stored = await pooling.move_capital(work, pool_id, **members)
    return work.created(stored.document, stored.revision, f"/pool-transactions/{transaction_id}")


@router.get("/pools/{pool_id}/trial-balance", summary="Every balance", response_model=TrialBalanceOut)
async def get_trial_balance(pool_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The balances of the ledger, which add up to zero, and what is free of the cash."""
    position = await pool_forecasting.get_position(work, pool_id)
    return Response(written(TrialBalanceOut, trial_balance(position)), media_type=JSON)


@router.get("/pools/{pool_id}/arrears", summary="What is late", response_model=ArrearsOut)
async def list_arrears(
    pool_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    day: Annotated[Day | None, Query(description="Due before this day; absent: today.")] = None,
) -> Response:
    """Instalments that were due before the day and are unpaid as the ledger stands now, with their age."""
    position, late = await pool_forecasting.list_arrears(work, pool_id, day)
    return Response(written(ArrearsOut, arrears_told(position, late, day or work.today)), media_type=JSON)


@router.get("/pools/{pool_id}/forecast", summary="What the pool will have", response_model=ForecastOut)
async def forecast_pool(
    pool_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    quarters: Annotated[int, Query(ge=1, le=80, description="How many, from this one on.")] = 12,
    by: Annotated[Literal["quarter", "year"], Query(description="Told by quarter or by year.")] = "quarter",
) -> Response:
    """Liquidity from the plans and the ledger: in, out and balance, with what is uncertain by itself."""
    by_year = by == "year"
    found = await pool_forecasting.forecast_pool(work, pool_id, quarters, by_year=by_year)
    return Response(written(ForecastOut, forecast_told(found, by_year=by_year)), media_type=JSON)


@router.get("/pools/{pool_id}/rounds", summary="A pool's rounds", response_model=RoundPageOut)
async def list_rounds(
    request: Request,
    pool_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The rounds of applications, in the order of their announcement."""
    await pools.get_pool(work.connection, pool_id)
    after = read_cursor(cursor, length=2)
    page = await pools.ROUNDS.page(
        work.connection, sort="id", limit=limit, after=after, filters={"pool": pool_id}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/pools/{pool_id}/rounds", summary="Announce a round", status_code=201, response_model=RoundOut)
async def announce_round(
    pool_id: UUID, body: RoundIn, work: Annotated[Writing, writes(RUN_POOL)]
) -> Response:
    """Announce when applications are taken, for what, and how much the round gives at most."""
    round_id, stored = await pooling.announce_round(work, pool_id, _round(body))
    return work.created(stored.document, stored.revision, f"/pool-rounds/{round_id}")


@router.get("/pool-rounds/{round_id}", summary="One round", response_model=RoundOut)
async def get_round(round_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The round as it is announced."""
    return shown(await pools.ROUND_RECORDS.get(work.connection, round_id))


@router.put("/pool-rounds/{round_id}", summary="Change a round", response_model=RoundOut)
async def change_round(
    round_id: UUID, body: RoundIn, expected: ExpectedRevision, work: Annotated[Writing, writes(RUN_POOL)]
) -> Response:
    """Say something else of the round."""
    return changed(work, await pooling.change_round(work, round_id, _round(body), expected=expected))


def _round(body: RoundIn) -> pooling.Round:
    ceiling = None if body.ceiling is None else body.ceiling.value()
    return pooling.Round(body.name, body.opens_on, body.closes_on, body.criteria, ceiling)
