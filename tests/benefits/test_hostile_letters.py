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
from tests.benefits.world import connection_of
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
    assert (await receiver.world.office.get("/agreement-replies")).json()["items"] == []
    assert (await receiver.world.office.get("/agreement-offers")).json()["items"] == []
