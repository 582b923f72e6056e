"""Sharing records with a partner, and sharing them no longer (X1)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.partners import PartnerState, refuse_state
from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.domain.sync_grants import GrantEnded, refuse_odd_grant
from gevinst_portfolio.events.sync import SyncGrantEnded, SyncGrantGiven
from gevinst_portfolio.store import sync_grants, sync_partners
from gevinst_portfolio.store.sync_grants import GRANTS
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.publishing import Reader
from gevinst_shared.sync.sealing import Seals
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

MOST_SHOWN = 100


async def give(work: Work, partner_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Share what is `said`: `kind`, `record_id`, `fields`, `purpose` and `until`."""
    work.require(EXCHANGE, Place())
    partner = await sync_partners.hold(work.connection, partner_id)
    await _require_shareable(work, partner, said)
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


async def preview(
    work: Work, exchange: Exchange, partner_id: UUID, said: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the partner gets of ours by its grants, and by the one that is `said`."""
    partner = await sync_partners.get_row(work.connection, partner_id)
    grants = await sync_grants.list_granted(work.connection, partner_id, today=work.today)
    if said is not None:
        await _require_shareable(work, partner, said)
        grants.append(sync_grants.granted(said["record_id"], said["fields"]))
    seals = Seals(
        exchange.secrets[0], service="portfolio", organisation=work.organisation, partner=partner_id
    )
    reader = Reader(work.organisation, partner_id, seals, work.now)
    found = await sync_grants.preview(work.connection, reader, grants)
    return {
        "count": len(found),
        "items": [
            {"kind": kind, "record_id": record_id, "fields": json.loads(body)}
            for kind, record_id, body in found[:MOST_SHOWN]
        ],
    }


async def _require_shareable(work: Work, partner: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    refuse_state(partner["state"], PartnerState.CONFIRMED, PartnerState.PAUSED)
    fields: Mapping[str, Sequence[str]] = said["fields"]
    until: date = said["until"]
    refuse_odd_grant(fields, until, today=work.today)
    if not await sync_grants.has_record(work.connection, said["kind"], said["record_id"]):
        raise Unknown(pointer="/body/record_id")
