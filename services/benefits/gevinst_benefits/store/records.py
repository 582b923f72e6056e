"""Rows that are made, read and changed one at a time, each change with its event and audit row (E1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import DocumentOf
from gevinst_shared.values.refusal import Unknown

_RECORD = outbox.record()


class Records:
    """The records of one table; `document_of` makes their answer, `changeable` names what may change."""

    def __init__(self, table: Table, document_of: DocumentOf, *, changeable: tuple[str, ...]) -> None:
        self.changeable = changeable
        mine = table.c.id == bindparam("id")
        self._get = Query(select(document_of(table.c).label("document"), table.c.revision).where(mine))
        self._row = Query(select(table).where(mine))
        self._lock = Query(select(table).where(mine).with_for_update())
        self._add = outbox.insert(table, document_of)
        self._change = outbox.update(table, document_of, columns=changeable)

    async def get(self, connection: Connection, record_id: UUID) -> Stored:
        """The record's JSON, or `Unknown`."""
        row = await self._get.find(connection, id=record_id)
        if row is None:
            raise Unknown
        return Stored(row["document"], row["revision"])

    async def row(
        self, connection: Connection, record_id: UUID, *, for_change: bool = False
    ) -> dict[str, Any]:
        """The record by column, or `Unknown`; `for_change` holds it until the transaction ends."""
        row = await (self._lock if for_change else self._row).find(connection, id=record_id)
        if row is None:
            raise Unknown
        return dict(row)

    async def add(
        self, connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
    ) -> Stored:
        """Insert the row with its event and audit row."""
        row = await self._add.find(connection, **values, **record)
        assert row is not None
        return Stored(row["document"], row["revision"])

    async def change(
        self,
        connection: Connection,
        values: Mapping[str, Any],
        record: Mapping[str, Any],
        *,
        expected: int | None,
    ) -> Stored | None:
        """Change every changeable column of the row `id`; None when it is at another revision by now."""
        new = {f"new_{name}": values[name] for name in self.changeable}
        row = await self._change.find(connection, id=values["id"], expected=expected, **new, **record)
        return None if row is None else Stored(row["document"], row["revision"])


async def announce(connection: Connection, records: Sequence[Mapping[str, Any]]) -> None:
    """Write the event and audit row of each record (of `recorded`, with `before` and `after`), pipelined."""
    if records:
        await _RECORD.run_many(connection, [dict(record) for record in records])
