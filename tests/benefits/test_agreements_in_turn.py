"""A benefit that was offered more than once: only the newest agreement counts, whatever comes late (B11)."""

import json
from typing import Any

import pytest

from gevinst_benefits.store.agreement_halves import OFFER, REPLY
from gevinst_shared.values.ids import new_id
from tests.benefits.test_agreement_routes import agreed, counted, refused, step, talk
from tests.benefits.test_following_sync import partner, tell
from tests.benefits.test_hostile_letters import send, sha, written_by
from tests.benefits.two_bodies import Side, letter, offered, two_sides
from tests.benefits.world import made
from tests.support.callers import Desk


@pytest.fixture
async def sides(benefits: Desk) -> tuple[Side, Side]:
    return await two_sides(benefits)


async def offered_anew(giver: Side, benefit_id: str) -> dict[str, Any]:
    to = {"partner_id": str(giver.partner_id)}
    return await made(giver.world.office, f"/benefits/{benefit_id}/agreement-offers", to)


async def withdrawn(giver: Side, offer: dict[str, Any]) -> None:
    await step(giver, f"/agreement-offers/{offer['id']}", step="withdraw")


async def test_a_late_answer_to_what_was_withdrawn_brings_nothing_back(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    first = await offered(giver)
    await giver.tell(receiver)
    half, figures = await written_by(receiver, REPLY, first["id"])
    await withdrawn(giver, first)
    await agreed(giver, receiver, await offered_anew(giver, first["benefit_id"]))
    half["own"] |= {"state": "disputed", "figures": sha(figures), "reason": "It is in our plan already."}
    half["own_at"] = [half["life"][0], 2]

    await send(giver, REPLY, first["id"], half, figures)

    found = (await giver.world.office.get(f"/agreement-offers/{first['id']}")).json()
    assert (found["state"], found["reason"]) == ("withdrawn", "It is in our plan already.")
    assert await counted(giver, receiver) == [("0", None), ("1000", None)]


async def test_nobody_decides_on_what_they_have_not_seen(sides: tuple[Side, Side]) -> None:
    """The other body may write other figures, or another share, while somebody looks at those of before."""
    giver, receiver = sides
    offer = await offered(giver)
    mine, theirs = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await giver.tell(receiver)
    read = (await receiver.world.office.get(theirs)).json()["revision"]
    half, figures = await written_by(giver, OFFER, offer["id"])
    figures["amount"] = "-1000000"
    half["own"]["figures"], half["own_at"] = sha(figures), [half["life"][0], 2]
    await send(receiver, OFFER, offer["id"], half, figures)
    unseen = await refused(receiver, theirs, **receiver.acceptance(revision=read))
    half, figures = await written_by(giver, OFFER, offer["id"])
    half["own_at"] = [half["life"][0], 3]
    await send(receiver, OFFER, offer["id"], half, figures)
    now = (await receiver.world.office.get(theirs)).json()["revision"]
    accepted = await step(receiver, theirs, **receiver.acceptance(revision=now, share_kept="0.5"))

    await receiver.tell(giver)
    read = (await giver.world.office.get(mine)).json()["revision"]
    half, figures = await written_by(receiver, REPLY, offer["id"])
    half["own"]["share_kept"], half["own_at"] = "0", [half["life"][0], 9]
    await send(giver, REPLY, offer["id"], half, figures)
    other = await refused(giver, mine, step="confirm", revision=read)

    assert (unseen, other) == ("agreement-moved-on", "agreement-moved-on")
    assert accepted["state"] == "shared"


async def test_a_body_that_was_stopped_and_confirmed_anew_goes_on_with_its_agreements(
    sides: tuple[Side, Side],
) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    await agreed(giver, receiver, offer)
    again = Side(giver.world, new_id())
    for side, state in ((giver, "stopped"), (again, "proposed"), (again, "confirmed")):
        told = partner(state, partner_id=side.partner_id, owner=receiver.world.desk.organisation)
        await tell(giver.world, "sync-partner-changed", **told)
    late = {"step": "dispute", "reason": "It is in our plan already."}
    await step(receiver, f"/agreement-replies/{offer['id']}", **late)

    await receiver.tell(again)
    await step(again, f"/agreement-offers/{offer['id']}", step="release")
    await talk(again, receiver)

    assert await counted(again, receiver) == [("1000", None), ("0", None)]


async def test_an_offer_gives_way_to_one_that_a_restore_had_forgotten(sides: tuple[Side, Side]) -> None:
    giver, _ = sides
    newer = await offered(giver)
    offer, figures = await written_by(giver, OFFER, newer["id"])
    answer, hash_ = str(new_id()), sha(figures)
    gift = {**offer["own"], "state": "confirmed", "answer": answer}
    yes = {"state": "accepted", "figures": hash_, "answer": answer}
    half = {
        "life": [1, "a"],
        "own": yes,
        "own_at": [1, 5],
        "heard": [1, "b"],
        "seen": gift,
        "seen_at": [1, 9],
    }
    earlier = new_id()
    body = letter(json.dumps(half), json.dumps(figures))

    await giver.receive([(REPLY, earlier, body)], may_recall=True)
    await giver.restored({})

    states = [
        (await giver.world.office.get(f"/agreement-offers/{one}")).json()["state"]
        for one in (newer["id"], earlier)
    ]
    assert states == ["withdrawn", "held"]
    assert await giver.counts() == ("0", "1000")


async def test_a_restore_holds_what_is_open_and_nothing_that_has_ended(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    first = await offered(giver)
    await giver.tell(receiver)
    await withdrawn(giver, first)
    await giver.tell(receiver)
    second = await offered_anew(giver, first["benefit_id"])
    await agreed(giver, receiver, second)
    found = []
    for side in (giver, receiver):
        await side.restored({})
        found.append(await counted(giver, receiver))
        await talk(giver, receiver)
        found.append(await counted(giver, receiver))

    done = [("0", None), ("1000", None)]
    assert found == [[("0", "1000"), ("1000", None)], done, [("0", None), ("0", "1000")], done]
    states = [
        (await giver.world.office.get(f"/agreement-offers/{one['id']}")).json()["state"]
        for one in (first, second)
    ]
    assert states == ["withdrawn", "confirmed"]
