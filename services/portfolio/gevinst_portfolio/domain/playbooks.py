"""Playbooks: what a joint project has learned to do and decide, in editions that others take over (X3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import chain
from json import dumps
from typing import Any
from uuid import UUID

from gevinst_shared.values.refusal import Refusal

FORMAT = "gevinst-playbook/1"
# What weeks are counted from unless an activity says otherwise: the day on which the project starts.
START = "start"
MOST_ACTIVITIES = 300
MOST_DECISIONS = 100
MOST_NAMED = 50
EARLIEST_WEEK, LATEST_WEEK = -520, 1040
LARGEST_DOCUMENT = 600_000

Members = Mapping[str, Any]
"""What is said of an item, as in JSON; what is not said is absent."""


class ItemKind(StrEnum):
    ACTIVITY = "activity"
    DECISION = "decision"


MEMBERS: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.ACTIVITY: ("title", "what", "role", "phase", "point", "week", "duration_weeks", "after"),
    ItemKind.DECISION: ("title", "role", "before_activity", "before_gate", "papers"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """An activity or a decision. Its key stays the same through all editions."""

    kind: ItemKind
    key: UUID
    members: Members


@dataclass(frozen=True, slots=True)
class Playbook:
    """What is published: activities in the order in which they are told, then decisions.

    `general_case` is the national business case that it belongs to.
    """

    name: str
    items: tuple[Item, ...]
    purpose: str | None = None
    general_case: UUID | None = None

    def of(self, kind: ItemKind) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind is kind)


class ItemChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What became of an item between two editions; `members` are the names of those that differ."""

    kind: ItemKind
    key: UUID
    change: ItemChangeKind
    members: tuple[str, ...]
    before: Members | None = None
    after: Members | None = None


class KeyTwice(Refusal):
    code = "playbook-key-twice"
    title = "Two items have one key"
    detail = "The key {key} is given twice. Give each activity and each decision a key of its own."


class NoSuchActivity(Refusal):
    code = "no-such-activity"
    title = "No such activity in the playbook"
    detail = "The playbook has no activity with the key {key}. Name one that it has."


class ActivitiesInCircle(Refusal):
    code = "activities-in-circle"
    title = "The activities would wait for each other"
    detail = "No activity in this circle could ever begin: {circle}. Let one of them wait no more."


class PlaybookTooLarge(Refusal):
    code = "playbook-too-large"
    title = "The playbook is too large"
    detail = "It has {size} characters, and at most {most} can be published. Tell it more briefly."


class PlaybookEmpty(Refusal):
    code = "playbook-empty"
    title = "There is nothing in the playbook"
    detail = "Add an activity or a decision before you publish it."


class NothingNewToPublish(Refusal):
    code = "nothing-new-to-publish"
    title = "Nothing has changed"
    detail = "The draft says the same as edition {edition}. Change it before you publish it again."


class PlaybookNotYours(Refusal):
    code = "playbook-not-yours"
    title = "The playbook is another body's"
    detail = "{publisher} publishes it. Take it over into a project of yours, and change that."


class PlaybookNotPublished(Refusal):
    code = "playbook-not-published"
    title = "The playbook has no edition yet"
    detail = "Nothing of {name} has been published. Publish it first."


class PlaybookWithdrawn(Refusal):
    code = "playbook-withdrawn"
    title = "The playbook has been withdrawn"
    detail = "{name} is not to be taken over any more: {reason}"


class PlaybookUnshared(Refusal):
    code = "playbook-unshared"
    title = "The playbook is shared no longer"
    detail = "{publisher} does not share {name} with you any more. Ask them for it."


def difference(before: Sequence[Item], after: Sequence[Item]) -> tuple[ItemChange, ...]:
    """What differs, in the order of `after`, and then what is gone. Order itself is no difference."""
    was = {(item.kind, item.key): item for item in before}
    kept = {(item.kind, item.key) for item in after}
    found = [_between(was.get((item.kind, item.key)), item) for item in after]
    gone = [_between(item, None) for item in before if (item.kind, item.key) not in kept]
    return tuple(one for one in [*found, *gone] if one is not None)


def differing(kind: ItemKind, before: Members, after: Members) -> tuple[str, ...]:
    """The names of the members that are not the same."""
    return tuple(name for name in MEMBERS[kind] if before.get(name) != after.get(name))


def refuse_unsound(playbook: Playbook) -> None:
    """Refuse keys given twice, names of activities that are not there, and circles."""
    keys = Counter(item.key for item in playbook.items)
    known = activity_keys(playbook.items)
    for kind, member in _LISTS:
        for place, item in enumerate(playbook.of(kind)):
            if keys[item.key] > 1:
                raise KeyTwice(key=item.key, pointer=f"/body/{member}/{place}/key")
            refuse_unknown_activities(item, known, f"/body/{member}/{place}")
    refuse_circle(playbook.items, "/body/activities")


def activity_keys(items: Sequence[Item]) -> frozenset[str]:
    """The keys of all activities, as members name them."""
    return frozenset(str(item.key) for item in items if item.kind is ItemKind.ACTIVITY)


def refuse_unknown_activities(item: Item, known: frozenset[str], pointer: str) -> None:
    """Refuse when the item waits for, or comes before, an activity that is not `known`."""
    member = "after" if item.kind is ItemKind.ACTIVITY else "before_activity"
    named = item.members.get(member) or ()
    for key in [named] if isinstance(named, str) else named:
        if key not in known:
            raise NoSuchActivity(key=key, pointer=f"{pointer}/{member}")


def refuse_circle(items: Sequence[Item], pointer: str) -> None:
    """Refuse activities that wait for each other; what they wait for and is not there binds nobody."""
    titles = {str(one.key): one.members["title"] for one in items if one.kind is ItemKind.ACTIVITY}
    waiting = {
        str(one.key): [key for key in one.members.get("after", ()) if key in titles]
        for one in items
        if one.kind is ItemKind.ACTIVITY
    }
    try:
        TopologicalSorter(waiting).prepare()
    except CycleError as error:
        circle = " → ".join(titles[key] for key in reversed(error.args[1]))
        raise ActivitiesInCircle(circle=circle, pointer=pointer) from None


def draft_of(playbook: Playbook) -> dict[str, Any]:
    """Activities and decisions as they are kept."""
    return {
        member: [{"key": str(item.key), **item.members} for item in playbook.of(kind)]
        for kind, member in (_ACTIVITIES, _DECISIONS)
    }


def playbook_of(values: Mapping[str, Any]) -> Playbook:
    """The playbook out of `name`, `purpose`, `general_case` and what `draft_of` gave, or a document."""
    general_case = values.get("general_case")
    return Playbook(
        name=values["name"],
        purpose=values.get("purpose"),
        general_case=None if general_case is None else UUID(str(general_case)),
        items=tuple(chain.from_iterable(_items(kind, values[member]) for kind, member in _LISTS)),
    )


def document_of(
    playbook: Playbook, *, playbook_id: UUID, publisher: str, edition: int, note: str | None
) -> dict[str, Any]:
    """What is published: the whole playbook, with the hash of all the rest."""
    said = {
        "format": FORMAT,
        "playbook_id": str(playbook_id),
        "publisher": publisher,
        "edition": edition,
        "name": playbook.name,
        "purpose": playbook.purpose,
        "general_case": None if playbook.general_case is None else str(playbook.general_case),
        "note": note,
        **draft_of(playbook),
    }
    document = {name: value for name, value in said.items() if value is not None}
    size = len(_written(document))
    if size > LARGEST_DOCUMENT:
        raise PlaybookTooLarge(size=size, most=LARGEST_DOCUMENT)
    return {**document, "sha256": document_hash(document)}


def document_hash(document: Mapping[str, Any]) -> str:
    """The SHA-256 of all that the document says, its own hash left out."""
    said = {name: value for name, value in document.items() if name != "sha256"}
    return sha256(_written(said).encode()).hexdigest()


_ACTIVITIES = (ItemKind.ACTIVITY, "activities")
_DECISIONS = (ItemKind.DECISION, "decisions")
_LISTS = (_ACTIVITIES, _DECISIONS)


def _items(kind: ItemKind, listed: Sequence[Mapping[str, Any]]) -> list[Item]:
    return [
        Item(kind, UUID(one["key"]), {name: one[name] for name in MEMBERS[kind] if name in one})
        for one in listed
    ]


def _between(before: Item | None, after: Item | None) -> ItemChange | None:
    item = after or before
    assert item is not None
    if before is None or after is None:
        change = ItemChangeKind.ADDED if before is None else ItemChangeKind.REMOVED
    else:
        change = ItemChangeKind.CHANGED
    was, now = (None if one is None else one.members for one in (before, after))
    names = differing(item.kind, was or {}, now or {})
    return ItemChange(item.kind, item.key, change, names, was, now) if names else None


def _written(document: Mapping[str, Any]) -> str:
    return dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
