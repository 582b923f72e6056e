"""X3: what differs between editions, and what a newer one may do to what was taken over."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.playbook_documents import WrongDocument, check_document, is_playbook_document
from gevinst_portfolio.domain.playbook_updates import Adopted, Offer, Settled, UpdateAnswer, offers, settled
from gevinst_portfolio.domain.playbooks import (
    ActivitiesInCircle,
    Item,
    ItemChangeKind,
    ItemKind,
    KeyTwice,
    Members,
    NoSuchActivity,
    Playbook,
    PlaybookTooLarge,
    difference,
    document_hash,
    document_of,
    playbook_of,
    refuse_unsound,
)

KEYS = [UUID(int=place) for place in range(1, 6)]
PUBLISHER = "0192:958935420"


def activity(key: UUID, title: str = "Count", **members: Any) -> Item:
    return Item(ItemKind.ACTIVITY, key, {"title": title, "point": "start", "week": 0, "after": [], **members})


def decision(key: UUID, title: str = "Who begins", **members: Any) -> Item:
    return Item(ItemKind.DECISION, key, {"title": title, "papers": [], **members})


Shape = st.SearchStrategy[dict[str, Any]]
_WORDS = st.sampled_from(["Count", "Train", "Close"])
_ACTIVITIES: Shape = st.fixed_dictionaries(
    {
        "title": _WORDS,
        "point": st.sampled_from(["start", "contract"]),
        "week": st.integers(-3, 3),
        "after": st.just([]),
    },
    optional={"what": _WORDS, "role": _WORDS, "duration_weeks": st.integers(0, 2)},
)
_DECISIONS: Shape = st.fixed_dictionaries(
    {"title": _WORDS, "papers": st.lists(_WORDS, max_size=2)},
    optional={"role": _WORDS, "before_gate": _WORDS},
)


@st.composite
def editions(draw: st.DrawFn) -> tuple[Item, ...]:
    """Activities and decisions; the keys of the two never mix."""
    keys = draw(st.permutations(KEYS))[: draw(st.integers(0, len(KEYS)))]
    kinds = {key: ItemKind.ACTIVITY if key.int % 2 else ItemKind.DECISION for key in keys}
    shapes = {ItemKind.ACTIVITY: _ACTIVITIES, ItemKind.DECISION: _DECISIONS}
    items = [Item(kinds[key], key, draw(shapes[kinds[key]])) for key in keys]
    return tuple(sorted(items, key=lambda one: one.kind))


@st.composite
def taken_over(draw: st.DrawFn, edition: tuple[Item, ...]) -> tuple[Adopted, ...]:
    """An edition as somebody took it over, changed and began some of it, and added their own."""
    found = []
    for item in edition:
        shape = _ACTIVITIES if item.kind is ItemKind.ACTIVITY else _DECISIONS
        ours = draw(shape) if draw(st.booleans()) else item.members
        local = {
            name: ours.get(name)
            for name in {*item.members, *ours}
            if ours.get(name) != item.members.get(name)
        }
        found.append(Adopted(item.kind, item.key, item.members, local, is_begun=draw(st.booleans())))
    own = Adopted(ItemKind.ACTIVITY, UUID(int=99), None, activity(KEYS[0]).members)
    return (*found, own)


def became(adopted: tuple[Adopted, ...], done: list[Settled]) -> dict[UUID, Adopted]:
    """All items after the update."""
    found = {one.key: one for one in adopted}
    for one in done:
        begun = found[one.key].is_begun if one.key in found else False
        found[one.key] = Adopted(one.kind, one.key, one.base, one.local, is_begun=begun, is_gone=one.is_gone)
    return found


def whole(adopted: dict[UUID, Adopted]) -> dict[UUID, Members]:
    return {key: one.ours for key, one in adopted.items() if not one.is_gone}


@given(editions(), editions())
def test_x3_what_nobody_changed_here_becomes_as_it_is_upstream(
    before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = tuple(Adopted(one.kind, one.key, one.members, {}) for one in before)

    offered = offers(adopted, after)
    done = became(adopted, [settled(one, None) for one in offered])

    assert not any(one.is_conflict for one in offered)
    assert whole(done) == {one.key: one.members for one in after}
    assert all(one.local == {} for one in done.values())


@given(st.data(), editions(), editions())
def test_x3_a_local_change_is_never_lost_without_an_answer(
    data: st.DataObject, before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = data.draw(taken_over(before))
    upstream = {one.key: one.members for one in after}
    offered = offers(adopted, after)
    answers = {one.key: data.draw(st.sampled_from(UpdateAnswer)) for one in offered if one.is_conflict}

    done = became(adopted, [settled(one, answers.get(one.key)) for one in offered])

    for mine in adopted:
        is_answered = answers.get(mine.key) is UpdateAnswer.THEIRS
        if (mine.local or mine.is_begun) and not is_answered:
            assert not done[mine.key].is_gone
        for name, value in mine.local.items():
            is_same = done[mine.key].ours.get(name) == value
            was = (mine.base or {}).get(name)
            is_touched = mine.key not in upstream or upstream[mine.key].get(name) != was
            assert is_same or (is_answered and is_touched)


@given(st.data(), editions(), editions())
def test_x3_ours_keeps_everything_that_is_here_as_it_is(
    data: st.DataObject, before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = data.draw(taken_over(before))
    here = {one.key: one.ours for one in adopted}

    offered = offers(adopted, after)
    done = became(adopted, [settled(one, UpdateAnswer.OURS) for one in offered])

    assert {key: ours for key, ours in whole(done).items() if key in here} == here


@given(st.data(), editions(), editions())
def test_x3_theirs_takes_everything_that_changed_there(
    data: st.DataObject, before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = data.draw(taken_over(before))
    offered = offers(adopted, after)
    done = became(adopted, [settled(one, UpdateAnswer.THEIRS) for one in offered])

    for offer in offered:
        assert done[offer.key].is_gone == (offer.theirs is None)
        for name in offer.upstream if offer.theirs is not None else ():
            assert done[offer.key].ours.get(name) == (offer.theirs or {}).get(name)


@given(st.data(), editions(), editions())
def test_x3_an_update_that_was_answered_offers_nothing_more(
    data: st.DataObject, before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = data.draw(taken_over(before))
    offered = offers(adopted, after)
    answers = [data.draw(st.sampled_from(UpdateAnswer)) for _ in offered]
    done = became(adopted, [settled(one, answer) for one, answer in zip(offered, answers, strict=True)])

    assert offers(tuple(done.values()), after) == ()


@given(st.data(), editions(), editions())
def test_x3_item_by_item_comes_to_the_same_as_whole(
    data: st.DataObject, before: tuple[Item, ...], after: tuple[Item, ...]
) -> None:
    adopted = data.draw(taken_over(before))
    at_once = became(adopted, [settled(one, UpdateAnswer.THEIRS) for one in offers(adopted, after)])
    step = {one.key: one for one in adopted}

    for key in data.draw(st.permutations(KEYS)):
        left = [one for one in offers(tuple(step.values()), after) if one.key == key]
        step = became(tuple(step.values()), [settled(one, UpdateAnswer.THEIRS) for one in left])

    assert whole(step) == whole(at_once)


def _offer(base: Item, theirs: Item | None, **local: Any) -> Offer:
    mine = Adopted(base.kind, base.key, base.members, local)
    (found,) = offers((mine,), () if theirs is None else (theirs,))
    return found


def test_both_sides_changing_to_the_same_is_no_conflict() -> None:
    base = activity(KEYS[0])

    offer = _offer(base, activity(KEYS[0], week=4), week=4)

    assert not offer.is_conflict
    assert settled(offer, None).local == {}


def test_different_members_changed_on_each_side_go_together() -> None:
    base = activity(KEYS[0], role="Owner")

    offer = _offer(base, activity(KEYS[0], role="Owner", week=4), role=None)
    done = settled(offer, None)

    assert (offer.upstream, offer.local, offer.conflicts) == (("week",), ("role",), ())
    assert Adopted(done.kind, done.key, done.base, done.local).ours == activity(KEYS[0], week=4).members


def test_the_same_member_changed_otherwise_is_a_conflict() -> None:
    offer = _offer(activity(KEYS[0]), activity(KEYS[0], week=4), week=2)

    assert (offer.change, offer.conflicts) == (ItemChangeKind.CHANGED, ("week",))


@pytest.mark.parametrize("is_begun", [True, False])
def test_what_was_begun_here_goes_with_the_original_only_when_somebody_says_so(*, is_begun: bool) -> None:
    base = activity(KEYS[0])
    (offer,) = offers((Adopted(base.kind, base.key, base.members, {}, is_begun=is_begun),), ())

    assert (offer.change, offer.is_conflict) == (ItemChangeKind.REMOVED, is_begun)
    kept = settled(offer, UpdateAnswer.OURS)
    assert (kept.base, kept.local, kept.is_gone) == (None, base.members, False)


def test_what_was_kept_and_is_upstream_again_is_compared_with_what_is_here() -> None:
    base = activity(KEYS[0])
    mine = Adopted(base.kind, base.key, None, {**base.members, "role": "Owner"})

    (offer,) = offers((mine,), (replace(base, members={**base.members, "week": 3}),))

    assert (offer.change, offer.conflicts) == (ItemChangeKind.ADDED, ("week",))


def test_the_difference_of_two_editions_names_each_item_and_member() -> None:
    before = [activity(KEYS[0]), activity(KEYS[1], "Train")]
    after = [decision(KEYS[2]), activity(KEYS[0], what="Ask each unit", week=2)]

    found = [(one.key, one.change, one.members) for one in difference(before, after)]

    assert found == [
        (KEYS[2], ItemChangeKind.ADDED, ("title", "papers")),
        (KEYS[0], ItemChangeKind.CHANGED, ("what", "week")),
        (KEYS[1], ItemChangeKind.REMOVED, ("title", "point", "week", "after")),
    ]


def test_activities_that_wait_for_each_other_are_refused() -> None:
    circle = [activity(KEYS[0], "A", after=[str(KEYS[1])]), activity(KEYS[1], "B", after=[str(KEYS[0])])]

    with pytest.raises(ActivitiesInCircle, match=r"A → B → A|B → A → B"):
        refuse_unsound(Playbook("Post", tuple(circle)))


def test_keys_are_given_once_and_name_what_is_there() -> None:
    with pytest.raises(KeyTwice):
        refuse_unsound(Playbook("Post", (activity(KEYS[0]), decision(KEYS[0]))))
    with pytest.raises(NoSuchActivity) as refused:
        refuse_unsound(Playbook("Post", (activity(KEYS[0]), decision(KEYS[1], before_activity=str(KEYS[1])))))
    assert refused.value.pointer == "/body/decisions/0/before_activity"


def test_a_playbook_that_is_too_large_for_partners_is_refused() -> None:
    items = tuple(activity(uuid4(), what="x" * 10_000) for _ in range(100))

    with pytest.raises(PlaybookTooLarge):
        document_of(Playbook("Post", items), playbook_id=uuid4(), publisher=PUBLISHER, edition=1, note=None)


def _document(**changed: Any) -> dict[str, Any]:
    said = Playbook("Post", (activity(KEYS[0]), decision(KEYS[1], before_activity=str(KEYS[0]))))
    document = document_of(said, playbook_id=uuid4(), publisher=PUBLISHER, edition=2, note="More")
    document |= changed
    return {**document, "sha256": document_hash(document)}


def test_a_document_says_the_same_to_whoever_reads_it() -> None:
    document = _document()

    check_document(document)
    assert playbook_of(document).items[0] == activity(KEYS[0])


def test_a_newer_version_may_say_more() -> None:
    assert is_playbook_document(_document(colour="red"))


GOOD_ACTIVITY = {"key": str(KEYS[0]), "title": "Count", "point": "start", "week": 0, "after": []}


@pytest.mark.parametrize(
    "changed",
    [
        {"format": "gevinst-playbook/2"},
        {"edition": 0},
        {"edition": True},
        {"publisher": "Oslo"},
        {"name": " "},
        {"name": "\u200b"},
        {"name": "two\nlines"},
        {"purpose": 5},
        {"activities": {}},
        {"activities": [5]},
        {"activities": [GOOD_ACTIVITY] * 301},
        {"activities": [GOOD_ACTIVITY, GOOD_ACTIVITY]},
        {"activities": [{**GOOD_ACTIVITY, "week": "0"}]},
        {"activities": [{**GOOD_ACTIVITY, "week": 5000}]},
        {"activities": [{**GOOD_ACTIVITY, "week": 1.0}]},
        {"activities": [{**GOOD_ACTIVITY, "key": "a"}]},
        {"activities": [{**GOOD_ACTIVITY, "after": [str(KEYS[0])]}]},
        {"activities": [{**GOOD_ACTIVITY, "after": [str(KEYS[3])]}]},
        {"activities": [{**GOOD_ACTIVITY, "what": "nul \x00"}]},
        {"activities": [{**GOOD_ACTIVITY, "role": None}]},
        {"decisions": [{"key": str(KEYS[1]), "title": "Who"}]},
        {"general_case": "x"},
    ],
    ids=str,
)
def test_x2_a_document_that_cannot_be_used_is_not_taken(changed: dict[str, Any]) -> None:
    assert not is_playbook_document(_document(**changed))


@pytest.mark.parametrize("odd", [None, [], {}, "playbook", {"format": "gevinst-playbook/1"}])
def test_x2_what_is_no_document_is_not_taken(odd: Any) -> None:
    assert not is_playbook_document(odd)


def test_x2_a_document_that_was_altered_is_not_taken() -> None:
    with pytest.raises(WrongDocument, match="hash"):
        check_document({**_document(), "name": "Altered"})
