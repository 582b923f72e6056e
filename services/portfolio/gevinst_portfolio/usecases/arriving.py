"""What users see of what partners gave: their playbooks, ready to be taken over and followed (X3).

Everything else stays as it was received. To be called after a page was taken, in its transaction; again it
changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.playbooks import Playbook, playbook_of
from gevinst_portfolio.events.playbooks import PlaybookPublished, PlaybookUnshared, PlaybookWithdrawn
from gevinst_portfolio.store import playbook_arrivals, playbooks
from gevinst_portfolio.store.playbook_arrivals import Arrived
from gevinst_portfolio.tables.sync import sync
from gevinst_portfolio.usecases.publishing_playbooks import edition_values
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.sync.inlets import Inlets
from gevinst_shared.sync.projection import written
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

ARRIVED_BY = "sync"
WRONG_PLAYBOOK = "wrong-playbook"
WITHDRAWN = "Withdrawn by its publisher."
_INLETS = Inlets(sync)
Row = Mapping[str, Any]


class NotItsOwners(ValueError):  # noqa: N818 - it says what the playbook is
    """A body gives what is not its own to give."""


async def arrive(connection: Connection, organisation: str, partner_id: UUID, now: datetime) -> None:
    """Bring the partner's playbooks into the register, as it shares them now.

    One that cannot be used is put aside, and nothing of it is kept.
    """
    owner = await playbook_arrivals.find_owner(connection, partner_id)
    work = Work(connection, Actor(ARRIVED_BY, organisation), now, new_id())
    if owner is not None:
        for one in await playbook_arrivals.list_new(connection, partner_id, owner):
            try:
                async with savepoint(connection, "arrival"):
                    await _take(work, owner, partner_id, one)
            except NotItsOwners:
                await _INLETS.blank(connection, partner_id, "playbook", one.published_as)
                wrong = [(written(one.body), WRONG_PLAYBOOK)]
                await _INLETS.put_aside(connection, organisation, partner_id, wrong, now=now)
    await mark_unshared(work, partner_id)


async def mark_unshared(work: Work, partner_id: UUID) -> None:
    """Say of the partner's playbooks that are not here any more that they are not shared."""
    for playbook_id in await playbook_arrivals.list_ended(work.connection, partner_id):
        row = await playbooks.RECORDS.row(work.connection, playbook_id, for_change=True)
        fact = PlaybookUnshared(**await _told(work, row))
        await _change(work, {**row, "unshared_at": work.now}, fact)


async def _take(work: Work, owner: str, partner_id: UUID, one: Arrived) -> None:
    """A newer edition, that it is withdrawn, and that it is shared again."""
    document = one.body["document"]
    is_its = document["publisher"] == owner and document["playbook_id"] == str(one.published_as)
    if not is_its or owner == work.organisation:
        raise NotItsOwners
    known = await playbooks.find_published(work.connection, owner, one.published_as)
    values = _values(work, partner_id, one, playbook_of(document), known)
    told = await _told(work, values)
    # Also what was withdrawn or unshared and is there again is published; what is withdrawn never is.
    fact: Fact = PlaybookPublished(**told, note=document.get("note"))
    if values["withdrawn_at"] is not None:
        fact = PlaybookWithdrawn(**told, reason=values["withdrawal_reason"])
    if known is None:
        record = recorded(work, fact, subject=subject_of("playbooks", values["id"]))
        await playbooks.RECORDS.add(work.connection, values, record)
    else:
        await _change(work, values, fact)
    await playbooks.add_edition(work.connection, edition_values(work, values["id"], document))


def _values(work: Work, partner_id: UUID, one: Arrived, said: Playbook, known: Row | None) -> dict[str, Any]:
    document = one.body["document"]
    is_withdrawn = "withdrawn_at" in one.body
    known_since = None if known is None else known["withdrawn_at"]
    return {
        "id": new_id() if known is None else known["id"],
        "publisher": document["publisher"],
        "published_as": one.published_as,
        "partner_id": partner_id,
        "project_id": None,
        "programme_id": None,
        "name": said.name,
        "purpose": said.purpose,
        "general_case": said.general_case,
        "draft": None,
        "edition": document["edition"],
        "sha256": document["sha256"],
        "withdrawn_at": known_since or work.now if is_withdrawn else None,
        "withdrawal_reason": one.body.get("withdrawal_reason") or WITHDRAWN if is_withdrawn else None,
        "unshared_at": None,
        "created_by": ARRIVED_BY,
        "created_at": work.now if known is None else known["created_at"],
        "changed_at": work.now,
    }


async def _told(work: Work, row: Row) -> dict[str, Any]:
    return {
        "playbook_id": row["id"],
        **{name: row[name] for name in ("publisher", "name", "edition")},
        "project_ids": await playbooks.followers(work.connection, row["id"]),
    }


async def _change(work: Work, values: Row, fact: Fact) -> None:
    record = recorded(work, fact, subject=subject_of("playbooks", values["id"]))
    await playbooks.ARRIVALS.change(work.connection, {**values, "changed_at": work.now}, record)
