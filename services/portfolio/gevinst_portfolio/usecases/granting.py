"""Sharing records with a partner, and sharing them no longer (X1)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.domain.sync_grants import GrantEnded
from gevinst_portfolio.events.sync import SyncGrantEnded, SyncGrantGiven
from gevinst_portfolio.store import sync_grants, sync_partners
from gevinst_portfolio.store.sync_grants import GRANTS
from gevinst_portfolio.store.sync_part import PART
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.previewing import Previewing
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

PREVIEWS = Previewing(PART, change=EXCHANGE, has_record=sync_grants.has_record)


async def give(work: Work, partner_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Share what is `said`: `kind`, `record_id`, `fields`, `purpose` and `until`."""
    work.require(EXCHANGE, Place())
    partner = await sync_partners.hold(work.connection, partner_id)
    await PREVIEWS.require_shareable(work, partner["state"], said)
    grant_id = new_id()
    fact = SyncGrantGiven(
        grant_id=grant_id,
        partner_id=partner_id,
        grants_number=await sync_grants.count_change(work.connection, partner_id),
        **said,
    )
    values = {
        "id": grant_id,
        "partner_id": partner_id,
        **said,
        "given_by": work.actor.subject,
        "given_at": work.now,
        "ended_by": None,
        "ended_at": None,
    }
    record = recorded(work, fact, subject=subject_of("sync-grants", grant_id), reason=said["purpose"])
    return grant_id, await GRANTS.add(work.connection, values, record)


async def end(work: Work, partner_id: UUID, grant_id: UUID) -> Stored:
    """Share it no longer: the partner is told to delete what it has by this grant alone."""
    work.require(EXCHANGE, Place())
    await sync_partners.hold(work.connection, partner_id)
    grant = await GRANTS.row(work.connection, grant_id)
    if grant["partner_id"] != partner_id:
        raise Unknown
    if grant["ended_at"] is not None:
        raise GrantEnded
    fact = SyncGrantEnded(
        grant_id=grant_id,
        partner_id=partner_id,
        kind=grant["kind"],
        record_id=grant["record_id"],
        grants_number=await sync_grants.count_change(work.connection, partner_id),
    )
    record = recorded(work, fact, subject=subject_of("sync-grants", grant_id))
    values = {"id": grant_id, "ended_by": work.actor.subject, "ended_at": work.now}
    stored = await GRANTS.change(work.connection, values, record)
    assert stored is not None  # its partner is held
    return stored
