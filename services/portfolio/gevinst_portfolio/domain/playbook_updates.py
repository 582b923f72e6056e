"""A newer edition against what was taken over and changed here: nothing is overwritten silently (X3).

Each item is compared three ways, member by member: as it was taken over, as it is here, as it is upstream.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.playbooks import Item, ItemChangeKind, ItemKind, Members, differing
from gevinst_shared.values.refusal import Refusal


class UpdateAnswer(StrEnum):
    """Whose word holds in what changed upstream; what changed here alone stays either way."""

    THEIRS = "theirs"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Adopted:
    """An item as it is here. `base` is how it was taken over; none: it is our own.

    `local` are the members that were changed here, None where one was taken away. `is_begun` says that
    somebody has begun or done it, or has decided; `is_gone` that it went with the original.
    """

    kind: ItemKind
    key: UUID
    base: Members | None
    local: Members
    is_begun: bool = False
    is_gone: bool = False

    @property
    def ours(self) -> Members:
        """What holds here."""
        whole = {**(self.base or {}), **self.local}
        return {name: value for name, value in whole.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Offer:
    """What a newer edition offers of one item.

    `upstream` and `local` are the names of members that differ from what was taken over; `conflicts` those
    that changed on both sides, and not to the same.
    """

    kind: ItemKind
    key: UUID
    change: ItemChangeKind
    upstream: tuple[str, ...]
    local: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    is_conflict: bool = False
    theirs: Members | None = None
    adopted: Adopted | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What an item becomes. `is_declined`: it comes along as left out."""

    kind: ItemKind
    key: UUID
    base: Members | None
    local: Members
    is_gone: bool = False
    is_declined: bool = False


class ConflictUnanswered(Refusal):
    code = "conflict-unanswered"
    title = "The item was changed here, too"
    detail = "{title} was changed here and in the original. Answer with theirs or ours."


class NothingOffered(Refusal):
    code = "nothing-offered"
    title = "No update is offered"
    detail = "The project has all of the newest edition. Look again when there is a newer one."


class NotInUpdate(Refusal):
    code = "not-in-update"
    title = "Not part of the update"
    detail = "The update does not touch the item {key}. Name items that it offers."


class UpdateMovedOn(Refusal):
    code = "update-moved-on"
    title = "The update is another one by now"
    detail = (
        "Edition {newest} is offered, and you answered for other content. Look at the update again first."
    )


def offers(adopted: Sequence[Adopted], newest: Sequence[Item]) -> tuple[Offer, ...]:
    """What the newest edition would change here, in its order, and then what it takes away."""
    known = {(one.kind, one.key): one for one in adopted}
    there = {(item.kind, item.key) for item in newest}
    coming = [_coming(known.get((item.kind, item.key)), item) for item in newest]
    taken = [one for one in adopted if one.base is not None and not one.is_gone]
    going = [_going(one) for one in taken if (one.kind, one.key) not in there]
    return tuple(one for one in [*coming, *going] if one is not None)


def settled(offer: Offer, answer: UpdateAnswer | None) -> Settled:
    """What the item becomes with the answer, which a conflict needs.

    `theirs` takes what changed upstream, `ours` keeps it as it is here. What changed here alone stays.
    """
    assert answer is not None or not offer.is_conflict
    kind, key, theirs, mine = offer.kind, offer.key, offer.theirs, offer.adopted
    if theirs is None:
        assert mine is not None
        if answer is UpdateAnswer.OURS:
            return Settled(kind, key, base=None, local=mine.ours)
        return Settled(kind, key, base=mine.base, local=mine.local, is_gone=True)
    if mine is None or mine.is_gone:
        return Settled(kind, key, base=theirs, local={}, is_declined=answer is UpdateAnswer.OURS)
    if answer is UpdateAnswer.OURS:
        return Settled(kind, key, base=theirs, local=local_changes(kind, theirs, mine.ours))
    taken = {name: theirs.get(name) for name in offer.upstream}
    whole = {name: value for name, value in {**mine.ours, **taken}.items() if value is not None}
    return Settled(kind, key, base=theirs, local=local_changes(kind, theirs, whole))


def local_changes(kind: ItemKind, base: Members | None, members: Members) -> dict[str, object]:
    """What must be changed of `base` to get `members`; all of them where there is no base."""
    if base is None:
        return dict(members)
    return {name: members.get(name) for name in differing(kind, base, members)}


def _coming(mine: Adopted | None, item: Item) -> Offer | None:
    if mine is None or mine.is_gone:
        names = differing(item.kind, {}, item.members)
        return Offer(item.kind, item.key, ItemChangeKind.ADDED, names, theirs=item.members, adopted=mine)
    # It was kept when the original let it go, and the original has it again.
    is_back = mine.base is None
    base = mine.base or {}
    upstream = differing(item.kind, base, item.members)
    local = differing(item.kind, base, mine.ours)
    conflicts = tuple(
        name for name in upstream if name in local and mine.ours.get(name) != item.members.get(name)
    )
    if not upstream:
        return None
    change = ItemChangeKind.ADDED if is_back else ItemChangeKind.CHANGED
    return Offer(item.kind, item.key, change, upstream, local, conflicts, bool(conflicts), item.members, mine)


def _going(mine: Adopted) -> Offer:
    assert mine.base is not None
    upstream = differing(mine.kind, mine.base, {})
    local = differing(mine.kind, mine.base, mine.ours)
    is_conflict = bool(local) or mine.is_begun
    return Offer(mine.kind, mine.key, ItemChangeKind.REMOVED, upstream, local, local, is_conflict, None, mine)
