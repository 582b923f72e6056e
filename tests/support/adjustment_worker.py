"""A process that books and reverses a benefit's adjustments until it is killed.

`python -m tests.support.adjustment_worker <database url> <organisation> <phasing id> <seed>`

Says of each transaction, once it is committed, which entries it made. A booking makes two entries, for 2027
and 2028, or none.
"""

import asyncio
import json
import random
import sys
from uuid import UUID

from gevinst_benefits.domain.money.budget_adjustments import LineKey
from gevinst_benefits.usecases.booking import LineToBook, book, reverse
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.clock import utc_now


async def main(url: str, organisation: str, phasing: str, seed: str) -> None:
    rng, made = random.Random(int(seed)), list[str]()
    database = await Database.open(url, size=1)
    finance = Actor("finn", organisation, frozenset({Role.FINANCE}))
    while True:
        try:
            async with database.transaction(organisation) as connection:
                work = Work(connection, finance, utc_now(), new_id())
                told = await _act(work, UUID(phasing), made, rng)
        except Refusal:
            continue
        made += told
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


async def _act(work: Work, phasing_id: UUID, made: list[str], rng: random.Random) -> list[str]:
    if made and rng.random() < 0.4:
        amount = rng.choice([None, rng.randint(1, 300)])
        entry_id, _ = await reverse(work, UUID(rng.choice(made)), amount=amount, reason="Not after all")
        return [str(entry_id)]
    amount = -rng.randint(1, 500)
    lines = [LineToBook(LineKey("Postage", year), amount) for year in (2027, 2028)]
    return [
        json.loads(stored.document)["id"]
        for stored in await book(work, phasing_id, lines, None, reason="Together")
    ]


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
