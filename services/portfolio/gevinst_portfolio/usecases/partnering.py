"""Proposing, confirming, pausing and stopping partners, by administrators (X1)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.partners import (
    PartnerIsYourself,
    WrongThumbprint,
    partner_address,
    refuse_too_many,
)
from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.events.sync import SyncPartnerChanged
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_portfolio.store.sync_part import PART
from gevinst_portfolio.store.sync_partners import PARTNERS
from gevinst_portfolio.usecases.arriving import mark_unshared
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.shareable import PartnerState, refuse_state
from gevinst_shared.sync.signing_keys import is_same_thumbprint, kid_of
from gevinst_shared.sync.statements import Fault
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import Address
from gevinst_shared.values.organisation import organisation_id
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.values.typed_addresses import allowed_address

_EXCHANGING = (PartnerState.CONFIRMED, PartnerState.PAUSED)


async def propose(
    work: Work, exchange: Exchange, *, owner: str, address: str, found: Sequence[Address]
) -> tuple[UUID, Stored]:
    """Have the statement of `owner` fetched from `address`; nothing is exchanged until it is confirmed.

    `found` is every address that the host has at the moment.
    """
    work.require(EXCHANGE, Place())
    owner = organisation_id(owner)
    if owner == work.organisation:
        raise PartnerIsYourself(pointer="/body/owner")
    typed = partner_address(address)
    if typed != exchange.public_url:
        allowed_address(typed, found, await NETWORKS.list_all(work.connection))
    refuse_too_many(await sync_partners.count(work.connection), most=exchange.limits.partners)
    partner_id = new_id()
    values = {
        "id": partner_id,
        "owner": owner,
        "name": owner,
        "state": PartnerState.PROPOSED.value,
        "address": typed,
        "contact": None,
        "serial": 0,
        "keys": {},
        "withdrawn": [],
        "feeds": {},
        "token": {},
        "grants_number": 0,
        "stated_at": None,
        "confirmed_by": None,
        "confirmed_at": None,
        "created_at": work.now,
    }
    record = partner_recorded(work, values)
    stored = await PARTNERS.add(work.connection, values, record)
    await sync_partners.add_contact(work.connection, work.organisation, partner_id, work.now)
    return partner_id, stored


async def confirm(work: Work, partner_id: UUID, thumbprint: str) -> Stored:
    """Exchange with the partner from now on: an administrator has compared the key of today.

    A partner that is exchanged with and has lost all keys that are known is confirmed so once more.
    """
    work.require(EXCHANGE, Place())
    partner = await sync_partners.hold(work.connection, partner_id)
    contact = await sync_partners.hold_contact(work.connection, partner_id)
    if contact["fault"] == Fault.UNKNOWN_KEYS and partner["state"] in _EXCHANGING:
        return await _expect(work, partner, contact, thumbprint)
    refuse_state(partner["state"], PartnerState.MET)
    if not is_same_thumbprint(thumbprint, contact["kid"]):
        raise WrongThumbprint(pointer="/body/thumbprint")
    await PART.schedule.wake(work.connection, work.organisation, partner_id, work.now)
    new = {"state": "confirmed", "confirmed_by": work.actor.subject, "confirmed_at": work.now}
    return await _changed(work, partner, new)


async def _expect(
    work: Work, partner: Mapping[str, Any], contact: Mapping[str, Any], thumbprint: str
) -> Stored:
    """Take over the statement of this key when it is fetched next, which is now."""
    kid = kid_of(thumbprint)
    if kid is None or kid in partner["withdrawn"]:
        raise WrongThumbprint(pointer="/body/thumbprint")
    await sync_partners.note_contact(work.connection, {**contact, "expected_kid": kid})
    await sync_partners.fetch_at(work.connection, partner["id"], work.now)
    new = {"confirmed_by": work.actor.subject, "confirmed_at": work.now}
    return await _changed(work, partner, new)


async def pause(work: Work, partner_id: UUID) -> Stored:
    """Exchange nothing for a while; what is here stays."""
    partner = await _held(work, partner_id, PartnerState.CONFIRMED)
    return await _changed(work, partner, {"state": "paused"})


async def resume(work: Work, partner_id: UUID) -> Stored:
    """Go on where it was left."""
    partner = await _held(work, partner_id, PartnerState.PAUSED)
    await PART.schedule.wake(work.connection, work.organisation, partner_id, work.now)
    return await _changed(work, partner, {"state": "confirmed"})


async def stop(work: Work, partner_id: UUID) -> Stored:
    """End it for ever, and forget what is here of the partner's. It is told to delete what it has of ours."""
    partner = await _held(work, partner_id, *(one for one in PartnerState if one != PartnerState.STOPPED))
    await sync_partners.fetch_at(work.connection, partner_id, None)
    stored = await _changed(work, partner, {"state": "stopped"})
    await sync_partners.forget(work.connection, partner_id)
    await mark_unshared(work, partner_id)
    return stored


async def refetch(work: Work, partner_id: UUID) -> Stored:
    """Have the statement fetched now."""
    await _held(work, partner_id, *(one for one in PartnerState if one != PartnerState.STOPPED))
    await sync_partners.fetch_at(work.connection, partner_id, work.now)
    return await PARTNERS.get(work.connection, partner_id)


async def look_again(work: Work, partner_id: UUID) -> None:
    """Another service of ours got something signed with a key that it does not know; a partner that is not
    there or was stopped is left alone."""
    with suppress(Unknown):
        partner = await sync_partners.hold(work.connection, partner_id)
        if partner["state"] != PartnerState.STOPPED:
            await sync_partners.fetch_at(work.connection, partner_id, work.now)


def partner_recorded(
    work: Work, partner: Mapping[str, Any], *, fault: str | None = None, reason: str | None = None
) -> dict[str, Any]:
    """The event and the audit row of a partner as it is from now on."""
    fact = SyncPartnerChanged(
        partner_id=partner["id"],
        owner=partner["owner"],
        name=partner["name"],
        state=partner["state"],
        address=partner["address"],
        serial=partner["serial"],
        keys=partner["keys"],
        withdrawn=partner["withdrawn"],
        feeds=partner["feeds"],
        token=partner["token"],
        grants_number=partner["grants_number"],
        fault=fault,
    )
    return recorded(work, fact, subject=subject_of("sync-partners", partner["id"]), reason=reason)


async def _held(work: Work, partner_id: UUID, *needed: PartnerState) -> dict[str, Any]:
    work.require(EXCHANGE, Place())
    partner = await sync_partners.hold(work.connection, partner_id)
    refuse_state(partner["state"], *needed)
    return partner


async def _changed(work: Work, partner: Mapping[str, Any], new: Mapping[str, Any]) -> Stored:
    values = {**partner, **new}
    stored = await PARTNERS.change(work.connection, values, partner_recorded(work, values))
    assert stored is not None  # it is held
    return stored
