"""Groups of people, and who holds the named roles of project boards (P10)."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.boards import SeatEnded, refuse_two_holders
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import ADMINISTER
from gevinst_portfolio.domain.role_assignments import PROJECT_ROLES
from gevinst_portfolio.events.register import BoardSeatChanged, GroupChanged, RoleVacant
from gevinst_portfolio.store import announcements, boards, projects
from gevinst_portfolio.usecases.changing import require_change
from gevinst_portfolio.usecases.staffing import announce_vacancy
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, Role
from gevinst_shared.values.ids import new_id

_OWN_ROLES = frozenset(str(role) for role in PROJECT_ROLES)


async def form_group(work: Work, *, name: str, member_ids: Sequence[UUID]) -> tuple[UUID, Stored]:
    """Register a group of people; its id and record."""
    group_id = new_id()
    values, record = await _group(work, group_id, name, member_ids)
    return group_id, await boards.GROUPS.add(work.connection, {**values, "created_at": work.now}, record)


async def change_group(
    work: Work, group_id: UUID, *, name: str, member_ids: Sequence[UUID], expected: int
) -> Stored | None:
    """Replace the group's name and members; None when it changed meanwhile."""
    values, record = await _group(work, group_id, name, member_ids)
    return await boards.GROUPS.change(work.connection, values, record, expected=expected)


async def add_seat(work: Work, project_id: UUID, role: str, **holder: Any) -> tuple[UUID, Stored]:
    """Add a named role to the project's board, held or vacant; its id and record."""
    row = await projects.get_row(work.connection, project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    seat_id = new_id()
    columns = await _held(work, **holder)
    seat = {"id": seat_id, "project_id": project_id, "role": role, "ended_on": None, **columns}
    values = {**seat, "created_at": work.now}
    stored = await boards.SEATS.add(work.connection, values, _record(work, row, seat))
    await _announce(work, row, seat)
    return seat_id, stored


async def seat_holder(work: Work, seat_id: UUID, *, expected: int, **holder: Any) -> Stored | None:
    """Let somebody else hold the role, or nobody; None when it changed meanwhile."""
    before = await boards.get_seat(work.connection, seat_id)
    row = await projects.get_row(work.connection, before["project_id"])
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    _refuse_ended(before)
    seat = {**dict(before), **await _held(work, **holder)}
    stored = await boards.SEATS.change(work.connection, seat, _record(work, row, seat), expected=expected)
    if stored is not None:
        await _announce(work, row, seat)
    return stored


async def end_seat(work: Work, seat_id: UUID, *, expected: int) -> Stored | None:
    """Take the role out of the board; None when it changed meanwhile."""
    before = await boards.get_seat(work.connection, seat_id)
    row = await projects.get_row(work.connection, before["project_id"])
    await require_change(work, row)
    _refuse_ended(before)
    seat = {**dict(before), "ended_on": work.today}
    stored = await boards.SEATS.change(work.connection, seat, _record(work, row, seat), expected=expected)
    if stored is not None and before["role"] in _OWN_ROLES:
        await announce_vacancy(work, row["id"], Role(before["role"]), since=work.today)
    return stored


async def _group(
    work: Work, group_id: UUID, name: str, member_ids: Sequence[UUID]
) -> tuple[dict[str, Any], dict[str, Any]]:
    work.require(ADMINISTER, Place())
    await boards.refuse_unknown_people(work.connection, member_ids, pointer="/body/member_ids")
    members = tuple(dict.fromkeys(member_ids))
    fact = GroupChanged(group_id=group_id, name=name, member_ids=members)
    record = recorded(work, fact, subject=subject_of("groups", group_id))
    return {"id": group_id, "name": name, "member_ids": list(members)}, record


async def _held(
    work: Work, *, person_id: UUID | None, group_id: UUID | None, since: date | None
) -> dict[str, Any]:
    refuse_two_holders(person_id, group_id)
    people = [] if person_id is None else [person_id]
    await boards.refuse_unknown_people(work.connection, people, pointer="/body/person_id")
    if group_id is not None:
        await boards.count_members(work.connection, group_id)
    return {"person_id": person_id, "group_id": group_id, "since": since or work.today}


async def _announce(work: Work, row: asyncpg.Record, seat: dict[str, Any]) -> None:
    """P10: a role that nobody holds is shown, and said."""
    is_held = seat["person_id"] is not None or seat["group_id"] is not None
    if is_held:
        return
    if seat["role"] in _OWN_ROLES:
        await announce_vacancy(work, row["id"], Role(seat["role"]), since=seat["since"])
        return
    fact = RoleVacant(
        role=seat["role"],
        place_name=row["name"],
        vacant_since=seat["since"],
        project_id=row["id"],
        portfolio_id=row["portfolio_id"],
    )
    record = recorded(work, fact, subject=subject_of("projects", row["id"]))
    await announcements.announce(
        work.connection, [{**record, "before": None, "after": {"vacant_role": seat["role"]}}]
    )


def _refuse_ended(seat: asyncpg.Record) -> None:
    if seat["ended_on"] is not None:
        raise SeatEnded(ended_on=seat["ended_on"])


def _record(work: Work, row: asyncpg.Record, seat: dict[str, Any]) -> dict[str, Any]:
    fact = BoardSeatChanged(
        seat_id=seat["id"],
        project_id=row["id"],
        portfolio_id=row["portfolio_id"],
        **{name: seat[name] for name in ("role", "since", "person_id", "group_id", "ended_on")},
    )
    return recorded(work, fact, subject=subject_of("board-seats", seat["id"]))
