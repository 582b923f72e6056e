"""Taking over what partners say of themselves, as far as it follows from what is known (X1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gevinst_portfolio.domain.partners import next_fetch, valid_keys
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.sync_part import PART
from gevinst_portfolio.store.sync_partners import PARTNERS, Claim
from gevinst_portfolio.usecases.partnering import partner_recorded
from gevinst_shared.db.work import Work
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.sync.signing_keys import read_aloud
from gevinst_shared.sync.statements import (
    Statement,
    StatementError,
    all_withdrawn,
    refuse_unfollowing,
    refuse_withdrawn,
)


async def take_statement(work: Work, claim: Claim, found: Statement | str) -> None:
    """Keep what a fetch brought: a statement, or why there is none.

    Nothing, where the partner was stopped or somebody else has begun to fetch meanwhile.
    """
    partner = await sync_partners.hold(work.connection, claim.partner_id)
    contact = await sync_partners.hold_contact(work.connection, claim.partner_id)
    if partner["state"] == PartnerState.STOPPED or contact["attempt"] != claim.attempt:
        return
    was = contact["fault"]
    if isinstance(found, Statement):
        try:
            is_new = _follows(found, partner, contact, work.now)
        except StatementError as error:
            found = error.fault.value
    if isinstance(found, str):
        is_new = False
        contact = _failed(contact, found, work.now)
    else:
        contact = _met(contact, found, work.now)
        if is_new:
            await _doubt_leaked(work, partner, found)
            partner = _stated(partner, found, work.now)
    await sync_partners.note_contact(work.connection, contact)
    if is_new or was != contact["fault"]:
        record = partner_recorded(work, partner, fault=contact["fault"], reason=contact["fault"])
        await PARTNERS.change(work.connection, partner, record)


async def _doubt_leaked(work: Work, partner: Mapping[str, Any], found: Statement) -> None:
    """What a key signed that we believed until now may be somebody else's: read everything anew."""
    if not partner["keys"].keys() & set(found.withdrawn):
        return
    await PART.receiving.inlets.read_anew(work.connection, partner["id"], is_doubtful=True)
    if partner["state"] == PartnerState.CONFIRMED:
        await PART.schedule.wake(work.connection, work.organisation, partner["id"], work.now)


def _follows(found: Statement, partner: Mapping[str, Any], contact: Mapping[str, Any], now: datetime) -> bool:
    """Whether there is something new in the statement; `StatementError` when nothing may be taken of it."""
    refuse_withdrawn(found, partner["withdrawn"])
    known = valid_keys(partner["keys"], now)
    if contact["expected_kid"] == found.kid:
        known.append(found.kid)
    return refuse_unfollowing(found, serial=partner["serial"], hash_=contact["statement_hash"], known=known)


def _failed(contact: Mapping[str, Any], fault: str, now: datetime) -> dict[str, Any]:
    failures = contact["failures"] + 1
    new = {"fault": fault, "failures": failures, "tried_at": now, "fetch_at": next_fetch(failures, now)}
    return {**contact, **new}


def _met(contact: Mapping[str, Any], found: Statement, now: datetime) -> dict[str, Any]:
    return {
        **contact,
        "kid": found.kid,
        "thumbprint": read_aloud(found.kid),
        "statement_hash": found.hash,
        "expected_kid": None,
        "fault": None,
        "failures": 0,
        "tried_at": now,
        "contact_at": now,
        "fetch_at": next_fetch(0, now),
    }


def _stated(partner: Mapping[str, Any], found: Statement, now: datetime) -> dict[str, Any]:
    is_first = partner["state"] == PartnerState.PROPOSED
    return {
        **partner,
        "name": found.name,
        "state": PartnerState.MET.value if is_first else partner["state"],
        "contact": found.contact,
        "serial": found.serial,
        "keys": dict(found.keys),
        "withdrawn": all_withdrawn(found.withdrawn, partner["withdrawn"]),
        "feeds": dict(found.feeds),
        "token": dict(found.token),
        "stated_at": now,
    }
