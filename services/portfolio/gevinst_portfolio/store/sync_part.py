"""The portfolio service's part in the exchange (X1, X2)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from gevinst_portfolio.events.sync import SyncGrantsHeard
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.announcements import announce
from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_portfolio.tables.sync import reading, sync, sync_key
from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.receiving import Taken
from gevinst_shared.sync.signing_keys import PURPOSE, opened_key
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_THEM = "gevinst-portfolio"
_OF_TODAY = Query(select(sync_key.c.kid, sync_key.c.sealed).where(sync_key.c.until.is_(None)))


async def find_key(connection: Connection, organisation: str, exchange: Exchange) -> SigningKey | None:
    """The organisation's key of today; None where it exchanges nothing. Or `KeyNotOpenedError`."""
    row = await _OF_TODAY.find(connection)
    if row is None:
        return None
    return opened_key(organisation, row["kid"], row["sealed"], exchange.box(PURPOSE))


async def _ask_statement(connection: Connection, _organisation: str, partner_id: UUID, now: datetime) -> None:
    await sync_partners.fetch_at(connection, partner_id, now)


async def tell_number(connection: Connection, taken: Taken) -> None:
    """Let our other services ask for pages that know of as many changes of grants as this one.

    Also of fewer than before: then the partner was restored, and knows of no more.
    """
    if taken.grants_number in {None, taken.had_number}:
        return
    work = Work(connection, Actor(_THEM, taken.organisation), taken.now, new_id())
    fact = SyncGrantsHeard(taken.partner_id, taken.grants_number or 0)
    record = recorded(work, fact, subject=subject_of("sync-partners", taken.partner_id))
    await announce(connection, [{**record, "before": None, "after": {}}])


PART = Part(
    "portfolio",
    sync,
    reading,
    KINDS,
    find_key,
    NETWORKS.list_all,
    _ask_statement,
)
