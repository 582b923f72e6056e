"""Announcing facts about changes of several rows."""

from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded

_RECORD: Query = outbox.record()


async def announce(work: Work, fact: Fact, *, subject: str, reason: str | None = None) -> None:
    """Write the event and the audit row of a change whose rows are written already."""
    record = recorded(work, fact, subject=subject, reason=reason)
    await _RECORD.run(work.connection, after=RawJson(fact.data), **record)
