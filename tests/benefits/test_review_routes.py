"""Review, withdrawal and pauses over HTTP (G2, G3)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from gevinst_benefits.schemas.gates import GateOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import day_there
from gevinst_shared.web.clock import utc_now
from tests.benefits.steered import advised
from tests.benefits.test_condition_routes import events, progress, rung
from tests.benefits.world import OWNER, World, made
from tests.support.callers import problem

SOON = (utc_now() + timedelta(days=30)).date().isoformat()


async def test_a_decision_waits_for_the_advice_of_those_who_were_named(world: World) -> None:
    await world.started()
    gate = await world.proposed(reviewer_ids=[str(world.owner_id)], review_by=SOON)
    body = {"outcome": "go", "reason": "Now"}

    early = await world.board.post(f"/gates/{gate['id']}/decision", json=body)
    advice = await advised(world, gate["id"])
    owner = world.desk.caller(Role.READER, subject=OWNER)
    twice = await owner.post(f"/gates/{gate['id']}/reviews", json={"advice": "disagree", "reason": "No"})
    uninvited = await world.board.post(
        f"/gates/{gate['id']}/reviews", json={"advice": "agree", "reason": "Yes"}
    )
    await world.decided(gate["id"])
    late = await owner.post(f"/gates/{gate['id']}/reviews", json={"advice": "disagree", "reason": "No"})

    assert problem(early)["type"].endswith("#review-pending")
    assert problem(twice)["type"].endswith("#gate-reviewed-already")
    assert problem(uninvited)["type"].endswith("#not-a-reviewer")
    assert problem(late)["type"].endswith("#gate-decided-already")
    shown = (await world.office.get(f"/gates/{gate['id']}")).json()
    assert shown["reviews"] == [advice]
    assert GateOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    assert [one["advice"] for one in await events(world, "gate-reviewed")] == ["agree"]


async def test_of_ten_answers_of_one_reviewer_at_once_one_counts(world: World) -> None:
    await world.started()
    gate = await world.proposed(reviewer_ids=[str(world.owner_id)])
    owner = world.desk.caller(Role.READER, subject=OWNER)
    body = {"advice": "agree", "reason": "Yes"}

    answers = await asyncio.gather(
        *(owner.post(f"/gates/{gate['id']}/reviews", json=body) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9


@pytest.mark.parametrize(
    ("members", "code", "status"),
    [
        ({"review_by": SOON}, "odd-reviewers", 400),
        ({"reviewer_ids": ["owner", "owner"]}, "odd-reviewers", 400),
        ({"reviewer_ids": ["owner"], "review_by": "2020-01-01"}, "odd-reviewers", 400),
        ({"reviewer_ids": ["0198b6a4-7c1e-7000-8000-000000000009"]}, "person-not-known", 409),
        ({"reviewer_ids": ["proposer"]}, "proposer-reviews", 400),
    ],
)
async def test_odd_reviewers_are_refused(
    world: World, members: dict[str, Any], code: str, status: int
) -> None:
    """G3: the proposer does not advise on the own proposal."""
    await world.started()
    kari = "0198b6a4-7c1e-7000-8000-00000000ca21"
    await world.tell("person-changed", person_id=kari, subject="kari", name="Kari", language="nb")
    ids = {"owner": str(world.owner_id), "proposer": kari}
    if "reviewer_ids" in members:
        members = members | {"reviewer_ids": [ids.get(one, one) for one in members["reviewer_ids"]]}

    answer = await world.office.post(f"/projects/{world.project_id}/gates", json=world.gate(**members))

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code)


async def test_a_proposal_is_withdrawn_by_its_proposer_and_made_again(world: World) -> None:
    await world.started()
    gate = await world.proposed()
    path = f"/gates/{gate['id']}/withdrawal"
    why = {"reason": "The price has changed"}

    other = await world.desk.caller(Role.PORTFOLIO_OFFICE, subject="ola").post(path, json=why)
    withdrawn = await made(world.office, path, why)
    twice = await world.office.post(path, json=why)
    decided = await world.board.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Yes"})
    again = await world.proposed()

    assert problem(other)["type"].endswith("#not-the-proposer")
    assert withdrawn["is_withdrawn"] is True
    assert withdrawn["withdrawal"]["reason"] == "The price has changed"
    assert problem(twice)["type"].endswith("#gate-withdrawn")
    assert problem(decided)["type"].endswith("#gate-withdrawn")
    assert again["id"] != gate["id"]


async def test_of_a_withdrawal_and_fifty_decisions_at_once_exactly_one_thing_happens(world: World) -> None:
    """G2: nothing is decided twice, nor decided and withdrawn."""
    await world.started()
    gate = await world.proposed()
    deciders = [world.desk.caller(Role.BOARD_MEMBER, subject=f"member-{n}") for n in range(50)]
    body = {"outcome": "go", "reason": "Now"}

    answers = await asyncio.gather(
        *(decider.post(f"/gates/{gate['id']}/decision", json=body) for decider in deciders[:25]),
        world.office.post(f"/gates/{gate['id']}/withdrawal", json={"reason": "No"}),
        *(decider.post(f"/gates/{gate['id']}/decision", json=body) for decider in deciders[25:]),
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 50
    shown = (await world.office.get(f"/gates/{gate['id']}")).json()
    assert shown["is_decided"] is not shown["is_withdrawn"]


async def test_what_is_said_of_a_proposal_is_kept_in_order(world: World) -> None:
    await world.started()
    gate = await world.proposed()
    path = f"/gates/{gate['id']}/comments"
    said = [await made(world.office, path, {"text": text}) for text in ("Which centres?", "All of them.")]

    listed = (await world.board.get(path)).json()["items"]
    await world.decided(gate["id"])
    late = await world.office.post(path, json={"text": "Too late"})

    assert listed == said
    assert problem(late)["type"].endswith("#gate-decided-already")


async def test_the_end_of_a_pause_is_told_on_its_day_and_the_project_stays_paused(world: World) -> None:
    """G2: nothing goes on by itself."""
    await world.started()
    until = day_there(world.desk.organisation, utc_now()) + timedelta(days=30)
    gate = await world.proposed(outcome="pause")
    odd = await world.board.post(
        f"/gates/{gate['id']}/decision",
        json={"outcome": "go", "reason": "Yes", "pause_until": until.isoformat()},
    )
    past = await world.board.post(
        f"/gates/{gate['id']}/decision",
        json={"outcome": "pause", "reason": "Yes", "pause_until": "2020-01-01"},
    )
    decision = await world.decided(gate["id"], "pause", pause_until=until.isoformat())

    await rung(world, utc_now() + timedelta(days=28))
    before = await events(world, "pause-ended")
    await rung(world, utc_now() + timedelta(days=31))
    await rung(world, utc_now() + timedelta(days=31))
    after = await events(world, "pause-ended")

    assert problem(odd)["type"].endswith("#pause-until-odd")
    assert problem(past)["type"].endswith("#pause-until-odd")
    assert decision["pause_until"] == until.isoformat()
    assert before == []
    assert [one["pause_until"] for one in after] == [until.isoformat()]
    now = await progress(world)
    assert (now["state"], now["history"][0]["pause_until"]) == ("paused", until.isoformat())


async def test_a_pause_that_ended_by_a_go_is_not_told_of(world: World) -> None:
    await world.started()
    until = (utc_now() + timedelta(days=30)).date().isoformat()
    await world.decided((await world.proposed(outcome="pause"))["id"], "pause", pause_until=until)
    await world.decided((await world.proposed())["id"])

    await rung(world, utc_now() + timedelta(days=40))

    assert await events(world, "pause-ended") == []
