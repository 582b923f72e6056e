"""Following and muting records."""

from typing import Any
from uuid import UUID

from gevinst_notifications.domain.following import Level
from gevinst_notifications.events.people import FollowingChanged
from gevinst_notifications.store import announcements, followings
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


async def follow(work: Work, *, scope: ScopeKind, scope_id: UUID, level: Level) -> tuple[UUID, Stored]:
    """Follow or mute a record for the caller; its id and record."""
    reader = await get_reader(work)
    if not await followings.is_known(work.connection, scope, scope_id):
        raise Unknown(pointer="/body/scope_id")
    following_id = new_id()
    values = {
        "id": following_id,
        "person_id": reader.person_id,
        "scope": str(scope),
        "scope_id": scope_id,
        "level": str(level),
        "created_at": work.now,
    }
    fact = FollowingChanged(following_id, reader.person_id, scope, scope_id, level)
    record = recorded(work, fact, subject=subject_of("followings", following_id))
    return following_id, await followings.RECORDS.add(work.connection, values, record)


async def get_following(work: Work, following_id: UUID) -> Stored:
    """The caller's own, or `Unknown`."""
    await _get_own(work, following_id)
    return await followings.RECORDS.get(work.connection, following_id)


async def change_following(work: Work, following_id: UUID, *, level: Level, expected: int) -> Stored | None:
    """Follow instead of mute, or mute instead of follow; None when it changed meanwhile."""
    row = await _get_own(work, following_id, for_change=True)
    fact = FollowingChanged(following_id, row["person_id"], row["scope"], row["scope_id"], level)
    record = recorded(work, fact, subject=subject_of("followings", following_id))
    values = {"id": following_id, "level": str(level)}
    return await followings.RECORDS.change(work.connection, values, record, expected=expected)


async def unfollow(work: Work, following_id: UUID, *, expected: int) -> bool:
    """Neither follow nor mute it any more; False when it changed meanwhile."""
    row = await _get_own(work, following_id, for_change=True)
    if not await followings.delete_following(work.connection, following_id, expected=expected):
        return False
    fact = FollowingChanged(following_id, row["person_id"], row["scope"], row["scope_id"])
    record = recorded(work, fact, subject=subject_of("followings", following_id))
    before = {"scope": row["scope"], "scope_id": str(row["scope_id"]), "level": row["level"]}
    await announcements.announce(work.connection, [{**record, "before": before, "after": None}])
    return True


async def _get_own(work: Work, following_id: UUID, *, for_change: bool = False) -> dict[str, Any]:
    reader = await get_reader(work)
    row = await followings.RECORDS.row(work.connection, following_id, for_change=for_change)
    if row["person_id"] != reader.person_id:
        raise Unknown
    return row
