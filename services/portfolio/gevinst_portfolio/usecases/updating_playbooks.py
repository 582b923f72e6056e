"""What a newer edition offers to those who took a playbook over: looked at, taken, dismissed (X3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.playbook_adoptions import (
    AdoptedItem,
    DecisionState,
    ReasonMissing,
    in_order,
)
from gevinst_portfolio.domain.playbook_updates import (
    ConflictUnanswered,
    NothingOffered,
    NotInUpdate,
    Offer,
    Settled,
    UpdateAnswer,
    UpdateMovedOn,
    offers,
    settled,
)
from gevinst_portfolio.domain.playbooks import Item, Playbook, refuse_circle
from gevinst_portfolio.events.playbooks import PlaybookUpdateAccepted, PlaybookUpdateDismissed
from gevinst_portfolio.store import playbook_adoptions, playbooks
from gevinst_portfolio.store.playbook_adoptions import ADOPTIONS, DISMISSALS, ITEMS, TAKEN
from gevinst_portfolio.usecases.adopting_playbooks import (
    held_adoption,
    item_values,
    refuse_closed,
    told_item,
    told_of,
)
from gevinst_portfolio.usecases.publishing_playbooks import about_changes
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What is taken: the edition with this `sha256`, which was looked at, whole or only the items of `keys`.

    `reason` is why what is new and answered with ours is left out.
    """

    sha256: str
    keys: Sequence[UUID] | None = None
    answers: Mapping[UUID, UpdateAnswer] = field(default_factory=dict)
    reason: str | None = None


async def read_update(work: Work, adoption_id: UUID) -> dict[str, Any]:
    """`PlaybookUpdateOut`: what the newest edition would change here, or `NothingOffered`."""
    row = await ADOPTIONS.row(work.connection, adoption_id)
    playbook, newest = await _newest(work, row)
    known = await playbook_adoptions.list_items(work.connection, adoption_id)
    found = offers([one.adopted for one in known], newest.items)
    here = {(one.adopted.kind, one.adopted.key): one for one in known}
    was = Playbook(row["name"], (), row["purpose"], row["general_case"])
    return {
        "playbook_adoption_id": adoption_id,
        "taken_edition": row["edition"],
        "edition": playbook["edition"],
        "sha256": playbook["sha256"],
        "note": await playbooks.find_note(work.connection, playbook["id"], playbook["edition"]),
        "is_dismissed": row["dismissed_sha256"] == playbook["sha256"],
        "has_conflicts": any(one.is_conflict for one in found),
        "about": about_changes(was, newest),
        **{
            member: [_told_offer(one, here.get((one.kind, one.key))) for one in found if one.kind == kind]
            for kind, member in (("activity", "activities"), ("decision", "decisions"))
        },
    }


async def accept(work: Work, adoption_id: UUID, said: Acceptance, *, expected: int) -> Stored | None:
    """Take what is said of the newest edition; None when the adoption changed meanwhile.

    What changed on both sides needs an answer, and nothing is taken before all have one.
    """
    row = await held_adoption(work, adoption_id)
    if row["revision"] != expected:
        return None
    playbook, newest = await _offered(work, row, said.sha256)
    known = await playbook_adoptions.list_items(work.connection, adoption_id)
    found = offers([one.adopted for one in known], newest.items)
    _refuse_strangers(found, said)
    chosen = [one for one in found if said.keys is None or one.key in said.keys]
    becoming = [_settled(one, said) for one in chosen]
    _refuse_new_circle(known, becoming)
    here = {(one.adopted.kind, one.adopted.key): one for one in known}
    for one in becoming:
        mine = here.get((one.kind, one.key))
        await _write(work, row, mine, one, edition=playbook["edition"], reason=said.reason)
    await _bring_into_order(work, adoption_id, newest)
    return await _taken(work, row, playbook, newest, count=len(chosen), is_whole=len(chosen) == len(found))


async def dismiss(work: Work, adoption_id: UUID, *, sha256: str, reason: str, expected: int) -> Stored | None:
    """Take nothing of the newest edition; it stays to be looked at, and can be taken later."""
    row = await held_adoption(work, adoption_id)
    playbook, _ = await _offered(work, row, sha256)
    fact = PlaybookUpdateDismissed(**told_of(row), dismissed_edition=playbook["edition"])
    record = recorded(work, fact, subject=subject_of("playbook-adoptions", adoption_id), reason=reason)
    new = {"dismissed_sha256": playbook["sha256"], "dismissal_reason": reason, "changed_at": work.now}
    return await DISMISSALS.change(work.connection, {**row, **new}, record, expected=expected)


async def _newest(work: Work, row: Row, *, for_change: bool = False) -> tuple[Row, Playbook]:
    """The playbook's row and its newest edition, where that is still offered and is not what was taken."""
    # Held: nobody withdraws or publishes while its update is taken.
    playbook = await playbooks.RECORDS.row(work.connection, row["playbook_id"], for_change=for_change)
    refuse_closed(playbook)
    if playbook["sha256"] == row["sha256"]:
        raise NothingOffered
    return playbook, await playbooks.get_edition(work.connection, playbook["id"], playbook["edition"])


async def _offered(work: Work, row: Row, sha256: str) -> tuple[Row, Playbook]:
    """The same, held, where it says what was looked at: a number may have been said again."""
    playbook, newest = await _newest(work, row, for_change=True)
    if playbook["sha256"] != sha256:
        raise UpdateMovedOn(newest=playbook["edition"], pointer="/body/sha256")
    return playbook, newest


def _told_offer(one: Offer, known: AdoptedItem | None) -> dict[str, Any]:
    mine = one.adopted
    is_here = mine is not None and not mine.is_gone
    told = {"theirs": one.theirs, "taken": mine.base if mine and is_here else None}
    told["ours"] = mine.ours if mine and is_here else None
    return {
        "key": one.key,
        "change": one.change,
        "is_conflict": one.is_conflict,
        "upstream_members": list(one.upstream),
        "local_members": list(one.local),
        "conflicting_members": list(one.conflicts),
        "state": known.state if known is not None and is_here else None,
        **{name: None if said is None else {"key": one.key, **said} for name, said in told.items()},
    }


def _refuse_strangers(found: Sequence[Offer], said: Acceptance) -> None:
    offered = {one.key for one in found}
    for member, named in (("keys", said.keys or ()), ("answers", said.answers)):
        for place, key in enumerate(named):
            if key not in offered:
                raise NotInUpdate(key=key, pointer=f"/body/{member}/{place}")


def _settled(offer: Offer, said: Acceptance) -> Settled:
    answer = said.answers.get(offer.key)
    if offer.is_conflict and answer is None and offer.adopted is not None:
        raise ConflictUnanswered(title=offer.adopted.ours["title"], pointer="/body/answers")
    found = settled(offer, answer)
    if found.is_declined and not said.reason:
        raise ReasonMissing(pointer="/body/reason")
    return found


def _refuse_new_circle(known: Sequence[AdoptedItem], becoming: Sequence[Settled]) -> None:
    """What they and we say of who waits for whom may only together be a circle."""
    items = {(one.adopted.kind, one.adopted.key): one.item for one in known if not one.adopted.is_gone}
    for one in becoming:
        items[one.kind, one.key] = _item(one)
        if one.is_gone:
            del items[one.kind, one.key]
    refuse_circle(list(items.values()), "/body/keys")


def _item(one: Settled) -> Item:
    whole = {**(one.base or {}), **one.local}
    return Item(one.kind, one.key, {name: value for name, value in whole.items() if value is not None})


async def _write(
    work: Work, row: Row, mine: AdoptedItem | None, one: Settled, *, edition: int, reason: str | None
) -> None:
    """The item as it is from now on; what was done and decided stays."""
    item = _item(one)
    new = item_values(work, row["id"], item, edition=edition, place=0)
    if mine is not None:
        new["id"] = mine.id
        if not mine.adopted.is_gone:
            new |= {"state": mine.state, "reason": mine.reason, "decided_on": mine.decided_on}
    if one.is_declined:
        new |= {"state": DecisionState.LEFT_OUT.value, "reason": reason}
    from_edition = mine.edition if mine is not None and one.is_gone else edition
    new |= {"base": one.base, "local": one.local, "is_gone": one.is_gone}
    new["edition"] = None if one.base is None else from_edition
    record = told_item(work, row, new, item, reason=reason)
    if mine is None:
        await ITEMS.add(work.connection, new, record)
    else:
        await ITEMS.change(work.connection, new, record)


async def _bring_into_order(work: Work, adoption_id: UUID, newest: Playbook) -> None:
    known = await playbook_adoptions.list_items(work.connection, adoption_id)
    places = {id_: place for place, id_ in enumerate(in_order(known, newest.items))}
    await playbook_adoptions.set_places(work.connection, places)


async def _taken(
    work: Work, row: Row, playbook: Row, newest: Playbook, *, count: int, is_whole: bool
) -> Stored | None:
    """The adoption is at the newest edition when there is nothing more of that to take."""
    new: dict[str, Any] = {"changed_at": work.now}
    if is_whole:
        new |= {
            "name": newest.name,
            "purpose": newest.purpose,
            "general_case": newest.general_case,
            "edition": playbook["edition"],
            "sha256": playbook["sha256"],
        }
    fact = PlaybookUpdateAccepted(
        **told_of({**row, **new}),
        accepted_edition=playbook["edition"],
        item_count=count,
        is_whole=is_whole,
    )
    record = recorded(work, fact, subject=subject_of("playbook-adoptions", row["id"]))
    return await TAKEN.change(work.connection, {**row, **new}, record, expected=row["revision"])
