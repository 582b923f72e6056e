"""A process that does random operations on pools until it is killed.

`python -m tests.support.ledger_worker <database url> <organisation> <books as JSON> <seed>`

Says of each batch, once it is committed, how many operations it tried and which transactions it posted. A
server that goes away is waited for.
"""

import asyncio
import json
import random
import sys
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.ledger import AwardKind, TransactionKind, legs_of, repaid_otherwise, turned
from gevinst_portfolio.store.pools import hold_pool
from gevinst_portfolio.usecases.posting import Posting, post
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.clock import utc_now

BATCH = 20
KINDS = [kind for kind in TransactionKind if kind not in {TransactionKind.AWARD, TransactionKind.REVERSAL}]
_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError)


async def work_on(database: Database, organisation: str, books: list[Any], rng: random.Random) -> None:
    """A few operations on one pool in each transaction; some of these are rolled back at the end."""
    while True:
        try:
            posted = await _batch(database, organisation, rng.choice(books), rng)
        except RolledBackError:
            posted = []
        except _LOST:
            await asyncio.sleep(0.05)
            continue
        sys.stdout.write(json.dumps({"tried": BATCH, "posted": posted}) + "\n")
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
        if rng.random() < 0.02:
            raise RolledBackError
    return [str(transaction_id) for transaction_id, _ in posted]


def _posting(books: Any, posted: list[tuple[UUID, Posting]], work: Work, rng: random.Random) -> Posting:
    """Any operation; now and then one that takes back what this batch has posted."""
    taken = {posting.reverses_id for _, posting in posted}
    left = [one for one in posted if one[0] not in taken and one[1].reverses_id is None]
    if left and rng.random() < 0.1:
        return _reversal(*rng.choice(left), work)
    place = rng.randrange(len(books["award_ids"]))
    kind, amount = rng.choice(KINDS), rng.randint(1, 1000)
    legs = legs_of(kind, amount, AwardKind.GRANT if place % 2 else AwardKind.LOAN)
    if kind is TransactionKind.REPAYMENT and rng.random() < 0.5:
        legs = repaid_otherwise(amount)
    if kind is TransactionKind.RETURN and rng.random() < 0.7:
        legs = turned(legs)  # sets money aside: an award does so once, here it goes to and fro
    return Posting(kind, legs, work.today, award_id=UUID(books["award_ids"][place]), phase="konsept")


def _reversal(transaction_id: UUID, posting: Posting, work: Work) -> Posting:
    return Posting(
        TransactionKind.REVERSAL,
        turned(posting.legs),
        work.today,
        award_id=posting.award_id,
        reverses_id=transaction_id,
    )


class RolledBackError(Exception):
    """What ends a transaction that shall leave nothing."""


async def main(url: str, organisation: str, books: str, seed: str) -> None:
    database = None
    while database is None:
        try:
            database = await Database.open(url, size=1)
        except _LOST:
            await asyncio.sleep(0.05)
    await work_on(database, organisation, json.loads(books), random.Random(int(seed)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
