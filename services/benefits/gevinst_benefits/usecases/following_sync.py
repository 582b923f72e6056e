"""Copies of portfolio's partners and grants, kept from its events (X1).

The events of a partner come in the order in which they happened, and the same ones may come again. What was
stopped or ended stays so, and the number of changes of grants only grows: an old event cannot share anew.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gevinst_benefits.clients.portfolio import NotUnderstood, read
from gevinst_benefits.clients.portfolio_sync import (
    ConfidentialityFact,
    GrantEndedFact,
    GrantGivenFact,
    GrantsHeardFact,
    IdentityFact,
    NetworkClosedFact,
    NetworkFact,
    PartnerFact,
)
from gevinst_benefits.store import agreement_halves, sync_copies, sync_keys
from gevinst_benefits.tables.sync import sync
from gevinst_benefits.usecases.arriving import mark_unshared
from gevinst_benefits.usecases.exchanging import PART
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.sync.partners import Partners
from gevinst_shared.sync.statements import all_withdrawn

_PARTNERS = Partners(sync)


async def _partner_told(work: Work, event: Event) -> None:
    """Who was stopped is forgotten at once: nothing of theirs stays, and no feed."""
    fact = read(PartnerFact, event)
    if fact.owner == event.organisation:
        raise NotUnderstood(f"{event.type}: owner")
    values = fact.model_dump(exclude={"partner_id"}) | {"id": fact.partner_id, "created_at": event.time}
    before = await sync_copies.find_partner(work.connection, fact.partner_id)
    if before is not None:
        values |= _stated(fact, before)
    await sync_copies.keep_partner(work.connection, event.organisation, values)
    if before is not None and before["keys"].keys() & set(values["withdrawn"]):
        # What a key signed that we believed until now may be somebody else's.
        await PART.receiving.inlets.read_anew(work.connection, fact.partner_id, is_doubtful=True)
    after = await sync_copies.find_partner(work.connection, fact.partner_id)
    if fact.state == "stopped":
        await _PARTNERS.forget(work.connection, fact.partner_id)
        await mark_unshared(work, fact.partner_id, fact.owner)
    elif after != before and after is not None and after["state"] == "confirmed":
        # It is the same body: what was agreed with it before it was stopped still holds.
        await agreement_halves.rebind(work.connection, fact.owner, fact.partner_id)
        # What it could not be read for may be mended by what it says now.
        await PART.schedule.wake(work.connection, event.organisation, fact.partner_id, work.now)


def _stated(fact: PartnerFact, before: Mapping[str, Any]) -> dict[str, Any]:
    """The newest that is known of the partner's statement; no event brings back a key that was withdrawn."""
    withdrawn = all_withdrawn(fact.withdrawn, before["withdrawn"])
    newest = before if fact.serial < before["serial"] else fact.model_dump()
    stated = {name: newest[name] for name in sync_copies.STATED}
    keys = {kid: key for kid, key in stated["keys"].items() if kid not in withdrawn}
    return {**stated, "keys": keys, "withdrawn": withdrawn}


async def _identity_told(work: Work, event: Event) -> None:
    """Our keys are made anew with the organisation's, and used once its statement names them. What was
    withdrawn is dropped, however late we hear of it."""
    fact = read(IdentityFact, event)
    kept = await sync_keys.keep_identity(
        work.connection, event.organisation, serial=fact.serial, kid=fact.kid, now=work.now
    )
    gone = [key.kid for key in fact.withdrawn_service_keys if key.service == PART.service]
    await sync_keys.withdraw_keys(work.connection, gone, work.now)
    if kept:
        ours = [key.kid for key in fact.service_keys if key.service == PART.service]
        if await sync_keys.state_keys(work.connection, ours, work.now):
            # Who was confirmed while we had no key could not be asked.
            for partner_id in await sync_copies.list_confirmed(work.connection):
                await PART.schedule.wake(work.connection, event.organisation, partner_id, work.now)


async def _network_allowed(work: Work, event: Event) -> None:
    fact = read(NetworkFact, event)
    values = {"id": fact.network_id, "network": fact.network, "reason": fact.reason, "created_at": event.time}
    await sync_copies.keep_network(work.connection, event.organisation, values)


async def _network_closed(work: Work, event: Event) -> None:
    fact = read(NetworkClosedFact, event)
    await sync_copies.close_network(work.connection, fact.network_id)


async def _grants_heard(work: Work, event: Event) -> None:
    """What the partner has revoked is not asked for with less than portfolio knows."""
    fact = read(GrantsHeardFact, event)
    if await sync_copies.find_partner(work.connection, fact.partner_id) is None:
        raise NotUnderstood(f"{event.type}: partner_id")
    inlets = PART.receiving.inlets
    await inlets.hear_grants(work.connection, event.organisation, fact.partner_id, fact.grants_number)
    await PART.schedule.hear(work.connection, fact.partner_id, work.now)


async def _grant_given(work: Work, event: Event) -> None:
    fact = read(GrantGivenFact, event)
    if not await sync_copies.count_grants(work.connection, fact.partner_id, fact.grants_number):
        raise NotUnderstood(f"{event.type}: partner_id")
    values = fact.model_dump(exclude={"grant_id", "grants_number"})
    values |= {"id": fact.grant_id, "given_at": event.time}
    await sync_copies.keep_grant(work.connection, event.organisation, values)


async def _grant_ended(work: Work, event: Event) -> None:
    fact = read(GrantEndedFact, event)
    await sync_copies.count_grants(work.connection, fact.partner_id, fact.grants_number)
    await sync_copies.end_grant(work.connection, fact.grant_id, event.time)


async def _confidentiality_set(work: Work, event: Event) -> None:
    fact = read(ConfidentialityFact, event)
    await sync_copies.keep_confidentiality(
        work.connection, event.organisation, fact.project_id, is_confidential=fact.is_confidential
    )


KEEPERS: Mapping[str, Callable[[Work, Event], Awaitable[None]]] = {
    "gevinst.portfolio.sync-identity-changed.v1": _identity_told,
    "gevinst.portfolio.sync-network-allowed.v1": _network_allowed,
    "gevinst.portfolio.sync-network-closed.v1": _network_closed,
    "gevinst.portfolio.sync-grants-heard.v1": _grants_heard,
    "gevinst.portfolio.sync-partner-changed.v1": _partner_told,
    "gevinst.portfolio.sync-grant-given.v1": _grant_given,
    "gevinst.portfolio.sync-grant-ended.v1": _grant_ended,
    "gevinst.portfolio.confidentiality-set.v1": _confidentiality_set,
}
