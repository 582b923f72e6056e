"""What a hostile partner writes into its letters on agreements changes nothing of ours (B11)."""

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from gevinst_benefits.store.agreement_halves import OFFER, REPLY
from gevinst_benefits.store.agreement_kinds import AGREEMENT_KINDS
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import POSTAGE
from tests.benefits.two_bodies import Side, letter, offered, two_sides
from tests.benefits.world import connection_of, made
from tests.support.callers import Desk

Written = dict[str, Any]


@pytest.fixture
async def sides(benefits: Desk) -> tuple[Side, Side]:
    return await two_sides(benefits)


async def written_by(side: Side, kind: str, agreement_id: str) -> tuple[Written, Written]:
    """The half and the figures of the letter that the side has sent."""
    known = {one.name: one for one in AGREEMENT_KINDS}
    async with connection_of(side.world.desk) as connection:
        [row] = await known[kind].records.rows(connection, ids=[UUID(agreement_id)])
    body = json.loads(row["body"])
    return json.loads(body["half"]), json.loads(body["figures"])


async def send(to: Side, kind: str, agreement_id: str, half: Written, figures: Written) -> None:
    await to.receive([(kind, UUID(agreement_id), letter(json.dumps(half), json.dumps(figures)))])


def sha(figures: Written) -> str:
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("kind", [OFFER, REPLY])
async def test_an_agreement_that_never_was_takes_no_benefit(sides: tuple[Side, Side], kind: str) -> None:
    """A partner knows the ids of benefits that are shared with it. Without a restore there is nothing of an
    agreement that it remembers and we do not."""
    giver, receiver = sides
    _, figures = await written_by(giver, OFFER, (await offered(giver))["id"])
    benefit = await receiver.world.planned(**{**POSTAGE, "mode": "public-elsewhere"})
    before = await receiver.counts()
    answer, hash_ = str(new_id()), sha(figures)
    gift = {"state": "confirmed", "figures": hash_, "answer": answer, "benefit_id": benefit["id"]}
    yes = {"state": "accepted", "figures": hash_, "answer": answer, "benefit_id": benefit["id"]}
    own, seen = (gift, yes) if kind == OFFER else (yes, gift)
    half = {
        "life": [1, "a"],
        "own": own,
        "own_at": [1, 5],
        "heard": [1, "b"],
        "seen": seen,
        "seen_at": [1, 9],
    }

    await send(receiver, kind, str(new_id()), half, figures)

    assert await receiver.counts() == before == ("1000", None)
    replies = (await receiver.world.office.get("/agreement-replies")).json()["items"]
    assert [(one["state"], "benefit_id" in one) for one in replies] == [("proposed", False)] * (kind == OFFER)
    assert (await receiver.world.office.get("/agreement-offers")).json()["items"] == []


@pytest.mark.parametrize("member", ["heard", "own_at", "life"])
async def test_numbers_that_leave_us_none_are_not_taken(sides: tuple[Side, Side], member: str) -> None:
    """Our half goes on above what the partner has heard of: what we could not read again must not be kept."""
    giver, receiver = sides
    offer = await offered(giver)
    await giver.tell(receiver)
    half, figures = await written_by(giver, OFFER, offer["id"])
    for highest in (10**9, 10**9 + 1, 2 * 10**9, 10**30):
        half[member] = [highest, highest if member == "own_at" else "a"]
        await send(receiver, OFFER, offer["id"], half, figures)

    path = f"/agreement-replies/{offer['id']}/steps"
    answer = await receiver.world.office.post(path, json={"step": "dispute", "reason": "It is ours."})
    await receiver.restored({})

    assert answer.status_code == 200, answer.text
    found = (await receiver.world.office.get(f"/agreement-replies/{offer['id']}")).json()
    assert found["state"] == "held"


@pytest.mark.parametrize("member", ["name", "unit_of_measure", "life"])
@pytest.mark.parametrize("sign", ["\x00", "\n", "\x9b"])
async def test_signs_that_no_line_has_are_not_taken(sides: tuple[Side, Side], member: str, sign: str) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    half, figures = await written_by(giver, OFFER, offer["id"])
    if member == "life":
        half["life"] = [1, f"a{sign}"]
    else:
        figures[member] = f"a{sign}b"
    half["own"]["figures"] = sha(figures)

    await send(receiver, OFFER, offer["id"], half, figures)

    assert (await receiver.world.office.get("/agreement-replies")).json()["items"] == []
    await giver.tell(receiver)
    assert len((await receiver.world.office.get("/agreement-replies")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("reason", "status"), [("å\n" * 2000, 200), ("\ufb2c" * 1300, 200), ("\ufb2c" * 4000, 400)]
)
async def test_the_longest_reason_arrives(sides: tuple[Side, Side], reason: str, status: int) -> None:
    """As written there, and composed: some signs become three."""
    giver, receiver = sides
    offer = await offered(giver)
    await giver.tell(receiver)
    path = f"/agreement-replies/{offer['id']}/steps"

    answer = await receiver.world.office.post(path, json={"step": "dispute", "reason": reason})
    await receiver.tell(giver)

    found = (await giver.world.office.get(f"/agreement-offers/{offer['id']}")).json()
    assert answer.status_code == status, answer.text
    assert found["state"] == ("disputed" if status == 200 else "proposed")
    half, _ = await written_by(receiver, REPLY, offer["id"])
    half["own"]["reason"] = "\x00"
    half["own_at"][1] += 1
    await send(giver, REPLY, offer["id"], half, found["figures"])
    assert (await giver.world.office.get(f"/agreement-offers/{offer['id']}")).json() == found


@pytest.mark.parametrize(
    "odd",
    [
        {"ramp": "linear", "ramp_months": 0},
        {"ramp": "immediate", "ramp_months": 12},
        {"ramp": "table", "ramp_shares": ["2"]},
        {"amount": "0.005"},
        {"amount": "9999999999999999"},
        {"erosion_per_year": "1.5"},
    ],
)
async def test_figures_that_nobody_could_plan_are_not_taken(sides: tuple[Side, Side], odd: Written) -> None:
    giver, receiver = sides
    offer = await offered(giver)
    half, figures = await written_by(giver, OFFER, offer["id"])
    half["own"]["figures"] = sha(figures | odd)

    await send(receiver, OFFER, offer["id"], half, figures | odd)

    assert (await receiver.world.office.get("/agreement-replies")).json()["items"] == []


async def test_whatever_can_be_planned_can_be_offered_and_accepted(sides: tuple[Side, Side]) -> None:
    giver, receiver = sides
    money = {"amount": "999999999999999.99", "currency": "NOK", "price_year": 2026}
    timing = {"hangs_on": "start", "erosion_per_year": "1", "ramp": {"kind": "table", "shares": ["1", "0.5"]}}
    most = {"estimate": {"ledger": "money", "money_per_year": money}, "timing": timing}
    benefit = await giver.world.planned(**most)
    to = {"partner_id": str(giver.partner_id)}
    offer = await made(giver.world.office, f"/benefits/{benefit['id']}/agreement-offers", to)
    await giver.tell(receiver)

    path = f"/agreement-replies/{offer['id']}/steps"
    accepted = await receiver.world.office.post(path, json=receiver.acceptance())
    path = f"/agreement-offers/{offer['id']}/steps"
    withdrawn = await giver.world.office.post(path, json={"step": "withdraw"})

    assert (accepted.status_code, withdrawn.status_code) == (200, 200), accepted.text + withdrawn.text
