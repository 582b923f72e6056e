"""Copies of portfolio's partners and grants, kept from its events (X1).

The events of a partner come in the order in which they happened, and the same ones may come again. What was
stopped or ended stays so, and the number of changes of grants only grows: an old event cannot share anew.
"""

from collections.abc import Awaitable, Callable, Mapping

from gevinst_benefits.clients.portfolio import NotUnderstood, read
from gevinst_benefits.clients.portfolio_sync import (
    ConfidentialityFact,
    GrantEndedFact,
    GrantGivenFact,
    PartnerFact,
)
from gevinst_benefits.store import sync_copies
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.sync.partners import Partners

_PARTNERS = Partners(sync)


async def _partner_told(work: Work, event: Event) -> None:
    """Who was stopped is forgotten at once: nothing of theirs stays, and no feed."""
    fact = read(PartnerFact, event)
    if fact.owner == event.organisation:
        raise NotUnderstood(f"{event.type}: owner")
    values = fact.model_dump(exclude={"partner_id"}) | {"id": fact.partner_id, "created_at": event.time}
    await sync_copies.keep_partner(work.connection, event.organisation, values)
    if fact.state == "stopped":
        await _PARTNERS.forget(work.connection, fact.partner_id)


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
    "gevinst.portfolio.sync-partner-changed.v1": _partner_told,
    "gevinst.portfolio.sync-grant-given.v1": _grant_given,
    "gevinst.portfolio.sync-grant-ended.v1": _grant_ended,
    "gevinst.portfolio.confidentiality-set.v1": _confidentiality_set,
}
