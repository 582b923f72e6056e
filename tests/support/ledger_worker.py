"""A process that does random operations on pools until it has done its share, or is killed.

`python -m tests.support.ledger_worker <database url> <organisation> <books as JSON> <seed> <operations>`

Says of each batch, once it is committed, how many operations it did and which transactions it posted. A
server that goes away is waited for.
"""

import asyncio
import json
import random
import sys
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.ledger import (
    AwardKind,
    Leg,
    TransactionKind,
    legs_of,
    repaid_otherwise,
    turned,
)
from gevinst_portfolio.store.pools import hold_pool
from gevinst_portfolio.usecases.posting import Posting, post
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.clock import utc_now

BATCH = 20
KINDS = [kind for kind in TransactionKind if kind is not TransactionKind.REVERSAL]
_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def work_off(
    database: Database, organisation: str, books: list[Any], rng: random.Random, count: int
) -> None:
    """Do `count` operations, a few in a transaction."""
    done = 0
    while done < count:
        try:
            posted = await _batch(database, organisation, rng.choice(books), rng)
        except _LOST:
            await asyncio.sleep(0.05)
            continue
        done += BATCH
        sys.stdout.write(json.dumps({"operations": BATCH, "posted": posted}) + "\n")
        sys.stdout.flush()


async def _batch(database: Database, organisation: str, books: Any, rng: random.Random) -> list[str]:
    posted: list[tuple[UUID, Posting]] = []
    async with database.transaction(organisation) as connection:
        work = Work(connection, Actor("finance", organisation), utc_now(), new_id())
        pool = await hold_pool(connection, UUID(books["pool_id"]))
        for _ in range(BATCH):
            posting = _posting(books, posted, work, rng)
            try:
                posted.append((await post(work, pool, posting), posting))
            except Refusal:
                continue
    return [str(transaction_id) for transaction_id, _ in posted]


def _posting(books: Any, posted: list[tuple[UUID, Posting]], work: Work, rng: random.Random) -> Posting:
    """Any operation; now and then one that takes back what this batch has posted."""
    if posted and rng.random() < 0.1:
        transaction_id, taken_back = posted.pop(rng.randrange(len(posted)))
        return Posting(
            TransactionKind.REVERSAL,
            turned(taken_back.legs),
            work.today,
            award_id=taken_back.award_id,
            reverses_id=transaction_id,
        )
    place = rng.randrange(len(books["award_ids"]))
    kind, amount = rng.choice(KINDS), rng.randint(1, 1000)
    award = AwardKind.GRANT if place % 2 else AwardKind.LOAN
    legs: tuple[Leg, ...] = legs_of(kind, amount, award)
    if kind is TransactionKind.REPAYMENT and rng.random() < 0.5:
        legs = repaid_otherwise(amount)
    if kind is TransactionKind.AWARD:
        kind = TransactionKind.RETURN  # a second award of the same money is refused; here there may be many
    return Posting(kind, legs, work.today, award_id=UUID(books["award_ids"][place]), phase="konsept")


async def main(url: str, organisation: str, books: str, seed: str, count: str) -> None:
    while True:
        try:
            database = await Database.open(url, size=1)
            break
        except _LOST:
            await asyncio.sleep(0.05)
    await work_off(database, organisation, json.loads(books), random.Random(int(seed)), int(count))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
