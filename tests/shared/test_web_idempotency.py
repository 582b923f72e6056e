"""Answers under an `Idempotency-Key` are kept for two days, and not for ever."""

from datetime import UTC, datetime, timedelta

from fastapi import Response

from gevinst_portfolio.tables.shared import kept_answers
from gevinst_shared.db.engine import Database
from gevinst_shared.db.idempotency import lock_number
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.idempotency import keep
from tests.support.installation import Installation

ACTOR = Actor("sweeper", "0192:958935420")
THEN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def key_that_sweeps() -> str:
    numbers = (
        (f"key-{n}", lock_number(ACTOR.organisation, ACTOR.subject, f"key-{n}")) for n in range(10_000)
    )
    return next(key for key, number in numbers if number % 256 == 0)


async def test_old_answers_are_cleared_away_and_young_ones_stay(installation: Installation) -> None:
    database = await Database.open(installation.databases["portfolio"].url, size=1)
    written = [("old", timedelta()), ("young", timedelta(hours=25)), (key_that_sweeps(), timedelta(hours=49))]
    try:
        async with database.transaction(ACTOR.organisation) as connection:
            for key, later in written:
                work = Work(connection, ACTOR, THEN + later, new_id())
                await keep(kept_answers, work, key, "fingerprint", Response("{}", 201))

            left = await connection.fetch("SELECT key FROM idempotency WHERE caller = $1", ACTOR.subject)
    finally:
        await database.close()

    assert {row["key"] for row in left} == {"young", key_that_sweeps()}
