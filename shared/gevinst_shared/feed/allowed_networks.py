"""Networks of an organisation's own that its administrator lets a service call, although they are not public
(OWASP API7)."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
)

from gevinst_shared.db.columns import moment, record_key, revision, tenant_key
from gevinst_shared.db.documents import document
from gevinst_shared.db.documents import moment as written_moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns, Outbox
from gevinst_shared.feed.records import Records
from gevinst_shared.values.networks import Network, read_network


def network_table(name: str, metadata: MetaData) -> Table:
    return Table(
        name,
        metadata,
        tenant_key(),
        record_key(),
        Column("network", Text, nullable=False),
        Column("reason", Text, nullable=False),
        moment("created_at"),
        revision(),
        UniqueConstraint("organisation_id", "network"),
    )


class AllowedNetworks(Records):
    """The networks that are kept in a table of `network_table`."""

    def __init__(self, outbox: Outbox, table: Table) -> None:
        super().__init__(outbox, table, _document, changeable=())
        self.listing = Listing(table, _document, filters={}, sorts={"id": table.c.id})
        self._all = Query(select(table.c.network).order_by(table.c.network))
        self._drop = Query(
            delete(table).where(table.c.id == bindparam("id"), table.c.revision == bindparam("expected"))
        )

    async def list_all(self, connection: Connection) -> tuple[Network, ...]:
        """Every network that the organisation's administrator has allowed."""
        return tuple(read_network(row["network"]) for row in await self._all.rows(connection))

    async def drop(self, connection: Connection, network_id: UUID, *, expected: int) -> bool:
        """Close it again; False when it is not at revision `expected` any more."""
        return bool(await self._drop.run(connection, id=network_id, expected=expected))


def _document(c: Columns) -> ColumnElement[Any]:
    return document(
        id=c.id,
        organisation=c.organisation_id,
        network=c.network,
        reason=c.reason,
        created_at=written_moment(c.created_at),
        revision=c.revision,
    )
