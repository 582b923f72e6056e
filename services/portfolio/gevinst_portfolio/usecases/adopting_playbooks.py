"""Taking playbooks over into projects, and doing what they say (X3)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import FOLLOW_PLAYBOOK
from gevinst_portfolio.domain.playbook_adoptions import (
    FIRST_STATE,
    MOST_OWN,
    ActivityState,
    DecisionState,
    ItemGone,
    TooManyActivities,
    refuse_odd_day,
    refuse_without_reason,
)
from gevinst_portfolio.domain.playbook_updates import local_changes
from gevinst_portfolio.domain.playbooks import (
    START,
    Item,
    ItemKind,
    Members,
    PlaybookNotPublished,
    PlaybookUnshared,
    PlaybookWithdrawn,
    activity_keys,
    refuse_circle,
    refuse_unknown_activities,
)
from gevinst_portfolio.events.playbooks import AdoptedItemChanged, PlaybookAdopted, PlaybookAdoptionChanged
from gevinst_portfolio.store import playbook_adoptions, playbooks, project_acts, projects
from gevinst_portfolio.store.playbook_adoptions import ADOPTIONS, ITEMS
from gevinst_portfolio.usecases.changing import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id

Row = Mapping[str, Any]


async def take_over(
    work: Work, project_id: UUID, playbook_id: UUID, *, edition: int | None, points: Mapping[str, date]
) -> tuple[UUID, Stored]:
    """Take an edition over, the newest unless one is named; the adoption's id and record.

    Weeks from the start count from the project's own, unless another day is given.
    """
    project = await project_acts.lock_project(work.connection, project_id)
    await require_at(work, FOLLOW_PLAYBOOK, project)
    refuse_merged(project["merged_into_id"])
    row = await playbooks.RECORDS.row(work.connection, playbook_id, for_change=True)
    refuse_closed(row)
    number = edition or row["edition"]
    said = await playbooks.get_edition(work.connection, playbook_id, number)
    days = dict(points)
    if project["start"] is not None:
        days.setdefault(START, project["start"])
    adoption_id = new_id()
    values = {
        "id": adoption_id,
        "playbook_id": playbook_id,
        "project_id": project_id,
        "name": said.name,
        "purpose": said.purpose,
        "general_case": said.general_case,
        "edition": number,
        "sha256": await playbooks.hash_of(work.connection, playbook_id, number),
        "points": {point: day.isoformat() for point, day in days.items()},
        "dismissed_sha256": None,
        "dismissal_reason": None,
        "adopted_by": work.actor.subject,
        "created_at": work.now,
        "changed_at": work.now,
    }
    fact = PlaybookAdopted(**told_of(values))
    record = recorded(work, fact, subject=subject_of("playbook-adoptions", adoption_id))
    await ADOPTIONS.add(work.connection, values, record)
    rows = [
        item_values(work, adoption_id, item, edition=number, place=place)
        for place, item in enumerate(said.items)
    ]
    await playbook_adoptions.add_items(work.connection, work.organisation, rows)
    return adoption_id, await ADOPTIONS.get(work.connection, adoption_id)


async def set_points(
    work: Work, adoption_id: UUID, points: Mapping[str, date], *, expected: int
) -> Stored | None:
    """Set the days that weeks count from; None when somebody changed the adoption meanwhile."""
    row = await held_adoption(work, adoption_id)
    fact = PlaybookAdoptionChanged(**told_of(row))
    record = recorded(work, fact, subject=subject_of("playbook-adoptions", adoption_id))
    new = {"points": {point: day.isoformat() for point, day in points.items()}, "changed_at": work.now}
    return await ADOPTIONS.change(work.connection, {**row, **new}, record, expected=expected)


async def add_activity(work: Work, adoption_id: UUID, members: Members) -> tuple[UUID, Stored]:
    """Add an activity of our own, after the others; its id and record."""
    row = await held_adoption(work, adoption_id)
    known = await playbook_adoptions.list_items(work.connection, adoption_id)
    if sum(one.adopted.base is None for one in known) >= MOST_OWN:
        raise TooManyActivities(most=MOST_OWN)
    item = Item(ItemKind.ACTIVITY, new_id(), members)
    _refuse_odd([one.item for one in known if not one.adopted.is_gone], item)
    place = max((one.place for one in known), default=0) + 1
    values = item_values(work, adoption_id, item, edition=None, place=place)
    stored = await ITEMS.add(work.connection, values, told_item(work, row, values, item))
    return values["id"], stored


async def change_item(
    work: Work, item_id: UUID, kind: ItemKind, members: Members, *, expected: int
) -> Stored | None:
    """Say otherwise here what an item says; what is as in the playbook is no change of ours."""
    found, row = await _held_item(work, item_id, kind)
    known = await playbook_adoptions.list_items(work.connection, row["id"])
    item = Item(kind, found["key"], members)
    others = [one.item for one in known if one.id != item_id and not one.adopted.is_gone]
    _refuse_odd(others, item)
    mine = next(one for one in known if one.id == item_id)
    values = {**_as_it_is(found), "local": local_changes(kind, mine.adopted.base, members)}
    return await _changed(work, row, values, item, expected=expected)


async def set_progress(
    work: Work, item_id: UUID, state: ActivityState, *, reason: str | None, expected: int
) -> Stored | None:
    """Say how far an activity is, or that it is left out, and why."""
    found, row = await _held_item(work, item_id, ItemKind.ACTIVITY)
    refuse_without_reason(state, reason)
    values = {**_as_it_is(found), "state": state.value, "reason": reason}
    item = playbook_adoptions.adopted_from(found).item
    return await _changed(work, row, values, item, expected=expected, reason=reason)


async def decide(
    work: Work,
    item_id: UUID,
    state: DecisionState,
    *,
    decided_on: date | None,
    reason: str | None,
    expected: int,
) -> Stored | None:
    """Enter that a decision was taken, is open again, or is left out here."""
    found, row = await _held_item(work, item_id, ItemKind.DECISION)
    refuse_without_reason(state, reason)
    refuse_odd_day(state, decided_on, work.today)
    day = decided_on if state is DecisionState.TAKEN else None
    values = {**_as_it_is(found), "state": state.value, "reason": reason, "decided_on": day}
    item = playbook_adoptions.adopted_from(found).item
    return await _changed(work, row, values, item, expected=expected, reason=reason)


async def held_adoption(work: Work, adoption_id: UUID) -> dict[str, Any]:
    """The adoption's row, held, for who may follow it; or `Unknown`."""
    row = await ADOPTIONS.row(work.connection, adoption_id, for_change=True)
    project = await projects.get_row(work.connection, row["project_id"])
    await require_at(work, FOLLOW_PLAYBOOK, project)
    return row


def refuse_closed(row: Row) -> None:
    """Refuse to take anything of a playbook that was withdrawn, is not shared any more or has no edition."""
    if row["withdrawn_at"] is not None:
        raise PlaybookWithdrawn(name=row["name"], reason=row["withdrawal_reason"])
    if row["unshared_at"] is not None:
        raise PlaybookUnshared(name=row["name"], publisher=row["publisher"])
    if not row["edition"]:
        raise PlaybookNotPublished(name=row["name"])


def told_of(row: Row) -> dict[str, Any]:
    """What every event of an adoption tells."""
    names = ("playbook_id", "project_id", "name", "edition")
    return {"playbook_adoption_id": row["id"], **{name: row[name] for name in names}}


def told_item(
    work: Work, adoption: Row, values: Row, item: Item, *, reason: str | None = None
) -> dict[str, Any]:
    """The event and the audit row of an item as it is from now on."""
    fact = AdoptedItemChanged(
        adopted_item_id=values["id"],
        playbook_adoption_id=adoption["id"],
        project_id=adoption["project_id"],
        kind=item.kind.value,
        title=item.members["title"],
        state=values["state"],
        decided_on=values["decided_on"],
    )
    kinds = {ItemKind.ACTIVITY: "adopted-activities", ItemKind.DECISION: "adopted-decisions"}
    return recorded(work, fact, subject=subject_of(kinds[item.kind], values["id"]), reason=reason)


def item_values(
    work: Work, adoption_id: UUID, item: Item, *, edition: int | None, place: int
) -> dict[str, Any]:
    """The row of an item that nobody has begun; without an edition it is our own."""
    return {
        "id": new_id(),
        "adoption_id": adoption_id,
        "kind": item.kind.value,
        "key": item.key,
        "place": place,
        "edition": edition,
        "base": None if edition is None else item.members,
        "local": item.members if edition is None else {},
        "state": FIRST_STATE[item.kind],
        "decided_on": None,
        "reason": None,
        "is_gone": False,
        "created_at": work.now,
        "changed_at": work.now,
    }


def _refuse_odd(others: list[Item], item: Item) -> None:
    refuse_unknown_activities(item, activity_keys(others), "/body")
    refuse_circle([*others, item], "/body/after")


async def _held_item(work: Work, item_id: UUID, kind: ItemKind) -> tuple[dict[str, Any], dict[str, Any]]:
    """The item's row and its adoption's, the adoption held, for who may; refuses what is gone."""
    row = await playbook_adoptions.get_item(work.connection, item_id, kind)
    adoption = await held_adoption(work, row["adoption_id"])
    if row["is_gone"]:
        raise ItemGone(edition=adoption["edition"])
    return row, adoption


def _as_it_is(row: Row) -> dict[str, Any]:
    """The row as it can be written again."""
    raw = {name: None if row[name] is None else RawJson(row[name]) for name in ("base", "local")}
    return {**row, **raw}


async def _changed(
    work: Work, adoption: Row, values: Row, item: Item, *, expected: int, reason: str | None = None
) -> Stored | None:
    record = told_item(work, adoption, values, item, reason=reason)
    return await ITEMS.change(work.connection, {**values, "changed_at": work.now}, record, expected=expected)
