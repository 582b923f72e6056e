"""Rows that are made, read and changed one at a time, each change with its event and audit row (E1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from gevinst_shared.db.documents import Stored, document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import DocumentOf, Outbox
from gevinst_shared.values.refusal import Unknown


class Records:
    """The records of one table; `document_of` makes their answer, `changeable` names what may change."""

    def __init__(
        self, outbox: Outbox, table: Table, document_of: DocumentOf, *, changeable: tuple[str, ...]
    ) -> None:
        self.changeable = changeable
        at = table.c.id == bindparam("id")
        self._get = Query(select(document_of(table.c).label("document"), table.c.revision).where(at))
        self._row = Query(select(table).where(at))
        self._held = Query(select(table).where(at).with_for_update())
        self._add = outbox.insert(table, document_of)
        self._change = outbox.update(table, document_of, columns=changeable) if changeable else None

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
        found = await (self._held if for_change else self._row).find(connection, id=record_id)
        if found is None:
            raise Unknown
        return dict(found)

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
        expected: int | None = None,
    ) -> Stored | None:
        """Change every changeable column of the row `id`.

        None when it is not at revision `expected` (None: at any) any more; `Unknown` when there is none.
        """
        assert self._change is not None
        new = {f"new_{name}": values[name] for name in self.changeable}
        row = await self._change.find(connection, id=values["id"], expected=expected, **new, **record)
        if row is None:
            await self.get(connection, values["id"])
            return None
        return Stored(row["document"], row["revision"])


class Announcements:
    """Events and audit rows of changes that one act made to several rows."""

    def __init__(self, outbox: Outbox) -> None:
        self._record = outbox.record()
        self._told = outbox.told()

    async def announce(self, connection: Connection, records: Sequence[Mapping[str, Any]]) -> None:
        """Write each record (of `recorded`, with `before` and `after`), pipelined.

        E1: `before` is None where nothing was changed, only said or made.
        """
        if records:
            await self._record.run_many(connection, [dict(record) for record in records])

    async def told_already(self, connection: Connection, event_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Those of the events that are in the outbox."""
        rows = await self._told.rows(connection, ids=list(event_ids)) if event_ids else []
        return frozenset(row["id"] for row in rows)


def key_document(columns: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's columns
    """Only the id: for writes whose answer is put together afterwards."""
    return document(id=columns.id)
