"""The benefits service's part in the exchange, with what follows here from what partners give (X1, X2)."""

from datetime import datetime
from uuid import UUID

from gevinst_benefits.events.sync import SyncStatementWanted
from gevinst_benefits.store.agreement_kinds import AGREEMENT_KINDS
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.shared_kinds import KINDS
from gevinst_benefits.store.sync_copies import NETWORKS
from gevinst_benefits.store.sync_keys import find_key
from gevinst_benefits.tables.sync import reading, sync
from gevinst_benefits.usecases.arriving import arrive
from gevinst_benefits.usecases.following_agreements import following_agreements, hold_agreements
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.receiving import Taken
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

THEM = "gevinst-benefits"


async def _ask_statement(connection: Connection, organisation: str, partner_id: UUID, now: datetime) -> None:
    """Portfolio fetches it, and announces what it has found."""
    work = Work(connection, Actor(THEM, organisation), now, new_id())
    record = recorded(work, SyncStatementWanted(partner_id), subject=subject_of("sync-partners", partner_id))
    await announce(connection, [{**record, "before": None, "after": {}}])


async def _follow(connection: Connection, taken: Taken) -> None:
    """General cases come into the register, and letters of agreements into our halves."""
    await arrive(connection, taken.organisation, taken.partner_id, now=taken.now, is_whole=taken.is_whole)
    keys = [(taken.partner_id, kind, record_id) for kind, record_id in taken.changed]
    await following_agreements(
        connection, keys, organisation=taken.organisation, now=taken.now, may_recall=taken.may_recall
    )


async def _hold(connection: Connection, organisation: str, now: datetime) -> None:
    """Nothing of agreements is counted until the partners have told what they have seen of us."""
    await hold_agreements(connection, organisation=organisation, now=now)


PART = Part(
    "benefits",
    sync,
    reading,
    (*KINDS, *AGREEMENT_KINDS),
    find_key,
    NETWORKS.list_all,
    _ask_statement,
    after_take=_follow,
    after_restore=_hold,
)
