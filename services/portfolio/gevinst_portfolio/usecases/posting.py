"""Posting to a pool's ledger: the one way in, for whoever holds the pool (M2, E1, E2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.ledger import AccountKind, Leg, TransactionKind, entries
from gevinst_portfolio.domain.pools import DatedAhead, Pool
from gevinst_portfolio.events.funding import PoolTransactionPosted
from gevinst_portfolio.store import ledger
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class Posting:
    """What is posted; `occurred_on` is the day on which it happened, never one to come."""

    kind: TransactionKind
    legs: Sequence[Leg]
    occurred_on: date
    award_id: UUID | None = None
    phase: str | None = None
    text: str | None = None
    reverses_id: UUID | None = None


async def post(work: Work, pool: Pool, posting: Posting) -> UUID:
    """Post the transaction, and return its id. The caller holds the pool until the transaction ends.

    Refuses what would take an account below zero on its side, and a day that has not come.
    """
    if posting.occurred_on > work.today:
        raise DatedAhead(day=posting.occurred_on, pointer="/body/occurred_on")
    standings, accounts = await ledger.get_standings(work.connection, pool.id, posting.award_id)
    made = entries(posting.legs, standings)
    transaction_id = new_id()
    await ledger.add_transaction(
        work.connection,
        _head(work, pool, posting, transaction_id),
        _record(work, pool, posting, transaction_id),
    )
    rows = [(transaction_id, accounts[entry.account], entry) for entry in made]
    await ledger.add_entries(work.connection, work.organisation, pool.id, rows)
    return transaction_id


async def open_award_accounts(work: Work, pool_id: UUID, award_id: UUID) -> None:
    kinds = [kind for kind in AccountKind if kind.is_of_award]
    await ledger.open_accounts(work.connection, pool_id, kinds, award_id=award_id, **_opened(work))


async def open_pool_accounts(work: Work, pool_id: UUID) -> None:
    kinds = [kind for kind in AccountKind if not kind.is_of_award]
    await ledger.open_accounts(work.connection, pool_id, kinds, award_id=None, **_opened(work))


def _opened(work: Work) -> dict[str, Any]:
    return {"organisation_id": work.organisation, "created_at": work.now}


def _head(work: Work, pool: Pool, posting: Posting, transaction_id: UUID) -> dict[str, Any]:
    return {
        "id": transaction_id,
        "pool_id": pool.id,
        "award_id": posting.award_id,
        "kind": posting.kind,
        "occurred_on": posting.occurred_on,
        "phase": posting.phase,
        "text": posting.text,
        "reverses_id": posting.reverses_id,
        "recorded_by": work.actor.subject,
        "recorded_at": work.now,
    }


def _record(work: Work, pool: Pool, posting: Posting, transaction_id: UUID) -> dict[str, Any]:
    fact = PoolTransactionPosted(
        transaction_id=transaction_id,
        pool_id=pool.id,
        pool_name=pool.name,
        kind=posting.kind,
        amount=Money.from_minor(posting.legs[0].amount, pool.currency, pool.price_year),
        occurred_on=posting.occurred_on,
        award_id=posting.award_id,
        reverses_id=posting.reverses_id,
    )
    subject = subject_of("pool-transactions", transaction_id)
    return recorded(work, fact, subject=subject, reason=posting.text)
