"""Opening an investment pool, moving its capital, and announcing its rounds (M2)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.ledger import TransactionKind, legs_of, turned
from gevinst_portfolio.domain.permissions import RUN_POOL
from gevinst_portfolio.domain.pools import AlreadyReversed, CannotBeReversed, Pool, RoundTurned
from gevinst_portfolio.events.funding import PoolOpened, PoolRoundChanged
from gevinst_portfolio.store import ledger, pools, portfolios
from gevinst_portfolio.usecases.posting import Posting, open_pool_accounts, post
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


def place_of_pool(pool: Pool) -> Place:
    """A pool of a portfolio stands there; another is the organisation's."""
    return Place() if pool.portfolio_id is None else Place(portfolios=frozenset({pool.portfolio_id}))


async def open_pool(
    work: Work, *, name: str, currency: str, price_year: int, portfolio_id: UUID | None
) -> tuple[UUID, Stored]:
    """Open a pool with an empty ledger; its id and record."""
    if portfolio_id is not None:
        await portfolios.get_portfolio(work.connection, portfolio_id)
    pool = Pool(new_id(), portfolio_id, name, currency, price_year)
    work.require(RUN_POOL, place_of_pool(pool))
    values = {
        "id": pool.id,
        "portfolio_id": portfolio_id,
        "name": name,
        "currency": currency,
        "price_year": price_year,
        "created_at": work.now,
    }
    fact = PoolOpened(pool_id=pool.id, name=name, portfolio_id=portfolio_id)
    record = recorded(work, fact, subject=subject_of("pools", pool.id))
    stored = await pools.RECORDS.add(work.connection, values, record)
    await open_pool_accounts(work, pool.id)
    return pool.id, stored


async def move_capital(
    work: Work,
    pool_id: UUID,
    *,
    kind: TransactionKind,
    amount: Money,
    occurred_on: date,
    text: str | None,
) -> tuple[UUID, Stored]:
    """Pay capital in, or out as far as it is free; the transaction's id and record."""
    pool = await hold(work, pool_id)
    minor = pool.minor(amount)
    return await posted(work, pool, Posting(kind, legs_of(kind, minor), occurred_on, text=text))


async def reverse(work: Work, transaction_id: UUID, *, reason: str) -> tuple[UUID, Stored]:
    """Take back what was posted by its opposite, which names it; once, and not an award."""
    row = await ledger.get_row(work.connection, transaction_id)
    pool = await hold(work, row["pool_id"])
    kind = TransactionKind(row["kind"])
    if kind is TransactionKind.REVERSAL or await ledger.is_reversed(work.connection, transaction_id):
        raise AlreadyReversed
    if kind is TransactionKind.AWARD:
        raise CannotBeReversed
    legs = turned(await ledger.list_legs(work.connection, transaction_id))
    posting = Posting(
        TransactionKind.REVERSAL,
        legs,
        work.today,
        award_id=row["award_id"],
        phase=row["phase"],
        text=reason,
        reverses_id=transaction_id,
    )
    return await posted(work, pool, posting)


@dataclass(frozen=True, slots=True)
class Round:
    """Open from a day until, not including, another; `ceiling` is the most that it gives."""

    name: str
    opens_on: date
    closes_on: date
    criteria: str
    ceiling: Money | None


async def announce_round(work: Work, pool_id: UUID, said: Round) -> tuple[UUID, Stored]:
    """Announce a round of applications; its id and record."""
    pool = await pools.get_pool(work.connection, pool_id)
    work.require(RUN_POOL, place_of_pool(pool))
    round_id = new_id()
    values = _round_values(pool, round_id, said) | {"pool_id": pool_id, "created_at": work.now}
    record = _round_record(work, pool, round_id, said)
    return round_id, await pools.ROUND_RECORDS.add(work.connection, values, record)


async def change_round(work: Work, round_id: UUID, said: Round, *, expected: int) -> Stored | None:
    """Replace what the round says; None when it changed meanwhile."""
    row = await pools.get_round(work.connection, round_id)
    pool = await pools.get_pool(work.connection, row["pool_id"])
    work.require(RUN_POOL, place_of_pool(pool))
    values, record = _round_values(pool, round_id, said), _round_record(work, pool, round_id, said)
    return await pools.ROUND_RECORDS.change(work.connection, values, record, expected=expected)


async def hold(work: Work, pool_id: UUID) -> Pool:
    """The pool, held for posting by somebody who runs it."""
    pool = await pools.hold_pool(work.connection, pool_id)
    work.require(RUN_POOL, place_of_pool(pool))
    return pool


async def posted(work: Work, pool: Pool, posting: Posting) -> tuple[UUID, Stored]:
    """Post, and read back what stands in the ledger."""
    transaction_id = await post(work, pool, posting)
    return transaction_id, await ledger.get_transaction(work.connection, transaction_id)


def _round_values(pool: Pool, round_id: UUID, said: Round) -> dict[str, Any]:
    if said.closes_on <= said.opens_on:
        raise RoundTurned(opens_on=said.opens_on, closes_on=said.closes_on, pointer="/body/closes_on")
    ceiling = None if said.ceiling is None else pool.minor(said.ceiling, pointer="/body/ceiling")
    return {
        "id": round_id,
        "name": said.name,
        "opens_on": said.opens_on,
        "closes_on": said.closes_on,
        "criteria": said.criteria,
        "ceiling_minor": ceiling,
    }


def _round_record(work: Work, pool: Pool, round_id: UUID, said: Round) -> dict[str, Any]:
    fact = PoolRoundChanged(
        round_id=round_id,
        pool_id=pool.id,
        name=said.name,
        opens_on=said.opens_on,
        closes_on=said.closes_on,
    )
    return recorded(work, fact, subject=subject_of("pool-rounds", round_id))
