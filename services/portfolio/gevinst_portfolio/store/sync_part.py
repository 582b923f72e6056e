"""The portfolio service's part in the exchange (X1, X2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_portfolio.tables.sync import reading, sync, sync_key
from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.signing_keys import PURPOSE, opened_key

_OF_TODAY = Query(select(sync_key.c.kid, sync_key.c.sealed).where(sync_key.c.until.is_(None)))


async def find_key(connection: Connection, organisation: str, exchange: Exchange) -> SigningKey | None:
    """The organisation's key of today; None where it exchanges nothing. Or `KeyNotOpenedError`."""
    row = await _OF_TODAY.find(connection)
    if row is None:
        return None
    return opened_key(organisation, row["kid"], row["sealed"], exchange.box(PURPOSE))


async def _ask_statement(connection: Connection, partner_id: UUID, now: datetime) -> None:
    await sync_partners.fetch_at(connection, partner_id, now)


PART = Part("portfolio", sync, reading, KINDS, find_key, NETWORKS.list_all, _ask_statement)
