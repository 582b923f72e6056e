"""What users see of what partners gave: their general cases, ready to be taken over and followed (C3).

Everything else stays as it was received. To be called after a page was taken, in its transaction; again it
changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.case.general_cases import WithdrawalCode
from gevinst_benefits.events.business_cases import GeneralCaseSharedAgain, GeneralCaseWithdrawn
from gevinst_benefits.store import arrivals, general_cases
from gevinst_benefits.store.arrivals import Arrived
from gevinst_benefits.store.general_cases import Registered
from gevinst_benefits.tables.sync import sync
from gevinst_benefits.usecases.localising import register_brought
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.inlets import Inlets
from gevinst_shared.sync.projection import written
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Refusal

ARRIVED_BY = "sync"
WRONG_CASE = "wrong-case"
# What a document that nobody has checked can lead to when it is read and computed.
_FAULTS = (Refusal, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)
_INLETS = Inlets(sync)


async def arrive(
    connection: Connection, organisation: str, partner_id: UUID, *, now: datetime, is_whole: bool = True
) -> int:
    """Bring the partner's general cases into the register; how many of them were new or changed.

    One that cannot be used is put aside, and nothing of it is kept. While there is more to read, what is
    missing may still come: only when all is here (`is_whole`) is it shared no longer.
    """
    owner = await arrivals.find_owner(connection, partner_id)
    if owner is None:
        return 0
    work = Work(connection, Actor(ARRIVED_BY, organisation), now, new_id())
    changed = 0
    for one in await arrivals.list_new(connection, partner_id, owner):
        try:
            async with savepoint(connection, "arrival"):
                changed += await _take(work, owner, one)
        except _FAULTS:
            await _INLETS.blank(connection, partner_id, "general_case", one.published_as)
            wrong = [(written(one.body), WRONG_CASE)]
            await _INLETS.put_aside(connection, organisation, partner_id, wrong, now=now)
    if is_whole:
        changed += await mark_unshared(work, partner_id, owner)
    return changed


async def mark_unshared(work: Work, partner_id: UUID, owner: str) -> int:
    """Say of the partner's general cases that are not here any more that they are not shared; of how many."""
    ended = await arrivals.list_ended(work.connection, partner_id, publisher=owner, arrived_by=ARRIVED_BY)
    for general_case_id in ended:
        await _withdraw(work, general_case_id, WithdrawalCode.NOT_SHARED)
    return len(ended)


async def _take(work: Work, owner: str, one: Arrived) -> int:
    """A newer edition, and that it is withdrawn; what is not its owner's to give is a fault."""
    document: Mapping[str, Any] = one.body["document"]
    if document["publisher"] != owner or document["general_case_id"] != str(one.published_as):
        raise ValueError("not its owner's")
    is_withdrawn = "withdrawn_at" in one.body
    if one.general_case_id is None or one.edition is None or document["edition"] > one.edition:
        # What comes withdrawn was never published here, and nobody is told that it was.
        await register_brought(work, document, withdrawn=WithdrawalCode.THERE if is_withdrawn else None)
    elif is_withdrawn:
        await _withdraw(work, one.general_case_id, WithdrawalCode.THERE)
    else:
        await _put_back(work, one.general_case_id)
    return 1


async def _withdraw(work: Work, general_case_id: UUID, code: WithdrawalCode) -> None:
    """Those who took it over are told, and keep their link and the editions that they have."""
    known = await general_cases.find_registered(work.connection, general_case_id)
    if known is None or known.is_withdrawn:
        return
    told = await _told(work, known)
    fact = GeneralCaseWithdrawn(**told, reason=None, code=code.value)
    await _keep(work, known, fact, {"code": code.value})


async def _put_back(work: Work, general_case_id: UUID) -> None:
    """The edition that is here is shared again, and nobody here has withdrawn it."""
    known = await general_cases.find_registered(work.connection, general_case_id)
    if known is None or known.withdrawal_code != WithdrawalCode.NOT_SHARED:
        return
    await _keep(work, known, GeneralCaseSharedAgain(**await _told(work, known)), {})


async def _told(work: Work, known: Registered) -> dict[str, Any]:
    return {
        "general_case_id": known.id,
        "publisher": known.publisher,
        "edition": known.edition,
        "name": known.name,
        "project_ids": await general_cases.followers(work.connection, known.id),
    }


async def _keep(work: Work, known: Registered, fact: Fact, said: Mapping[str, str | None]) -> None:
    record = recorded(work, fact, subject=subject_of("general-cases", known.id), reason=said.get("code"))
    await general_cases.withdraw(work.connection, known.id, said, record, at=work.now)
