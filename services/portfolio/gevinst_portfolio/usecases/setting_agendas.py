"""What is on the agenda of a meeting, and what changes after it was sent (P8)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.meetings import (
    AgendaItem,
    MeetingState,
    is_late,
    refuse_change,
    refuse_lost,
    refuse_state,
    refuse_unnamed,
)
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.domain.scenarios import NotPublished
from gevinst_portfolio.events.board import AgendaChanged
from gevinst_portfolio.store import meetings, scenarios
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


async def add_item(
    work: Work, meeting_id: UUID, said: Mapping[str, Any], *, reason: str | None
) -> tuple[UUID, Stored]:
    """Put an item on the agenda; its id and record. `said` are its members, but for the reason."""
    row = await meetings.lock_meeting(work.connection, meeting_id)
    work.require(ARRANGE, Place(portfolios=frozenset({row["portfolio_id"]})))
    state = MeetingState(row["state"])
    refuse_state(state, MeetingState.PLANNED, MeetingState.CALLED)
    late = is_late(state, reason=reason)
    await _refuse_odd(work, row["portfolio_id"], said)
    values = {
        **said,
        "id": new_id(),
        "meeting_id": meeting_id,
        "is_late": late,
        "is_withdrawn": False,
        "created_at": work.now,
    }
    record = _recorded(work, row["portfolio_id"], values, reason)
    return values["id"], await meetings.AGENDA.add(work.connection, values, record)


async def change_item(
    work: Work, item_id: UUID, said: Mapping[str, Any], *, reason: str | None, expected: int
) -> Stored | None:
    """Replace the item, as long as it was not decided; None when it changed meanwhile."""
    item = await _item(work, item_id)
    late = refuse_change(item, reason=reason)
    await _refuse_odd(work, item.portfolio_id, said)
    values = {**said, "id": item.id, "meeting_id": item.meeting_id, "is_late": late, "is_withdrawn": False}
    record = _recorded(work, item.portfolio_id, values, reason)
    return await meetings.AGENDA.change(work.connection, values, record, expected=expected)


async def withdraw_item(work: Work, item_id: UUID, *, reason: str | None, expected: int) -> Stored | None:
    """Take the item off the agenda; None when it changed meanwhile."""
    item = await _item(work, item_id)
    late = refuse_change(item, reason=reason)
    values = {
        "id": item.id,
        "meeting_id": item.meeting_id,
        "name": item.name,
        "is_late": late,
        "is_withdrawn": True,
    }
    record = _recorded(work, item.portfolio_id, values, reason)
    return await meetings.WITHDRAWING.change(work.connection, values, record, expected=expected)


async def _item(work: Work, item_id: UUID) -> AgendaItem:
    item = await meetings.lock_item(work.connection, item_id)
    work.require(ARRANGE, Place(portfolios=frozenset({item.portfolio_id})))
    return item


async def _refuse_odd(work: Work, portfolio_id: UUID, said: Mapping[str, Any]) -> None:
    """Refuse an item that names what is not there, of another portfolio, or still private (P8)."""
    references = {
        "project_ids": list(said["project_ids"]),
        "scenario_id": [said["scenario_id"]] if said["scenario_id"] else [],
        "release_id": [said["release_id"]] if said["release_id"] else [],
    }
    await meetings.refuse_unknown_references(work.connection, portfolio_id, references)
    refuse_lost(said["papers"])
    refuse_unnamed(said["kind"], scenario_id=said["scenario_id"], project_ids=said["project_ids"])
    if said["scenario_id"] is not None:
        scenario = await scenarios.get_scenario(work.connection, said["scenario_id"], reader_of(work))
        if not scenario.is_published:
            raise NotPublished


def _recorded(
    work: Work, portfolio_id: UUID, values: Mapping[str, Any], reason: str | None
) -> dict[str, Any]:
    fact = AgendaChanged(
        agenda_item_id=values["id"],
        meeting_id=values["meeting_id"],
        portfolio_id=portfolio_id,
        name=values["name"],
        is_late=values["is_late"],
        is_withdrawn=values["is_withdrawn"],
    )
    subject = subject_of("agenda-items", values["id"])
    return recorded(work, fact, subject=subject, reason=reason)
