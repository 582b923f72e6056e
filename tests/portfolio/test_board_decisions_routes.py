"""The board decides about single projects, and the log of its decisions (P8, G6)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from gevinst_portfolio.schemas.decisions import DecisionOut
from gevinst_portfolio.schemas.releases import ReleaseOut
from gevinst_shared.values.actor import EVERYONE
from tests.portfolio.background import all_items, database_of, events_of
from tests.portfolio.boards import BASIS, board_of, rule, ruled
from tests.portfolio.clocked import clocked
from tests.portfolio.planned import open_world, propose, read
from tests.portfolio.world import PORTFOLIO, World, made, make_world, obeys
from tests.support.callers import Desk, problem
from tests.support.clock import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
async def world(portfolio: Desk, clock: MovedClock) -> AsyncIterator[World]:
    with clocked(portfolio, clock):
        yield await open_world(await make_world(portfolio))


async def status_of(world: World, project: dict[str, Any]) -> str:
    return str((await read(world.office, f"/projects/{project['id']}"))["status"])


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].rpartition("#")[2]


async def running(world: World, clock: MovedClock, name: str = "Running", **members: Any) -> dict[str, Any]:
    """A project of 2027 that was approved and has begun; it is the 10th of April."""
    project = await propose(world, name, **members)
    clock.now = datetime(2027, 4, 10, 9, 0, tzinfo=UTC)
    await ruled(world, project["id"], "approve")
    return await read(world.office, f"/projects/{project['id']}")


async def test_a_proposal_is_approved_and_runs_when_its_first_day_has_come(
    world: World, clock: MovedClock
) -> None:
    later, past = await propose(world, "Later"), await propose(world, "Past", start="2026-10-01")

    decision = await ruled(world, later["id"], "approve")
    await ruled(world, past["id"], "approve")

    assert obeys(DecisionOut, decision)
    assert decision["projects"] == [
        {
            "project_id": later["id"],
            "project_name": "Later",
            "effect": "approved",
            "status_before": "proposed",
            "status": "approved",
            "start_before": "2027-01-01",
            "start": "2027-01-01",
            "end_before": "2027-12-31",
            "end": "2027-12-31",
            "cost": later["cost"],
            "benefit": later["benefit"],
        }
    ]
    assert (await status_of(world, later), await status_of(world, past)) == ("approved", "running")
    facts = await events_of(world.desk, "project-approved")
    assert [(one["project_name"], one["starts_on"]) for one in facts] == [
        ("Later", "2027-01-01"),
        ("Past", "2026-10-01"),
    ]
    told = await events_of(world.desk, "decision-recorded")
    assert [(one["kind"], one["case_number"]) for one in told] == [("approve", "2026/12")] * 2


async def test_an_approval_may_give_another_start_and_the_costs_move_along(world: World) -> None:
    costs = [{"year": 2027, "kind": "investment", "amount": "4000000.00"}]
    project = await propose(world, "A", cost_by_year=costs)

    await ruled(world, project["id"], "approve", start="2027-07-01")

    after = await read(world.office, f"/projects/{project['id']}")
    assert (after["start"], after["end"]) == ("2027-07-01", "2028-06-29")
    assert [(one["year"], one["amount"]) for one in after["cost_by_year"]] == [
        (2027, "2000000.00"),
        (2028, "2000000.00"),
    ]


async def test_a_proposal_without_a_start_needs_one(world: World) -> None:
    project = await world.project(name="Vague")

    assert code_of(await rule(world, project["id"], "approve")) == (409, "start-missing")
    await ruled(world, project["id"], "approve", start="2027-02-01")

    after = await read(world.office, f"/projects/{project['id']}")
    assert after["start"] == "2027-02-01"
    assert "end" not in after


async def test_a_pause_frees_the_quarters_until_its_day_and_a_later_stop_only_the_rest(
    world: World, clock: MovedClock
) -> None:
    """G6: what was spent stays spent, and nothing is freed twice."""
    project = await running(world, clock)

    decision = await ruled(world, project["id"], "pause", until="2027-10-01")
    clock.forward(days=30)
    stop = await ruled(world, project["id"], "stop")

    paused, stopped = decision["projects"][0], stop["projects"][0]
    assert (paused["status_before"], paused["status"], paused["freed"]["amount"]) == (
        "running",
        "paused",
        "1000000.00",
    )
    assert (stopped["status_before"], stopped["freed"]["amount"]) == ("paused", "1000000.00")
    releases = await all_items(world.office, f"/portfolios/{world.portfolio_id}/releases")
    assert all(obeys(ReleaseOut, one) for one in releases)
    assert [(one["is_temporary"], one.get("until"), one["decision_id"]) for one in releases] == [
        (False, None, stop["id"]),
        (True, "2027-10-01", decision["id"]),
    ]
    (fact,) = await events_of(world.desk, "project-decided")
    assert (fact["decision"], fact["status"], fact["until"]) == ("pause", "paused", "2027-10-01")
    (stopping,) = await events_of(world.desk, "project-stopped")
    assert (stopping["stopped_on"], stopping["reason"]) == ("2027-05-10", "As proposed.")
    assert len(await events_of(world.desk, "capacity-freed")) == 2


async def test_a_pause_until_something_has_happened_frees_everything_ahead(
    world: World, clock: MovedClock
) -> None:
    project = await running(world, clock)

    pause = await ruled(world, project["id"], "pause", condition="The new law is in force.")
    stop = await ruled(world, project["id"], "stop")

    assert pause["condition"] == "The new law is in force."
    assert pause["projects"][0]["freed"]["amount"] == "2000000.00"
    assert "freed" not in stop["projects"][0]


async def test_paused_work_goes_on_and_can_get_a_later_end(world: World, clock: MovedClock) -> None:
    project = await running(world, clock)
    await ruled(world, project["id"], "pause", until="2027-10-01")

    assert code_of(await rule(world, project["id"], "resume", end="2027-01-01")) == (400, "end-before-today")
    await ruled(world, project["id"], "resume", end="2028-03-31")

    after = await read(world.office, f"/projects/{project['id']}")
    assert (after["status"], after["end"]) == ("running", "2028-03-31")


async def test_work_is_closed_and_leaves_what_it_did_not_need(world: World, clock: MovedClock) -> None:
    project = await running(world, clock)

    decision = await ruled(world, project["id"], "close")

    assert decision["projects"][0]["freed"]["amount"] == "2000000.00"
    assert await status_of(world, project) == "closed"


async def test_a_rejected_proposal_is_told_to_who_made_it(world: World) -> None:
    project = await propose(world, "Poor")

    await ruled(world, project["id"], "reject", reasons="Others do this already.")

    assert await status_of(world, project) == "rejected"
    (fact,) = await events_of(world.desk, "project-decided")
    assert (fact["decision"], fact["reason"], fact["proposer"]) == (
        "reject",
        "Others do this already.",
        "kari",
    )
    assert await all_items(world.office, f"/portfolios/{world.portfolio_id}/releases") == []


async def test_a_postponed_proposal_stays_one_and_approved_work_starts_later(world: World) -> None:
    proposal, approved = await propose(world, "Proposal"), await propose(world, "Approved")
    await ruled(world, approved["id"], "approve")

    await ruled(world, proposal["id"], "postpone", until="2027-06-01")
    await ruled(world, approved["id"], "postpone", until="2027-04-01")

    moved = await read(world.office, f"/projects/{approved['id']}")
    assert await status_of(world, proposal) == "proposed"
    assert (moved["status"], moved["start"], moved["end"]) == ("approved", "2027-04-01", "2028-03-30")
    (fact,) = await events_of(world.desk, "project-rescheduled")
    assert (fact["previous_start"], fact["new_start"]) == ("2027-01-01", "2027-04-01")


@pytest.mark.parametrize(
    ("done", "asked"),
    [
        ([], "stop"),
        ([], "pause"),
        ([], "resume"),
        ([], "close"),
        (["approve"], "approve"),
        (["approve"], "reject"),
        (["approve"], "pause"),
        (["approve"], "resume"),
        (["reject"], "approve"),
        (["approve", "stop"], "stop"),
        (["approve", "stop"], "resume"),
        (["approve", "stop"], "postpone"),
    ],
)
async def test_what_the_status_does_not_allow_is_refused_and_changes_nothing(
    world: World, done: list[str], asked: str
) -> None:
    project = await propose(world, "A")
    for kind in done:
        await ruled(world, project["id"], kind)
    before = await read(world.office, f"/projects/{project['id']}")
    until = {"until": "2028-01-01"} if asked in {"pause", "postpone"} else {}

    answer = await rule(world, project["id"], asked, **until)

    assert code_of(answer) == (409, "cannot-decide-so")
    assert await read(world.office, f"/projects/{project['id']}") == before


@pytest.mark.parametrize(
    "members",
    [
        {"kind": "pause"},
        {"kind": "postpone"},
        {"kind": "stop", "until": "2028-01-01"},
        {"kind": "approve", "condition": "Later."},
        {"kind": "resume", "start": "2028-01-01"},
        {"kind": "scenario"},
    ],
)
async def test_a_decision_says_what_belongs_to_its_kind(world: World, members: dict[str, Any]) -> None:
    project = await propose(world, "A")

    answer = await rule(world, project["id"], **members)

    assert answer.status_code == 400, answer.text


async def test_a_day_that_has_passed_is_refused(world: World, clock: MovedClock) -> None:
    project = await running(world, clock)

    assert code_of(await rule(world, project["id"], "pause", until="2027-04-10")) == (400, "day-passed")


async def test_only_the_portfolios_own_board_decides(world: World) -> None:
    """P8: the board decides, not the office."""
    project = await propose(world, "A")
    other = await made(world.office, "/portfolios", PORTFOLIO)
    body = {**BASIS, "project_id": project["id"], "kind": "approve"}
    path = f"/portfolios/{world.portfolio_id}/decisions"
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")

    assert (await world.office.post(path, json=body)).status_code == 403
    elsewhere = await board_of(world).post(f"/portfolios/{other['id']}/decisions", json=body)
    assert code_of(elsewhere) == (409, "of-another-portfolio")
    assert (await stranger.post(path, json=body)).status_code == 404
    assert (await stranger.get(path)).status_code == 404
    body["project_id"] = world.portfolio_id
    assert (await board_of(world).post(path, json=body)).status_code == 404


async def test_the_same_key_decides_once(world: World) -> None:
    project = await propose(world, "A")
    body = {**BASIS, "project_id": project["id"], "kind": "approve"}
    headers = {"Idempotency-Key": "once"}
    path = f"/portfolios/{world.portfolio_id}/decisions"
    board = board_of(world)

    first = await board.post(path, json=body, headers=headers)
    again = await board.post(path, json=body, headers=headers)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(await all_items(world.office, path)) == 1


async def test_the_chain_is_read_from_either_end(world: World, clock: MovedClock) -> None:
    """P8: a decision is only followed by another, in the portfolio and for each project."""
    project, other = await running(world, clock), await propose(world, "Other")
    await ruled(world, other["id"], "reject")
    await ruled(world, project["id"], "stop")

    log = await all_items(world.office, f"/portfolios/{world.portfolio_id}/decisions")

    oldest_first = log[::-1]
    assert [one["kind"] for one in oldest_first] == ["approve", "reject", "stop"]
    assert [one.get("follows_id") for one in oldest_first] == [
        None,
        *(one["id"] for one in oldest_first[:-1]),
    ]
    assert [one.get("followed_by_id") for one in oldest_first] == [
        *(one["id"] for one in oldest_first[1:]),
        None,
    ]
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        rows = await connection.fetch(
            "SELECT decision_id::text AS id, follows_id::text AS follows FROM decided_project "
            "WHERE project_id = $1 ORDER BY decision_id",
            project["id"],
        )
    assert [(row["id"], row["follows"]) for row in rows] == [
        (oldest_first[0]["id"], None),
        (oldest_first[2]["id"], oldest_first[0]["id"]),
    ]


async def test_the_log_is_filtered_by_project_kind_day_and_case(world: World, clock: MovedClock) -> None:
    project, other = await running(world, clock), await propose(world, "Other")
    clock.forward(days=5)
    await ruled(world, other["id"], "reject", case_number="2027/99")
    clock.forward(days=5)
    await ruled(world, project["id"], "stop")

    async def kinds(**query: Any) -> list[str]:
        items = await all_items(world.office, f"/portfolios/{world.portfolio_id}/decisions", **query)
        return [one["kind"] for one in items]

    assert await kinds(project=project["id"]) == ["stop", "approve"]
    assert await kinds(project=world.portfolio_id) == []
    assert await kinds(kind="reject") == ["reject"]
    assert await kinds(case="2027/99") == ["reject"]
    assert await kinds(**{"from": "2027-04-15"}) == ["stop", "reject"]
    assert await kinds(**{"from": "2027-04-15", "until": "2027-04-19"}) == ["reject"]
    assert await kinds(limit=1) == ["stop", "reject", "approve"]


async def test_no_decision_can_be_changed_or_followed_twice_in_the_database(world: World) -> None:
    """The rules hold where no code of ours is asked."""
    project, other = await propose(world, "A"), await propose(world, "B")
    first = await ruled(world, project["id"], "approve")
    await ruled(world, other["id"], "approve")
    copied = """
        INSERT INTO decision SELECT organisation_id, gen_random_uuid(), portfolio_id, kind, scenario_id, $1,
            meeting_id, agenda_item_id, case_number, deciders, reasons, decided_by, decided_on, until,
            condition, projects, left_out, revision, created_at FROM decision LIMIT 1"""
    tries = {
        "UPDATE decision SET reasons = 'other'": "permission denied",
        "DELETE FROM decided_project": "permission denied",
        "UPDATE decided_project SET status_after = 'running'": "permission denied",
        copied.replace("$1", f"'{first['id']}'"): "duplicate key",
        copied.replace("$1", "NULL::uuid"): "duplicate key",
    }
    for statement, told in tries.items():
        async with database_of(world.desk).transaction(world.desk.organisation) as connection:
            with pytest.raises(Exception, match=told):
                await connection.execute(statement)


async def test_a_decision_leaves_who_when_what_and_why(world: World) -> None:
    """E1"""
    project = await propose(world, "A")

    await ruled(world, project["id"], "approve")

    history = await all_items(world.office, f"/projects/{project['id']}/history")
    assert (history[-1]["actor"], history[-1]["reason"]) == ("board", "As proposed.")
    assert {"member": "status", "before": "proposed", "after": "approved"} in history[-1]["changes"]
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        row = await connection.fetchrow(
            "SELECT actor, reason, before, after->>'kind' AS kind FROM audit WHERE subject LIKE 'decisions/%'"
        )
    assert row is not None
    assert tuple(row) == ("board", "As proposed.", None, "approve")
