"""Planning meetings of the board, calling its members, and what came of it (P8)."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from gevinst_portfolio.domain.meetings import (
    AgendaEmpty,
    MeetingState,
    NobodyCalled,
    refuse_far,
    refuse_state,
)
from gevinst_portfolio.domain.permissions import ARRANGE
from gevinst_portfolio.events.board import (
    MeetingCalled,
    MeetingChanged,
    MeetingHeld,
    MeetingPlanned,
    MinutesApproved,
)
from gevinst_portfolio.store import meetings, portfolios
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_there, time_zone

FactT = TypeVar("FactT", MeetingPlanned, MeetingChanged, MeetingCalled, MeetingHeld, MinutesApproved)


async def plan_meeting(work: Work, portfolio_id: UUID, said: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Plan a meeting; its id and record. `said` are the members of `MeetingIn`."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    refuse_far(said["starts_at"])
    await meetings.refuse_unknown_people(work.connection, said["member_ids"], member="member_ids")
    meeting_id = new_id()
    values = {
        **said,
        "id": meeting_id,
        "portfolio_id": portfolio_id,
        "time_zone": time_zone(work.organisation),
        "state": MeetingState.PLANNED,
        **dict.fromkeys(("called_at", "called_by", "attended_ids", "minutes", "approved_at", "approved_by")),
        "created_at": work.now,
    }
    record = await _recorded(work, MeetingPlanned, values)
    return meeting_id, await meetings.MEETINGS.add(work.connection, values, record)


async def change_meeting(
    work: Work, meeting_id: UUID, said: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Change when, where and with whom, as long as it was not held; None when it changed meanwhile."""
    refuse_far(said["starts_at"])
    await meetings.refuse_unknown_people(work.connection, said["member_ids"], member="member_ids")
    states = (MeetingState.PLANNED, MeetingState.CALLED)
    row = await _meeting(work, meeting_id, states)
    if row["state"] == MeetingState.CALLED and not said["member_ids"]:
        raise NobodyCalled(pointer="/body/member_ids")
    return await _change(work, meetings.MEETINGS, MeetingChanged, row | dict(said), expected=expected)


async def call_meeting(work: Work, meeting_id: UUID, *, expected: int) -> Stored | None:
    """Send the agenda: from now on every change of it is recorded as late, with its reason."""
    row = await _meeting(work, meeting_id, (MeetingState.PLANNED,))
    if not row["member_ids"]:
        raise NobodyCalled
    if not await meetings.count_items(work.connection, meeting_id):
        raise AgendaEmpty
    values = row | {
        "state": MeetingState.CALLED,
        "called_at": work.now,
        "called_by": work.actor.subject,
    }
    return await _change(work, meetings.CALLING, MeetingCalled, values, expected=expected)


async def hold_meeting(
    work: Work, meeting_id: UUID, *, attended_ids: Sequence[UUID], minutes: str | None, expected: int
) -> Stored | None:
    """Say that the meeting was held and who attended; again as long as its minutes are not approved."""
    people = list(attended_ids)
    await meetings.refuse_unknown_people(work.connection, people, member="attended_ids")
    row = await _meeting(work, meeting_id, (MeetingState.CALLED, MeetingState.HELD))
    values = row | {"state": MeetingState.HELD, "attended_ids": people, "minutes": minutes}
    return await _change(work, meetings.HOLDING, MeetingHeld, values, expected=expected)


async def approve_minutes(work: Work, meeting_id: UUID, *, minutes: str, expected: int) -> Stored | None:
    """Approve the minutes: the meeting is over, and nothing of it changes any more."""
    row = await _meeting(work, meeting_id, (MeetingState.HELD,))
    values = row | {
        "state": MeetingState.APPROVED,
        "minutes": minutes,
        "approved_at": work.now,
        "approved_by": work.actor.subject,
    }
    return await _change(work, meetings.APPROVING, MinutesApproved, values, expected=expected)


async def _meeting(work: Work, meeting_id: UUID, needed: Sequence[MeetingState]) -> dict[str, Any]:
    """The meeting's columns, locked; refused to who may not arrange it, and in another state."""
    row = await meetings.lock_meeting(work.connection, meeting_id)
    work.require(ARRANGE, Place(portfolios=frozenset({row["portfolio_id"]})))
    refuse_state(MeetingState(row["state"]), *needed)
    return dict(row)


async def _change(
    work: Work, records: Records, kind: type[FactT], values: Mapping[str, Any], *, expected: int
) -> Stored | None:
    record = await _recorded(work, kind, values)
    return await records.change(work.connection, values, record, expected=expected)


async def _recorded(work: Work, kind: type[FactT], values: Mapping[str, Any]) -> dict[str, Any]:
    portfolio = await portfolios.get_portfolio(work.connection, values["portfolio_id"])
    fact = kind(
        meeting_id=values["id"],
        portfolio_id=portfolio.id,
        meeting_name=values["name"],
        starts_at=values["starts_at"],
        portfolio_name=portfolio.name,
        held_on=day_there(work.organisation, values["starts_at"]),
        place=values["place"],
        link=values["link"],
        member_ids=tuple(values["member_ids"]),
    )
    return recorded(work, fact, subject=subject_of("meetings", values["id"]))
