"""Saying in the background that reports are late, once each, whoever dies on the way (B13, N5)."""

import logging
from collections.abc import Callable
from datetime import datetime

from gevinst_benefits.store.report_duties import organisations
from gevinst_benefits.usecases.overseeing_reports import tell_late_reports
from gevinst_shared.db.engine import Database
from gevinst_shared.rounds import Rounds

_ROUNDS = Rounds(logging.getLogger(__name__), "late reports not looked for", every=300.0, longest=300.0)


async def once(database: Database, now: Callable[[], datetime]) -> int:
    """Look through every organisation that reports; how many reports were found late and said so.

    An organisation is one transaction, in which a report that is late and its event are one.
    """
    async with database.queue() as connection:
        found = await organisations(connection)
    count = 0
    for practice in found:
        moment = now()
        async with database.transaction(practice["organisation_id"], at=moment) as connection:
            count += await tell_late_reports(connection, practice, moment)
    return count


async def follow(database: Database, now: Callable[[], datetime]) -> None:
    """Look for ever; what fails is tried again at the next look."""
    await _ROUNDS.follow(lambda: once(database, now))
