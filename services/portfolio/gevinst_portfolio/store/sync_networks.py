"""The organisation's own networks that statements and feeds may be fetched from."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, select

from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.sync import sync_network
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.networks import Network, read_network


def network_document(c: Columns) -> ColumnElement[Any]:
    """`SyncNetworkOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        network=c.network,
        reason=c.reason,
        created_at=moment(c.created_at),
        revision=c.revision,
    )


NETWORKS = Records(outbox, sync_network, network_document, changeable=())
LISTING = Listing(sync_network, network_document, filters={}, sorts={"id": sync_network.c.id})
_ALL = Query(select(sync_network.c.network).order_by(sync_network.c.network))
_DROP = Query(
    delete(sync_network).where(
        sync_network.c.id == bindparam("id"), sync_network.c.revision == bindparam("expected")
    )
)


async def list_networks(connection: Connection) -> tuple[Network, ...]:
    """Every network that the organisation's administrator has allowed."""
    return tuple(read_network(row["network"]) for row in await _ALL.rows(connection))


async def drop(connection: Connection, network_id: UUID, *, expected: int) -> bool:
    """Close it again; False when it is not at revision `expected` any more."""
    return bool(await _DROP.run(connection, id=network_id, expected=expected))
