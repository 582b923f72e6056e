"""Conditions over HTTP and over time: met, confirmed, waived, lapsed (G7)."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from gevinst_benefits.usecases.falling_due import ring_due
from gevinst_shared.values.actor import Role
from gevinst_shared.values.organisation import day_ends
from gevinst_shared.web.house import House
from tests.benefits.steered import SOON, condition, condition_set
from tests.benefits.world import MODEL, OWNER, World, connection_of, made
from tests.support.callers import problem


def lapses_at(world: World) -> datetime:
    return day_ends(world.desk.organisation, date.fromisoformat(SOON))


async def rung(world: World, at: datetime) -> None:
    """The worker's round at a moment."""
    house = world.desk.app.state.house
    assert isinstance(house, House)
    await ring_due(house.database, at)


async def act(
    world: World, condition: dict[str, Any], verb: str, subject: str, *roles: Role, **body: Any
) -> Any:
    return await world.desk.caller(*roles, subject=subject).post(
        f"/conditions/{condition['id']}/{verb}",
        json=body,
        headers={"If-Match": f'"{condition["revision"]}"'},
    )


async def events(world: World, kind: str) -> list[dict[str, Any]]:
    feed = await world.desk.caller(Role.INTEGRATION, subject="link").get("/events?limit=100&wait=5")
    wanted = f"gevinst.benefits.{kind}.v1"
    return [one["data"] for one in feed.json()["items"] if one["type"] == wanted]


async def progress(world: World) -> dict[str, Any]:
    found: dict[str, Any] = (await world.office.get(f"/projects/{world.project_id}/progress")).json()
    return found


async def test_the_owner_reports_a_condition_and_it_is_met(world: World) -> None:
    """G7."""
    found = await condition_set(world, world.project_id)

    by_another = await act(world, found, "report", "kari", Role.PORTFOLIO_OFFICE, evidence="Done")
    met = await act(world, found, "report", OWNER, Role.READER, evidence="All 34 have passed")
    again = await act(world, met.json(), "report", OWNER, Role.READER, evidence="Once more")

    assert problem(by_another)["type"].endswith("#not-the-condition-owner")
    assert (met.json()["state"], met.json()["evidence"]) == ("met", "All 34 have passed")
    assert problem(again)["type"].endswith("#condition-settled")
    assert [one["condition_id"] for one in await events(world, "condition-met")] == [found["id"]]


async def test_where_it_was_asked_for_somebody_else_confirms(world: World) -> None:
    """G3, G7: and what is not confirmed is open again."""
    found = await condition_set(world, world.project_id, needs_confirmation=True)
    reported = (await act(world, found, "report", OWNER, Role.READER, evidence="Done")).json()

    own = await act(world, reported, "confirmation", OWNER, Role.PROJECT_OWNER, is_met=True)
    rejected = await act(
        world, reported, "confirmation", "bjarne", Role.BOARD_MEMBER, is_met=False, reason="Two are missing"
    )
    repeated = await act(world, rejected.json(), "report", OWNER, Role.READER, evidence="Now")
    confirmed = await act(world, repeated.json(), "confirmation", "bjarne", Role.BOARD_MEMBER, is_met=True)

    assert reported["state"] == "reported"
    assert problem(own)["type"].endswith("#confirms-own-condition")
    assert (rejected.json()["state"], rejected.json()["reason"]) == ("open", "Two are missing")
    assert (confirmed.json()["state"], confirmed.json()["settled_by"]) == ("met", "bjarne")


async def test_a_condition_that_nobody_met_lapses_and_reopens_the_gate(world: World) -> None:
    """G7: when its last day is over, and not before."""
    found = await condition_set(world, world.project_id)
    before = lapses_at(world) - timedelta(seconds=1)

    await rung(world, before)
    early = (await world.office.get(f"/conditions/{found['id']}")).json()
    await rung(world, lapses_at(world))
    late = (await world.office.get(f"/conditions/{found['id']}")).json()
    now = await progress(world)

    assert (early["state"], late["state"]) == ("open", "lapsed")
    assert (now["state"], now["phase"]) == ("reopened", "konsept")
    assert now["reopened"] == {"gate_id": found["gate_id"], "gate": "BP1"}
    assert [one["code"] for one in now["gates_ahead"]] == ["BP1"]
    assert [one["reopens_gate"] for one in await events(world, "condition-lapsed")] == [True]


@pytest.mark.parametrize(
    ("outcome", "members", "phase", "state"),
    [
        ("go", {}, "konsept", "running"),
        ("rework", {}, "ide", "running"),
        ("pause", {}, "konsept", "paused"),
        ("stop", {}, "konsept", "stopped"),
    ],
)
async def test_a_reopened_gate_is_decided_again_and_the_project_goes_on_from_there(
    world: World, outcome: str, members: dict[str, Any], phase: str, state: str
) -> None:
    """G7: a go takes nothing back; rework takes the go back."""
    found = await condition_set(world, world.project_id)
    await rung(world, lapses_at(world))
    other = await world.office.post(f"/projects/{world.project_id}/gates", json=world.gate("BP2"))

    gate = await world.proposed()
    await world.decided(gate["id"], outcome, **members)

    assert problem(other)["type"].endswith("#gate-out-of-order")
    now = await progress(world)
    assert (now["phase"], now["state"]) == (phase, state)
    assert gate["follows_id"] == found["gate_id"]
    first = (await world.office.get(f"/gates/{found['gate_id']}")).json()
    assert first["followed_by"] == gate["id"]
    assert first["decision"]["outcome"] == "go-with-conditions"


async def test_a_proposal_that_waited_when_the_gate_was_reopened_cannot_be_decided(world: World) -> None:
    await condition_set(world, world.project_id)
    waiting = await world.proposed(gate="BP2")

    await rung(world, lapses_at(world))
    answer = await world.board.post(
        f"/gates/{waiting['id']}/decision", json={"outcome": "go", "reason": "Yes"}
    )

    assert problem(answer)["type"].endswith("#project-moved")


async def test_what_was_reported_in_time_does_not_lapse_while_it_awaits_confirmation(world: World) -> None:
    found = await condition_set(world, world.project_id, needs_confirmation=True)
    reported = (await act(world, found, "report", OWNER, Role.READER, evidence="Done")).json()
    await rung(world, lapses_at(world))

    still = (await world.office.get(f"/conditions/{found['id']}")).json()
    await act(world, reported, "confirmation", "bjarne", Role.BOARD_MEMBER, is_met=False, reason="No")
    await rung(world, lapses_at(world))
    lapsed = (await world.office.get(f"/conditions/{found['id']}")).json()

    assert (still["state"], lapsed["state"]) == ("reported", "lapsed")


async def test_a_waived_condition_does_not_lapse(world: World) -> None:
    found = await condition_set(world, world.project_id)

    own = await act(world, found, "waiver", OWNER, Role.PROJECT_OWNER, reason="I need not")
    waived = await act(world, found, "waiver", "bjarne", Role.BOARD_MEMBER, reason="It is closed instead")
    await rung(world, lapses_at(world))

    assert problem(own)["type"].endswith("#confirms-own-condition")
    assert waived.json()["state"] == "waived"
    assert (await progress(world))["state"] == "running"


async def test_two_workers_at_once_let_a_condition_lapse_once(world: World) -> None:
    """N5: whatever dies or runs twice."""
    found = await condition_set(world, world.project_id)

    await asyncio.gather(*(rung(world, lapses_at(world)) for _ in range(8)))

    assert len(await events(world, "condition-lapsed")) == 1
    shown = (await world.office.get(f"/conditions/{found['id']}")).json()
    assert (shown["state"], shown["revision"]) == ("lapsed", found["revision"] + 1)


async def test_a_worker_that_dies_on_the_way_leaves_the_condition_to_the_next(world: World) -> None:
    """N5: marked as done and done are one transaction."""
    found = await condition_set(world, world.project_id)
    async with connection_of(world.desk) as held:
        # Somebody is about to change the project when the worker comes, and the worker is killed waiting.
        await held.execute("SELECT 1 FROM progress WHERE id = $1 FOR UPDATE", world.project_id)
        dying = asyncio.create_task(rung(world, lapses_at(world)))
        await asyncio.sleep(0.3)
        dying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dying

    assert (await world.office.get(f"/conditions/{found['id']}")).json()["state"] == "open"
    await rung(world, lapses_at(world))

    assert (await world.office.get(f"/conditions/{found['id']}")).json()["state"] == "lapsed"
    assert len(await events(world, "condition-lapsed")) == 1


async def test_a_stop_closes_the_conditions(world: World) -> None:
    """G6."""
    found = await condition_set(world, world.project_id)
    gate = await world.proposed(gate="BP2", outcome="stop")

    refused = await world.board.post(
        f"/gates/{gate['id']}/decision",
        json={"outcome": "stop", "reason": "No", "conditions": [condition(world)]},
    )
    await world.decided(gate["id"], "stop")
    await rung(world, lapses_at(world))

    assert problem(refused)["type"].endswith("#conditions-on-stop")
    assert (await world.office.get(f"/conditions/{found['id']}")).json()["state"] == "closed"
    assert (await progress(world))["state"] == "stopped"


async def test_my_conditions_are_listed_by_their_deadlines(world: World) -> None:
    found = await condition_set(world, world.project_id)
    owner = world.desk.caller(Role.READER, subject=OWNER)

    async def listed(client: Any, query: str) -> list[str]:
        return [one["id"] for one in (await client.get(f"/conditions?{query}")).json()["items"]]

    assert await listed(owner, "mine=true&state=open") == [found["id"]]
    assert await listed(owner, f"mine=true&due={SOON}") == [found["id"]]
    assert await listed(owner, "due=2020-01-01") == []
    assert await listed(world.board, "mine=true") == []
    assert await listed(world.board, f"project={world.project_id}") == [found["id"]]
    assert await listed(world.board, f"project={world.other_id}") == []


async def test_the_line_is_not_ready_the_project_steps_back_and_passes_later(world: World) -> None:
    """Worked case 7 (G2, G5, G7): handover and step back, over HTTP from end to end."""
    await world.office.post(f"/projects/{world.project_id}/progress", json={"phase_model": MODEL})
    for code in ("BP1", "BP2", "BP3"):
        await world.decided((await world.proposed(gate=code))["id"])
    assert (await progress(world))["phase"] == "gjennomfore"
    not_ready = world.gate("BP4", "step-back", step_back_to="planlegge")
    for answer in not_ready["answers"]:
        if answer["item"] == "line-ready":
            answer["value"] = "no"
    gate = await made(world.office, f"/projects/{world.project_id}/gates", not_ready)
    go = await world.board.post(f"/gates/{gate['id']}/decision", json={"outcome": "go", "reason": "Anyway"})

    await world.decided(
        gate["id"],
        "step-back",
        step_back_to="planlegge",
        conditions=[condition(world, text="Train the night shift", needs_confirmation=True)],
    )

    assert problem(go)["type"].endswith("#mandatory-items-open")
    back = await progress(world)
    assert (back["phase"], back["round"], back["state"]) == ("planlegge", 1, "running")
    [asked] = (await world.office.get(f"/conditions?gate={gate['id']}")).json()["items"]
    # Every gate from there on is passed again, with its checklist answered again.
    unanswered = await world.office.post(
        f"/projects/{world.project_id}/gates", json=world.gate("BP3") | {"answers": []}
    )
    assert problem(unanswered)["type"].endswith("#mandatory-items-open")
    await world.decided((await world.proposed(gate="BP3"))["id"])
    again = await world.proposed(gate="BP4")
    assert "conditions" in json_of(await world.office.get(f"/gates/{again['id']}/basis"))
    early = await world.board.post(
        f"/gates/{again['id']}/decision", json={"outcome": "go", "reason": "Now they are"}
    )
    assert problem(early)["type"].endswith("#conditions-open")
    reported = (await act(world, asked, "report", OWNER, Role.READER, evidence="All are trained")).json()
    await act(world, reported, "confirmation", "bjarne", Role.BOARD_MEMBER, is_met=True)
    await world.decided(again["id"])
    for code in ("BP5", "BP6"):
        await world.decided((await world.proposed(gate=code))["id"])

    ended = await progress(world)
    assert (ended["state"], ended["gates_ahead"]) == ("closed", [])
    passed = [(one["gate"], one["outcome"]) for one in reversed(ended["history"])]
    assert passed == [
        ("BP1", "go"),
        ("BP2", "go"),
        ("BP3", "go"),
        ("BP4", "step-back"),
        ("BP3", "go"),
        ("BP4", "go"),
        ("BP5", "go"),
        ("BP6", "go"),
    ]


def json_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    canonical: str = answer.json()["canonical"]
    return canonical
