"""The portfolio as it was on any past day (P8)."""

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gevinst_portfolio.schemas.snapshots import PortfolioChangeOut, SnapshotOut, SnapshotProjectOut
from gevinst_shared.values.actor import EVERYONE
from gevinst_shared.values.organisation import day_there
from tests.portfolio.background import all_items, database_of
from tests.portfolio.boards import rule, ruled
from tests.portfolio.clocked import clocked
from tests.portfolio.planned import open_world, propose, read
from tests.portfolio.world import World, made, make_world, obeys, put
from tests.support.callers import Desk, problem
from tests.support.clock import MovedClock


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))


@pytest.fixture
async def world(portfolio: Desk, clock: MovedClock) -> AsyncIterator[World]:
    with clocked(portfolio, clock):
        yield await open_world(await make_world(portfolio))


async def projects_on(world: World, day: str, **query: Any) -> list[dict[str, Any]]:
    return await all_items(
        world.office, f"/portfolios/{world.portfolio_id}/snapshot/projects", day=day, **query
    )


async def changes(world: World, **query: str) -> dict[str, list[str]]:
    """Kinds of change by project name."""
    items = await all_items(world.office, f"/portfolios/{world.portfolio_id}/snapshot/changes", **query)
    assert all(obeys(PortfolioChangeOut, one) for one in items)
    return {(one.get("after") or one["before"])["name"]: one["kinds"] for one in items}


@dataclass(frozen=True, slots=True)
class Story:
    """What was said on the days of a long story: an early project stopped, a late one renamed."""

    early: dict[str, Any]
    late: dict[str, Any]
    role: dict[str, Any]
    approval: dict[str, Any]


BUDGET = {"years": [{"year": 2027, "kind": "investment", "amount": "9000000.00"}]}


@pytest.fixture
async def story(world: World, clock: MovedClock) -> Story:
    early = await propose(world, "Early")
    clock.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    role = await made(world.office, "/resources", {"name": "Developers", "kind": "role"})
    answer = await put(world.office, f"/portfolios/{world.portfolio_id}/budget", BUDGET, revision=0)
    assert answer.status_code == 200, answer.text
    clock.now = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    late = await propose(world, "Late")
    approval = await ruled(world, early["id"], "approve")
    clock.now = datetime(2027, 4, 10, 9, 0, tzinfo=UTC)
    capacity = {"capacity": [{"year": 2027, "quarter": 3, "amount": 5}]}
    await put(world.office, f"/resources/{role['id']}", {"name": "Coders", "kind": "role", **capacity})
    await ruled(world, early["id"], "stop")
    await put(world.office, f"/projects/{late['id']}", {"name": "Latest", "cost": "5.00"})
    return Story(early, late, role, approval)


async def test_the_projects_of_every_day_are_shown_as_they_were(world: World, story: Story) -> None:
    before = await projects_on(world, "2026-11-30")
    between = await projects_on(world, "2027-04-09")
    now = await projects_on(world, "2027-04-10")

    assert all(obeys(SnapshotProjectOut, one) for one in (*before, *between, *now))
    assert [one["project"] for one in before] == [story.early]
    assert before[0]["since"] == "2026-11-02T09:00:00.000000Z"
    assert "decision" not in before[0]
    assert [(one["project"]["name"], one["project"]["status"]) for one in between] == [
        ("Early", "running"),
        ("Late", "proposed"),
    ]
    decision = between[0]["decision"]
    assert (decision["id"], decision["effect"]) == (story.approval["id"], "approved")
    assert [(one["project"]["name"], one["project"]["status"]) for one in now] == [
        ("Early", "stopped"),
        ("Latest", "proposed"),
    ]


async def test_budget_capacity_and_sums_are_those_of_the_day(world: World, story: Story) -> None:
    path = f"/portfolios/{world.portfolio_id}/snapshot"

    head = await read(world.office, path, day="2027-04-09")
    first = await read(world.office, path, day="2026-11-30")
    today = await read(world.office, path)

    assert all(obeys(SnapshotOut, one) for one in (head, first, today))
    assert (head["ends_at"], head["time_zone"]) == ("2027-04-09T22:00:00.000000Z", "Europe/Oslo")
    assert head["statuses"] == [
        {"status": "proposed", "count": 1, "unknown_cost_count": 0, "cost": story.late["cost"]},
        {"status": "running", "count": 1, "unknown_cost_count": 0, "cost": story.early["cost"]},
    ]
    assert head["budget"]["years"] == BUDGET["years"]
    assert head["last_decision_id"] == story.approval["id"]
    assert head["resources"] == [story.role]
    assert first["resources"] == []
    assert "budget" not in first
    assert [one["name"] for one in today["resources"]] == ["Coders"]


async def test_what_changed_between_two_days_is_told_by_kind(world: World, story: Story) -> None:
    since_november = await changes(world, **{"from": "2026-11-30", "until": "2027-04-09"})

    assert since_november == {"Early": ["status"], "Late": ["entered"]}
    assert await changes(world) == {"Early": ["left"], "Latest": ["moved", "money"]}


async def test_a_day_ends_at_midnight_in_the_organisations_country(world: World, clock: MovedClock) -> None:
    """23:30 UTC on the last of December is the first of January in Norway."""
    clock.now = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    await propose(world, "Last year's")
    clock.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    await propose(world, "This year's")

    names = [one["project"]["name"] for one in await projects_on(world, "2026-12-31")]

    assert names == ["Last year's"]
    assert len(await projects_on(world, "2027-01-01")) == 2


async def test_days_to_come_and_days_before_the_portfolio_are_refused(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/snapshot"
    changes_path = f"{path}/changes"

    to_come = await world.office.get(path, params={"day": "2026-11-03"})
    turned = await world.office.get(changes_path, params={"from": "2026-11-02", "until": "2026-11-01"})

    assert problem(to_come)["type"].endswith("#day-to-come")
    assert problem(turned)["type"].endswith("#days-turned")
    assert (await world.office.get(path, params={"day": "2026-11-01"})).status_code == 404
    assert await projects_on(world, "2026-11-01") == []
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    for one in (path, f"{path}/projects", changes_path):
        assert (await stranger.get(one)).status_code == 404
    odd = await world.office.get(f"{path}/projects", params={"cursor": "WyJ4Il0"})
    assert problem(odd)["type"].endswith("#odd-cursor")


async def test_no_history_can_be_altered_by_the_service_itself(world: World) -> None:
    """P8: also what somebody changes behind our back in the table leaves what was before."""
    project = await propose(world, "A")
    statements = (
        "UPDATE version SET record = '{}'",
        "DELETE FROM version",
        (
            "INSERT INTO version (organisation_id, kind, record_id, since, is_first) "
            "VALUES (current_setting('app.organisation'), 'project', gen_random_uuid(), now(), true)"
        ),
    )
    for statement in statements:
        async with database_of(world.desk).transaction(world.desk.organisation) as connection:
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(statement)
    at = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
    async with database_of(world.desk).transaction(world.desk.organisation, at=at) as connection:
        await connection.execute("UPDATE project SET name = 'B' WHERE id = $1", project["id"])
        await connection.execute("DELETE FROM project WHERE id = $1", project["id"])
        rows = await connection.fetch(
            "SELECT since, record->>'name' AS name, is_first FROM version "
            "WHERE record_id = $1 ORDER BY number",
            project["id"],
        )

    assert [(row["name"], row["is_first"]) for row in rows] == [("A", True), ("B", False), (None, False)]
    assert rows[1]["since"] == at
    assert await projects_on(world, "2026-11-02") == []


async def random_deed(world: World, rng: random.Random, known: list[str]) -> None:
    """One of the things that people do; refusals are part of life."""
    deed = rng.choice(["propose", "propose", "change", "change", "decide", "decide", "threshold"])
    if deed == "propose" or not known:
        made_one = await propose(world, f"P{len(known)}", cost=f"{rng.randrange(1, 9)}000000.00")
        known.append(made_one["id"])
    elif deed == "change":
        one = await world.office.get(f"/projects/{rng.choice(known)}")
        body = {"name": one.json()["name"], "start": f"2027-0{rng.randrange(1, 9)}-01", "end": "2028-12-31"}
        body["cost"] = f"{rng.randrange(1, 9)}000000.00"
        await put(world.office, f"/projects/{one.json()['id']}", body, revision=one.json()["revision"])
    elif deed == "decide":
        kind = rng.choice(["approve", "stop", "reject", "postpone", "pause", "resume", "close"])
        until = {"until": "2032-01-01"} if kind in {"postpone", "pause"} else {}
        await rule(world, rng.choice(known), kind, **until)
    else:
        one = await world.office.get(f"/portfolios/{world.portfolio_id}")
        body = {
            "name": "Plans",
            "threshold_cost": f"{rng.randrange(1, 9)}000000.00",
            "threshold_shared_resources": False,
        }
        await put(world.office, f"/portfolios/{world.portfolio_id}", body, revision=one.json()["revision"])


def naive_changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, set[str]]:
    """What differs between two days, from whole copies of the register."""
    told = {"status", "registration", "start", "end", "cost", "benefit", "cost_by_year", "name"}
    found = {}
    for one in after.keys() | before.keys():
        was, now = before.get(one), after.get(one)
        if was is None or now is None:
            found[one] = {"entered"} if was is None else {"left"}
        elif any(was.get(name) != now.get(name) for name in told):
            kinds = set()
            if was["status"] != now["status"]:
                has_ended = now["status"] in {"stopped", "closed", "rejected"}
                was_ended = was["status"] in {"stopped", "closed", "rejected"}
                kinds.add("left" if has_ended and not was_ended else "status")
            members = {
                "moved": ("start", "end"),
                "money": ("cost", "benefit", "cost_by_year"),
                "registration": ("registration",),
            }
            kinds |= {kind for kind, names in members.items() if any(was.get(n) != now.get(n) for n in names)}
            found[one] = kinds
    return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
async def test_random_years_are_shown_as_a_copy_of_each_day_has_them(
    world: World, clock: MovedClock, seed: int
) -> None:
    rng = random.Random(seed)
    known: list[str] = []
    copies: dict[date, dict[str, Any]] = {}
    for _ in range(25):
        for _ in range(rng.randrange(0, 6)):
            clock.forward(hours=rng.randrange(0, 5))
            await random_deed(world, rng, known)
        day = day_there(world.desk.organisation, clock.now)
        register = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
        copies[day] = {one["id"]: one for one in register}
        clock.now = datetime(day.year, day.month, day.day, 6, tzinfo=UTC) + timedelta(
            days=rng.randrange(1, 40)
        )

    assert len({one["status"] for one in copies[max(copies)].values()}) >= 3
    for day, copy in copies.items():
        shown = await projects_on(world, day.isoformat(), limit=rng.choice([3, 100]))
        assert {one["project"]["id"]: one["project"] for one in shown} == copy
    for _ in range(10):
        earlier, later = sorted(rng.choices(list(copies), k=2))
        items = await all_items(
            world.office,
            f"/portfolios/{world.portfolio_id}/snapshot/changes",
            **{"from": earlier.isoformat(), "until": later.isoformat()},
        )
        found = {one["project_id"]: set(one["kinds"]) for one in items}
        assert found == naive_changes(copies[earlier], copies[later])


@pytest.mark.slow
async def test_three_hundred_projects_with_years_of_history_are_shown_as_on_each_day(
    world: World, clock: MovedClock
) -> None:
    """300 projects, each changed once a month for ten years: 36,000 versions."""
    first = await propose(world, "First")
    organisation = world.desk.organisation
    async with database_of(world.desk).transaction(organisation, at=clock.now) as connection:
        await connection.execute(
            "INSERT INTO project SELECT (jsonb_populate_record(p, jsonb_build_object("
            "'id', gen_random_uuid(), 'name', 'P' || n))).* "
            "FROM project p, generate_series(1, 299) n WHERE p.id = $1",
            first["id"],
        )
    for _ in range(120):
        clock.forward(days=30)
        async with database_of(world.desk).transaction(organisation, at=clock.now) as connection:
            await connection.execute("UPDATE project SET revision = revision + 1")

    for day in ("2026-12-24", "2031-06-01", clock.now.date().isoformat()):
        await read(world.office, f"/portfolios/{world.portfolio_id}/snapshot", day=day)
        shown = await projects_on(world, day)

        assert len(shown) == 300
