"""X4: status and figures across bodies, as far as each has shared them, with what is missing shown."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.joint_world import Joint, add, joint, share
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation


@pytest.fixture
async def three(portfolio: Desk) -> AsyncIterator[Joint]:
    """A central body and two others."""
    async with joint(portfolio, 2) as found:
        yield found


def one_sum(amount: str, projects: int, bodies: int, **unit: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "NOK", "price_year": 2026, **unit}
    return money | {"projects": projects, "bodies": bodies}


async def test_projects_of_all_bodies_are_counted_and_summed_ours_once(three: Joint) -> None:
    """X4: 1,000.00 of ours, 250.00 and 125.50 of one and 100.00 of the other are 1,475.50 in three bodies."""
    mine, (first, second) = three.central, three.others
    await add(mine, cost_minor=100_000, phase="plan", start=date(2026, 3, 1))
    running = await add(first, cost_minor=25_000, phase="execute", start=date(2026, 2, 1))
    paused = await add(first, cost_minor=12_550, phase="execute", status="paused")
    closed = await add(first, cost_minor=999_900, status="closed")
    await add(first, cost_minor=7_700, name="Secret")
    other = await add(second, cost_minor=10_000, benefit_minor=50_000, end=date(2028, 1, 1))
    await share(first, mine, running, paused, closed)
    await share(second, mine, other)
    await three.pull()

    found = await three.look()

    total = found["total"]
    assert total["cost"] == [one_sum("1475.50", 4, 3)]
    assert total["benefit"] == [one_sum("500.00", 1, 1)]
    assert (total["project_count"], total["current_count"]) == (5, 4)
    assert total["statuses"] == [
        {"status": "closed", "count": 1},
        {"status": "paused", "count": 1},
        {"status": "running", "count": 3},
    ]
    assert total["phases"] == [{"phase": "execute", "count": 2}, {"phase": "plan", "count": 1}]
    assert (total["first_start"], total["last_end"]) == ("2026-02-01", "2028-01-01")
    assert found["own"]["cost"] == [one_sum("1000.00", 1, 1)]
    assert found["bodies"] == {
        "count": 3,
        "sharing_nothing": 0,
        "paused": 0,
        "not_read_in_full": 0,
        "held": 0,
    }


async def test_missing_is_not_zero_and_says_of_whom(three: Joint) -> None:
    """X4, B6: one shares no cost of its two projects, the other knows it of one of two."""
    mine, (silent, partly) = three.central, three.others
    for number in (1, 2):
        project = await add(silent, cost_minor=1_000 * number)
        await share(silent, mine, project, without=["cost"])
    await share(partly, mine, await add(partly, cost_minor=5_000), await add(partly))
    await three.pull()

    total, lines = await three.total(), await three.lines(missing="cost")

    assert total["cost"] == [one_sum("50.00", 1, 1)]
    (missing,) = [one for one in total["missing"] if one["what"] == "cost"]
    assert missing == {"what": "cost", "projects": 3, "bodies": 2, "silent_bodies": 1}
    assert list(lines) == [silent.organisation]
    assert lines[silent.organisation]["figures"]["cost"] == []


async def test_a_project_whose_status_is_not_shared_is_not_taken_for_a_current_one(three: Joint) -> None:
    mine, (silent, _) = three.central, three.others
    await share(silent, mine, await add(silent, cost_minor=1_000), without=["status"])
    await three.pull()

    total = await three.total()

    assert (total["project_count"], total["current_count"], total["cost"]) == (1, 0, [])
    assert total["missing"] == [{"what": "status", "projects": 1, "bodies": 1, "silent_bodies": 1}]


async def test_a_body_that_shares_nothing_has_a_line_and_is_counted_as_such(three: Joint) -> None:
    mine, (sharing, silent) = three.central, three.others
    await share(sharing, mine, await add(sharing))
    await add(silent)
    await three.pull()

    found, lines = await three.look(), await three.lines()

    assert (found["bodies"]["count"], found["bodies"]["sharing_nothing"]) == (3, 1)
    assert lines.keys() == {body.organisation for body in (mine, sharing, silent)}
    assert next(iter(lines)) == mine.organisation
    assert lines[silent.organisation]["figures"]["project_count"] == 0
    assert lines[mine.organisation]["is_own"] is True


async def test_currencies_and_price_years_are_never_added(three: Joint) -> None:
    """C1, X4: a krone of Denmark is none of Norway, and one of 2025 is not one of 2026."""
    mine, (danish, older) = three.central, three.others
    await add(mine, cost_minor=100)
    await share(danish, mine, await add(danish, cost_minor=200, currency="DKK"))
    await share(older, mine, await add(older, cost_minor=400, price_year=2025))
    await three.pull()

    total = await three.total()

    assert total["cost"] == [
        one_sum("2.00", 1, 1, currency="DKK"),
        one_sum("4.00", 1, 1, price_year=2025),
        one_sum("1.00", 1, 1),
    ]


async def test_filters_leave_out_what_is_otherwise_and_name_what_nobody_can_tell(three: Joint) -> None:
    """X4: a project whose source is not shared may be a joint one, and is neither in nor out."""
    mine, (telling, silent) = three.central, three.others
    await add(mine, source="own-idea", cost_minor=100)
    await share(telling, mine, await add(telling, cost_minor=200), await add(telling, source="legal-duty"))
    await share(silent, mine, await add(silent, cost_minor=400), without=["source"])
    await three.pull()

    total = await three.total(source="joint-project")
    without_own = await three.look(own=False)

    assert total["cost"] == [one_sum("2.00", 1, 1)]
    assert (total["project_count"], total["undecided"]) == (1, 1)
    assert without_own["total"]["project_count"] == 3
    assert "own" not in without_own
    assert (await three.total(source="joint-project", status="closed"))["undecided"] == 0


async def test_a_programme_is_asked_for_whosever_it_is(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    programme = await first.add_programme()
    await add(first, programme, cost_minor=300)
    await first.share(mine, "programme", programme)
    await share(second, mine, await add(second, cost_minor=500))
    await three.pull()

    total = await three.total(programme=str(programme))

    assert total["cost"] == [one_sum("3.00", 1, 1)]
    # Of the other's project nobody knows whether it has a programme.
    assert (total["project_count"], total["undecided"]) == (1, 1)


async def test_every_figure_leads_to_the_records_and_the_revisions_that_said_so(three: Joint) -> None:
    """E2."""
    mine, (first, second) = three.central, three.others
    own = await add(mine, cost_minor=100)
    given = await add(first, cost_minor=200, category="Post")
    await share(first, mine, given, without=["name"])
    await share(second, mine, await add(second, cost_minor=300))
    await three.pull()
    partner_id = str(mine.partners[first.organisation])

    every = (await three.look("/projects"))["items"]
    (found,) = (await three.look("/projects", partner=partner_id))["items"]
    (ours,) = [one for one in every if one["is_own"]]
    rows = await mine.rows("sync_replica", mine.partners[first.organisation])

    assert sum(float(one["cost"]["amount"]) for one in every) == 6.0
    assert (ours["id"], ours["organisation"]) == (str(own), mine.organisation)
    assert (found["id"], found["organisation"]) == (str(given), first.organisation)
    assert (found["cost"]["amount"], found["category"], found.get("name")) == ("2.00", "Post", None)
    assert (found["revision_hash"], found["number"]) == (rows[0]["revision_id"], rows[0]["number"])


async def test_records_come_in_pages_each_once(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    wanted = {str(await add(mine)) for _ in range(2)}
    for body in (first, second):
        ids = [await add(body) for _ in range(3)]
        await share(body, mine, *ids)
        wanted |= {str(one) for one in ids}
    await three.pull()

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while query:
        page = await three.look("/projects", **query)
        seen += [one["id"] for one in page["items"]]
        query = {"limit": 3, "cursor": page["next_cursor"]} if "next_cursor" in page else {}

    assert (len(seen), set(seen)) == (8, wanted)


async def restored(joint: Joint) -> None:
    """The central body notices that it was restored from a backup."""
    body = joint.central
    async with body.work() as connection:
        await body.serving.settling.begin_epochs(connection, body.now)


async def test_after_a_restore_there_is_no_total_until_each_was_read_and_has_read_us(three: Joint) -> None:
    """X4: what is here is a backup's; nobody could see by how much a total would be wrong."""
    mine, (first, second) = three.central, three.others
    await add(mine, cost_minor=100)
    for body in (first, second):
        await share(body, mine, await add(body, cost_minor=200))
        await body.pull(mine)
    await three.pull()
    before = await three.look()
    await restored(three)

    held = await three.look()
    await three.pull()
    await first.pull(mine)
    await first.pull(mine)
    half, lines = await three.look(), await three.lines()
    records = {one["organisation"]: one for one in (await three.look("/projects"))["items"]}
    await second.pull(mine)
    await second.pull(mine)
    after = await three.look()

    assert "total" not in held
    assert held["own"] == before["own"]
    assert [one["reasons"] for one in held["held"]] == [["not-read-in-full", "has-not-read-us"]] * 2
    assert "total" not in half
    assert [(one["organisation"], one["reasons"]) for one in half["held"]] == [
        (second.organisation, ["has-not-read-us"])
    ]
    assert "figures" not in lines[second.organisation]
    assert lines[first.organisation]["figures"]["cost"] == [one_sum("2.00", 1, 1)]
    assert [records[body.organisation]["is_held"] for body in (mine, first, second)] == [False, False, True]
    assert after["total"] == before["total"]
    assert after["held"] == []


async def test_who_is_paused_stays_and_who_is_stopped_is_gone(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    for body in (first, second):
        await share(body, mine, await add(body, cost_minor=200))
    await three.pull()
    await mine.set_state(first, "paused")
    await mine.set_state(second, "stopped")

    found, lines = await three.look(), await three.lines()

    assert found["total"]["cost"] == [one_sum("2.00", 1, 1)]
    assert lines.keys() == {mine.organisation, first.organisation}
    assert lines[first.organisation]["is_paused"] is True
    assert (await three.look("/projects"))["items"][0]["organisation"] == first.organisation


async def test_a_lines_age_stands_beside_it(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    await mine.pull(first)
    spoke = mine.now
    mine.now += timedelta(hours=1)

    found, lines = await three.look(), await three.lines()

    assert lines[first.organisation]["contact_at"] == f"{spoke:%Y-%m-%dT%H:%M:%S.%f}Z"
    assert lines[first.organisation]["lag_seconds"] >= 0
    assert found["oldest_contact_at"] == lines[first.organisation]["contact_at"]
    assert "contact_at" not in lines[second.organisation]
    assert [lines[body.organisation]["is_read_in_full"] for body in (mine, first, second)] == [
        True,
        True,
        False,
    ]
    assert found["bodies"]["not_read_in_full"] == 1


async def test_a_record_under_an_id_of_ours_is_its_owners_and_changes_nothing_of_ours(three: Joint) -> None:
    """X2: bodies are told apart by who signed, not by what they call their records."""
    mine, (first, _) = three.central, three.others
    own = await add(mine, cost_minor=100)
    # The register knows ids of one organisation only, so another one can have the same.
    await add(first, id=own, cost_minor=900)
    await share(first, mine, own)
    await three.pull()

    found = await three.look()

    assert found["own"]["cost"] == [one_sum("1.00", 1, 1)]
    assert found["total"]["cost"] == [one_sum("10.00", 2, 2)]
    assert len((await three.look("/projects"))["items"]) == 2


async def test_another_organisation_and_another_role_see_none_of_it(three: Joint) -> None:
    mine, (first, _) = three.central, three.others
    project = await add(first, cost_minor=200)
    await share(first, mine, project)
    await three.pull()
    partner_id = str(mine.partners[first.organisation])
    stranger = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    found = (await stranger.get("/joint-portfolio")).json()
    theirs = (await stranger.get("/joint-portfolio/projects", params={"partner": partner_id})).json()
    codes = {}
    for role in EVERYONE:
        client = three.desk.caller(role, organisation=mine.organisation)
        codes[role] = (await client.get("/joint-portfolio")).status_code

    assert (found["bodies"]["count"], found["total"]["project_count"]) == (1, 0)
    assert theirs == {"items": []}
    assert {role for role, code in codes.items() if code == 200} == {
        Role.ADMINISTRATOR,
        Role.PORTFOLIO_OFFICE,
    }
    assert set(codes.values()) == {200, 403}


@pytest.mark.parametrize(
    "query", [{"missing": "owner"}, {"cursor": "x"}, {"programme": "x"}, {"colour": "red"}]
)
async def test_odd_questions_are_refused(three: Joint, query: dict[str, str]) -> None:
    client = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=three.central.organisation)

    answer = await client.get("/joint-portfolio/bodies", params=query)

    assert answer.status_code == 400
    assert problem(answer)


async def test_more_bodies_take_no_more_statements(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    counts = []
    for body in (first, second):
        await share(body, mine, *[await add(body) for _ in range(3)])
        await three.pull()
        async with counted(three) as statements:
            await three.look()
        counts.append(len(statements))

    assert counts[0] == counts[1] > 0
