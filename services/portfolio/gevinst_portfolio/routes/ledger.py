"""The ledger of the pools: transactions, accounts, and statements with running balances (E2)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.ledger import AccountKind, TransactionKind
from gevinst_portfolio.domain.permissions import RUN_POOL, VIEW
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.schemas.pool_applications import ReasonIn
from gevinst_portfolio.schemas.pool_awards import (
    AccountOut,
    AccountPageOut,
    StatementOut,
    TransactionOut,
    TransactionPageOut,
)
from gevinst_portfolio.store import ledger, pools
from gevinst_portfolio.usecases import pooling
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Pools"])


@router.get("/pools/{pool_id}/transactions", summary="What was posted", response_model=TransactionPageOut)
async def list_transactions(
    request: Request,
    pool_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    award: Annotated[UUID | None, Query(description="Only of this award.")] = None,
    kind: Annotated[TransactionKind | None, Query(description="Only of this kind.")] = None,
) -> Response:
    """The pool's transactions with their entries, the newest first."""
    await pools.get_pool(work.connection, pool_id)
    after, filters = read_cursor(cursor, length=2), {"pool": pool_id, "award": award, "kind": kind}
    page = await ledger.TRANSACTIONS.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get("/pools/{pool_id}/accounts", summary="A pool's accounts", response_model=AccountPageOut)
async def list_accounts(
    request: Request,
    pool_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    award: Annotated[UUID | None, Query(description="Only this award's.")] = None,
    kind: Annotated[AccountKind | None, Query(description="Only of this kind.")] = None,
) -> Response:
    """The accounts of the pool and of its awards, with their balances."""
    await pools.get_pool(work.connection, pool_id)
    after, filters = read_cursor(cursor, length=2), {"pool": pool_id, "award": award, "kind": kind}
    page = await ledger.ACCOUNTS.page(work.connection, sort="id", limit=limit, after=after, filters=filters)
    return page_response(request, page.items, page.next_place)


@router.get("/pool-transactions/{transaction_id}", summary="One transaction", response_model=TransactionOut)
async def get_transaction(transaction_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What was posted, when, by whom and why."""
    return shown(await ledger.get_transaction(work.connection, transaction_id))


@router.post(
    "/pool-transactions/{transaction_id}/reversal",
    summary="Take a transaction back",
    status_code=201,
    response_model=TransactionOut,
)
async def reverse_transaction(
    transaction_id: UUID, body: ReasonIn, work: Annotated[Writing, writes(RUN_POOL)]
) -> Response:
    """Post the opposite, which names what it takes back. Nothing in the ledger is ever changed."""
    reversal_id, stored = await pooling.reverse(work, transaction_id, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/pool-transactions/{reversal_id}")


@router.get("/pool-accounts/{account_id}", summary="One account", response_model=AccountOut)
async def get_account(account_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The account and its balance."""
    return Response(await ledger.get_account(work.connection, account_id), media_type=JSON)


@router.get(
    "/pool-accounts/{account_id}/entries", summary="An account's statement", response_model=StatementOut
)
async def list_entries(
    request: Request,
    account_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every entry in order, each with the balance that it left and the transaction that it is of."""
    await ledger.get_account(work.connection, account_id)
    after, filters = read_cursor(cursor, length=2), {"account": account_id}
    page = await ledger.STATEMENT.page(
        work.connection, sort="number", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)
