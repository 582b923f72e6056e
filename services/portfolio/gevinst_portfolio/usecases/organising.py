"""Making, renaming and moving units."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.permissions import ADMINISTER
from gevinst_portfolio.domain.units import path_below, refuse_too_deep
from gevinst_portfolio.events.register import UnitChanged
from gevinst_portfolio.store import announcements, units
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


async def make_unit(work: Work, *, name: str, parent_id: UUID | None) -> tuple[UUID, Stored]:
    """Make a unit, at the top or below another; its id and record."""
    await units.hold_tree(work.connection, is_alone=False)
    unit_id = new_id()
    path = path_below(await _path(work, parent_id), unit_id)
    fact = UnitChanged(unit_id=unit_id, name=name, path=path, parent_id=parent_id)
    record = recorded(work, fact, subject=subject_of("units", unit_id))
    values = {
        "id": unit_id,
        "name": name,
        "parent_id": parent_id,
        "path": list(path),
        "created_at": work.now,
    }
    return unit_id, await units.RECORDS.add(work.connection, values, record)


async def change_unit(
    work: Work, unit_id: UUID, *, name: str, parent_id: UUID | None, expected: int
) -> Stored | None:
    """Rename the unit and move it, with everything below it; None when it changed meanwhile."""
    await units.hold_tree(work.connection, is_alone=True)
    old = await units.get_path(work.connection, unit_id)
    work.require(ADMINISTER, Place(units=frozenset(old)))
    new = path_below(await _path(work, parent_id), unit_id)
    fact = UnitChanged(unit_id=unit_id, name=name, path=new, parent_id=parent_id)
    record = recorded(work, fact, subject=subject_of("units", unit_id))
    values = {"id": unit_id, "name": name, "parent_id": parent_id, "path": list(new)}
    stored = await units.RECORDS.change(work.connection, values, record, expected=expected)
    if stored is not None and list(new) != old:
        moved = await units.move_below(work.connection, unit_id, old=old, new=new)
        refuse_too_deep(row["path"] for row in moved)
        await announcements.announce(work.connection, [_moved(work, row, old, new) for row in moved])
    return stored


async def _path(work: Work, parent_id: UUID | None) -> list[UUID]:
    """The path of the unit above, where the caller must be allowed to arrange things."""
    path = [] if parent_id is None else await units.get_path(work.connection, parent_id)
    work.require(ADMINISTER, Place(units=frozenset(path)))
    return path


def _moved(work: Work, row: asyncpg.Record, old: Sequence[UUID], new: Sequence[UUID]) -> dict[str, Any]:
    path = tuple(row["path"])
    fact = UnitChanged(unit_id=row["id"], name=row["name"], path=path, parent_id=row["parent_id"])
    record = recorded(work, fact, subject=subject_of("units", row["id"]))
    was, now = ({"path": [str(above) for above in each]} for each in ((*old, *path[len(new) :]), path))
    return {**record, "before": was, "after": now}
