"""Rows that are made, read and changed one at a time, each change with its event and audit row (E1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import DocumentOf
from gevinst_shared.values.refusal import Unknown


class Records:
    """The records of one table; `document_of` makes their answer, `changeable` names what may change."""

    def __init__(self, table: Table, document_of: DocumentOf, *, changeable: tuple[str, ...]) -> None:
        self.changeable = changeable
        self._get = Query(
            select(document_of(table.c).label("document"), table.c.revision).where(
                table.c.id == bindparam("id")
            )
        )
        self._add = outbox.insert(table, document_of)
        self._change = outbox.update(table, document_of, columns=changeable)

    async def get(self, connection: Connection, record_id: UUID) -> Stored:
        """The record's JSON, or `Unknown`."""
        row = await self._get.find(connection, id=record_id)
        if row is None:
            raise Unknown
        return Stored(row["document"], row["revision"])

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
        """Change every changeable column of the row `id`.

        None when it is not at revision `expected` (None: at any) any more; `Unknown` when there is none.
        """
        new = {f"new_{name}": values[name] for name in self.changeable}
        row = await self._change.find(connection, id=values["id"], expected=expected, **new, **record)
        if row is None:
            await self.get(connection, values["id"])
            return None
        return Stored(row["document"], row["revision"])


def key_document(columns: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's columns
    """Only the id: for writes whose answer is put together afterwards."""
    return document(id=columns.id)
