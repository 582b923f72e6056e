"""Events and audit rows of changes that one act made to several rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.engine import Connection

_RECORD = outbox.record()


async def announce(connection: Connection, records: Sequence[Mapping[str, Any]]) -> None:
    """Write each record (of `recorded`, with `before` and `after`), pipelined.

    E1: `before` is None where nothing was changed, only said or made.
    """
    if records:
        await _RECORD.run_many(connection, [dict(record) for record in records])
