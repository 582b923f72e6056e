"""Gates that the benefits service decided: status and phase follow, and a stop frees what it took (G6)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.schemas.releases import ReleaseOut
from gevinst_portfolio.tables.shared import feed_cursor
from gevinst_portfolio.worker.gates import apply_event
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import EVERYONE
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of, events_of
from tests.portfolio.planned import decided, open_world, plan_of, propose, publish, read, solved, starts
from tests.portfolio.world import World, made, make_world, obeys
from tests.support.callers import Desk


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def gate(world: World, project_id: str, state: str, **members: Any) -> Event:
    data = {
        "project_id": project_id,
        "project_name": "A project",
        "gate": "bp3",
        "gate_name": "BP3",
        "outcome": "stop" if state == "stopped" else "go",
        "phase": "gjennomfore",
        "project_state": state,
        "decided_on": "2027-04-10",
        "decided_by": "director",
        "reason": "The case no longer holds.",
        **members,
    }
    subject = f"gates/{new_id()}"
    time = datetime(2027, 4, 10, 9, 0, tzinfo=UTC)
    return Event(new_id(), world.desk.organisation, "gevinst.benefits.gate-decided.v1", subject, time, data)


async def consume(world: World, events: Sequence[Event], *, source: str) -> int:
    """What a worker does with a feed that has these events."""

    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        return ([], cursor) if cursor else (events, "end")

    async def apply(connection: Connection, event: Event) -> None:
        await apply_event(connection, event, now=utc_now)

    return await Consumer(database_of(world.desk), feed_cursor, Following(source, fetch, apply)).once()


async def running(world: World, **members: Any) -> dict[str, Any]:
    """A project that a gate has let run."""
    project = await propose(world, "Running", cost="4000000.00", **members)
    await consume(world, [gate(world, project["id"], "running")], source=str(new_id()))
    return await read(world.office, f"/projects/{project['id']}")


async def test_a_gate_sets_status_and_phase_and_says_so(world: World) -> None:
    project = await running(world)

    assert (project["status"], project["phase"]) == ("running", "gjennomfore")
    (fact,) = await events_of(world.desk, "project-changed")
    assert (fact["project_id"], fact["status"]) == (project["id"], "running")


async def test_a_stop_frees_the_money_people_and_change_load_of_the_quarters_after_it(world: World) -> None:
    role = await made(world.office, "/resources", {"name": "Developers", "kind": "role"})
    unit = await world.unit("Health")
    load = await made(
        world.office,
        "/resources",
        {"name": "Health", "kind": "change-load", "unit_id": unit["id"], "measure": "points"},
    )
    needs = [
        {"resource_id": role["id"], "amounts": [3, 3, 2, 1]},
        {"resource_id": load["id"], "amounts": [0, 0, 5, 5]},
    ]
    project = await running(world, needs=needs)

    await consume(world, [gate(world, project["id"], "stopped")], source=str(new_id()))

    (release,) = (await read(world.office, f"/portfolios/{world.portfolio_id}/releases"))["items"]
    assert obeys(ReleaseOut, release)
    assert release["released_on"] == "2027-04-10"
    assert release["total"]["amount"] == "2000000.00"
    assert [(one["year"], one["amount"]["amount"]) for one in release["money"]] == [(2027, "2000000.00")]
    freed = {one["resource_name"]: one["quarters"] for one in release["resources"]}
    assert freed["Developers"] == [{"quarter": "2027-Q3", "amount": 2}, {"quarter": "2027-Q4", "amount": 1}]
    (fact,) = await events_of(world.desk, "capacity-freed")
    assert fact["freed_money"]["amount"] == "2000000.00"
    assert (fact["freed_person_months"], fact["freed_change_load"]) == ("3.0", "10.0")
    (stop,) = await events_of(world.desk, "project-stopped")
    assert (stop["project_name"], stop["stopped_on"], stop["reason"]) == (
        "Running",
        "2027-04-10",
        "The case no longer holds.",
    )
    assert (await read(world.office, f"/projects/{project['id']}"))["status"] == "stopped"


async def test_reading_the_feed_again_changes_nothing(world: World) -> None:
    project = await propose(world, "A")
    events = [gate(world, project["id"], "running"), gate(world, project["id"], "stopped")]
    source = str(new_id())
    await consume(world, events, source=source)
    before = await read(world.office, f"/projects/{project['id']}")

    assert await consume(world, events, source=source) == 0
    await consume(world, events, source=str(new_id()))

    assert await read(world.office, f"/projects/{project['id']}") == before
    assert len((await read(world.office, f"/portfolios/{world.portfolio_id}/releases"))["items"]) == 1
    assert len(await events_of(world.desk, "capacity-freed")) == 1


async def test_an_event_that_is_odd_or_of_a_stranger_does_not_stop_the_feed(world: World) -> None:
    project = await propose(world, "A")
    odd = [
        gate(world, "no id", "stopped"),
        gate(world, project["id"], "exploded"),
        gate(world, project["id"], "running", decided_on=5),
        gate(world, str(new_id()), "stopped"),
        gate(world, project["id"], "paused", phase=None),
    ]

    assert await consume(world, odd, source=str(new_id())) == 5

    after = await read(world.office, f"/projects/{project['id']}")
    assert after["status"] == "paused"
    assert "phase" not in after


async def test_another_organisation_sees_no_release(world: World) -> None:
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")

    assert (await stranger.get(f"/portfolios/{world.portfolio_id}/releases")).status_code == 404
    assert (await stranger.get(f"/portfolios/{world.portfolio_id}/derived-scores")).status_code == 404


@pytest.mark.slow
async def test_the_money_of_a_stopped_project_brings_in_one_that_was_left_out(world: World) -> None:
    best = await propose(world, "Best", benefit="30000000.00")
    await propose(world, "Good", benefit="20000000.00")
    await propose(world, "Third", benefit="15000000.00")
    first = await solved(world)
    await publish(world, first["id"])
    await decided(world, first["id"])
    assert "Third" not in starts(await plan_of(world, first["id"]))

    await consume(world, [gate(world, best["id"], "stopped", decided_on="2026-12-01")], source=str(new_id()))
    second = await solved(world)

    assert starts(await plan_of(world, second["id"])).keys() == {"Good", "Third"}
    (release,) = (await read(world.office, f"/portfolios/{world.portfolio_id}/releases"))["items"]
    assert release["total"]["amount"] == "4000000.00"
    assert UUID(release["project_id"]) == UUID(best["id"])
