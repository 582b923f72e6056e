"""X4: status and potential across bodies, as far as each has shared them, with what is missing shown."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.ids import new_id
from tests.benefits.exchange import make_indicator, make_plan, make_verification
from tests.benefits.joint_world import (
    Joint,
    add_benefit,
    add_project,
    add_time,
    joint,
    localise,
    share,
    step,
)
from tests.benefits.origins import NATIONAL, PUBLISHER, origin
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation


@pytest.fixture
async def three(benefits: Desk) -> AsyncIterator[Joint]:
    """A central body and two others."""
    async with joint(benefits, 2) as found:
        yield found


def money(projects: int, bodies: int, **members: Any) -> dict[str, Any]:
    unit = {"ledger": "money", "currency": "NOK", "price_year": 2026}
    return unit | members | {"projects": projects, "bodies": bodies}


async def test_one_national_case_localised_by_many_is_summed_centrally(three: Joint) -> None:
    """X4, C3: worth 1,800.25 to one, -300.00 and 100.00 to the other, and 50.50 to ourselves: 1,650.75."""
    mine, (first, second) = three.central, three.others
    for body, values in ((mine, ["50.50"]), (first, ["1800.25"]), (second, ["-300.00", "100.00"])):
        for place, value in enumerate(values):
            project = await add_project(body)
            await add_benefit(body, project)
            await localise(body, project, value, edition=place + 1)
            if body is not mine:
                await share(body, mine, project)
    other = await add_project(first)
    await localise(first, other, "9999.00", origin=None, general_case_id=None)
    await share(first, mine, other)
    await three.pull()

    total = await three.total(case=str(NATIONAL))
    page = await three.look("/cases")
    records = (await three.look("/projects", case=str(NATIONAL)))["items"]
    lines = await three.lines(case=str(NATIONAL))

    worth = {"currency": "NOK", "price_year": 2026, "amount": "1650.75", "projects": 4, "bodies": 3}
    assert total["net_present_value"] == [worth]
    assert total["potential"] == [money(4, 3, confirmed="4000", unconfirmed="0")]
    # Costs of 1,000.00 in 2026 and benefits of 1,200.50 in 2027 in each of four cases.
    planned = {"currency": "NOK", "price_year": 2026, "projects": 4, "bodies": 3}
    assert total["planned"] == [
        planned | {"year": 2026, "costs": "4000", "benefits": "0"},
        planned | {"year": 2027, "costs": "0", "benefits": "4802"},
    ]
    assert (total["project_count"], total["undecided"]) == (4, 0)
    assert lines[second.organisation]["net_present_value"][0]["amount"] == "-200"
    (case,) = page["items"]
    assert (case["published_as"], case["publisher"]) == (str(NATIONAL), PUBLISHER)
    assert case["figures"] == {
        "bodies": 3,
        "projects": 4,
        "editions": [{"edition": 1, "projects": 3}, {"edition": 2, "projects": 1}],
        "edition_missing": 0,
        "net_present_value": [worth],
        "value_missing": 0,
    }
    assert {one["business_case"].get("localised_from") for one in records} == {str(NATIONAL)}
    assert len(records) == 4


async def test_x4_another_bodys_case_with_the_same_id_is_another_case(three: Joint) -> None:
    """Whoever claims the national case's id gets no project, no value and no name of it."""
    mine, (first, second) = three.central, three.others
    plan = await make_plan(mine)
    its = {"general_case_id": str(plan.general_case), "published_as": str(plan.general_case)}
    for body, publisher, without in (
        (first, mine.organisation, ()),
        (second, PUBLISHER, ()),
        (second, mine.organisation, ("localised_publisher",)),
    ):
        project = await add_project(body)
        given = origin(1) | its | {"publisher": publisher}
        await localise(body, project, "10.00", origin=given, general_case_id=plan.general_case)
        await share(body, mine, project, without=without)
    await three.pull()
    asked: dict[str, Any] = {"case": str(plan.general_case), "publisher": mine.organisation}

    page = (await three.look("/cases", own=False))["items"]
    total = await three.total(own=False, **asked)
    records = (await three.look("/projects", own=False, **asked))["items"]

    found = [(one.get("publisher"), one.get("name"), one["figures"]["projects"]) for one in page]
    assert sorted(found, key=str) == sorted(
        [(None, None, 1), (mine.organisation, "Digital post", 1), (PUBLISHER, None, 1)], key=str
    )
    assert (total["project_count"], total["undecided"]) == (1, 1)
    assert [one["organisation"] for one in records] == [first.organisation]


async def test_a_case_has_the_name_that_our_register_knows(three: Joint) -> None:
    """C3: the publisher sees its own case under its name."""
    mine, (first, _) = three.central, three.others
    plan = await make_plan(mine)
    project = await add_project(first)
    its = origin(1, plan.general_case) | {"publisher": mine.organisation}
    await localise(first, project, "1.00", origin=its, general_case_id=plan.general_case)
    await share(first, mine, project)
    await three.pull()

    page = await three.look("/cases", own=False)

    (case,) = page["items"]
    assert (case["name"], case["publisher"], case["edition"]) == ("Digital post", mine.organisation, 1)
    assert case["figures"]["bodies"] == 1


async def test_where_a_case_is_from_may_be_kept_back_and_then_nobody_can_tell(three: Joint) -> None:
    mine, (open_, closed) = three.central, three.others
    for body, without in ((open_, ()), (closed, ("localised_from",))):
        project = await add_project(body)
        await localise(body, project, "10.00")
        await share(body, mine, project, without=without)
    await three.pull()

    total, page = await three.total(case=str(NATIONAL)), await three.look("/cases")

    assert (total["project_count"], total["undecided"]) == (1, 1)
    assert page["items"][0]["figures"]["bodies"] == 1


async def test_ledgers_units_currencies_and_price_years_are_never_added(three: Joint) -> None:
    """C7, C1, X4."""
    mine, (first, second) = three.central, three.others
    for body, columns in ((mine, {}), (first, {"currency": "DKK"}), (second, {"price_year": 2025})):
        project = await add_project(body)
        await add_benefit(body, project, **columns)
        await add_time(body, project, "12.5")
        await share(body, mine, project) if body is not mine else None
    await three.pull()

    found = (await three.total())["potential"]

    amounts = {"confirmed": "1000", "unconfirmed": "0"}
    assert found == [
        money(1, 1, currency="DKK", **amounts),
        money(1, 1, price_year=2025, **amounts),
        money(1, 1, **amounts),
        {
            "ledger": "time",
            "unit_of_measure": "hours",
            "confirmed": "0",
            "unconfirmed": "37.5",
            "projects": 3,
            "bodies": 3,
        },
    ]


async def test_lights_counts_and_what_was_verified_are_added(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    for body, colour, minor in ((first, "red", 50_000), (second, "green", 25_050)):
        project = await add_project(body)
        benefit = await add_benefit(body, project)
        indicator = await make_indicator(body, benefit)
        await body.add("curve_watch", id=indicator, colour=colour, next_on=body.now.date())
        await make_verification(body, benefit, 2026, minor)
        await body.add(
            "progress",
            id=project,
            phase_model="prosjektveiviseren",
            phase_model_version="2024",
            phase="realise",
            round=1,
            state="running",
            created_at=body.now,
        )
        await share(body, mine, project)
    await three.pull()

    total = await three.total()

    assert total["realised"] == [money(2, 2, year=2026, amount="750.5")]
    assert total["lights"] == [{"light": "green", "count": 1}, {"light": "red", "count": 1}]
    assert total["phases"] == [{"phase": "realise", "count": 2}]
    assert total["states"] == [{"state": "running", "count": 2}]
    counts = total["counts"]
    assert (counts["green"], counts["red"], counts["benefits"], counts["indicators"]) == (1, 1, 2, 2)


async def test_missing_is_not_zero_and_says_of_whom(three: Joint) -> None:
    """X4, B6: one keeps its potential back, the other has none, which is known."""
    mine, (silent, empty) = three.central, three.others
    kept = await add_project(silent)
    await add_benefit(silent, kept)
    await share(silent, mine, kept, without=["potential", "benefits"])
    await share(empty, mine, await add_project(empty))
    await three.pull()

    total, lines = await three.total(), await three.lines(missing="potential")

    assert total["potential"] == []
    missing = {one.pop("what"): one for one in total["missing"]}
    assert missing["potential"] == {"projects": 1, "bodies": 1, "silent_bodies": 1}
    assert missing["benefits"] == missing["potential"]
    assert missing["net_present_value"] == {"projects": 2, "bodies": 2, "silent_bodies": 2}
    assert "realised" not in missing
    # A project without indicators has no light, and lacks none.
    assert "light" not in missing
    assert list(lines) == [silent.organisation]


async def test_a_benefit_under_agreement_is_counted_once_and_under_way_by_nobody(three: Joint) -> None:
    """B11: given away and arrived, 1,000.00 count with the receiver alone; then it is under way again."""
    mine, (giver, receiver) = three.central, three.others
    found = []
    benefits = {}
    for body in (giver, receiver):
        project = await add_project(body)
        benefits[body.organisation] = await add_benefit(body, project)
        await share(body, mine, project)
    for given, taken in ((("0", "1"), ("0", "0")), (("0", "0"), ("1", "0"))):
        await step(giver, benefits[giver.organisation], counted=given[0], in_transit=given[1])
        await step(receiver, benefits[receiver.organisation], counted=taken[0], in_transit=taken[1])
        await three.pull()
        found.append((await three.total())["potential"])

    under_way, arrived = found
    assert under_way == [money(2, 2, confirmed="0", unconfirmed="0", in_transit="1000")]
    assert arrived == [money(2, 2, confirmed="1000", unconfirmed="0")]


async def test_after_a_restore_there_are_no_totals_until_each_was_read_and_has_read_us(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    for body in (first, second):
        project = await add_project(body)
        await add_benefit(body, project)
        await localise(body, project, "10.00")
        await share(body, mine, project)
        await body.pull(mine)
    await three.pull()
    before, cases = await three.look(), await three.look("/cases")
    async with mine.work() as connection:
        await mine.serving.settling.begin_epochs(connection, mine.now)

    held, held_cases = await three.look(), await three.look("/cases")
    await three.pull()
    for _ in range(2):
        await first.pull(mine)
    half, lines = await three.look(), await three.lines()
    for _ in range(2):
        await second.pull(mine)

    assert "total" not in held
    assert [len(one["reasons"]) for one in held["held"]] == [2, 2]
    assert held_cases["items"] == [{"published_as": str(NATIONAL), "publisher": PUBLISHER}]
    assert held_cases["held"] == held["held"]
    assert [one["reasons"] for one in half["held"]] == [["has-not-read-us"]]
    assert lines[second.organisation] is None
    assert lines[first.organisation]["potential"][0]["confirmed"] == "1000"
    assert (await three.look())["total"] == before["total"]
    assert await three.look("/cases") == cases


async def test_every_figure_leads_to_the_records_and_the_revisions_that_said_so(three: Joint) -> None:
    """E2."""
    mine, (first, second) = three.central, three.others
    for body in (first, second):
        project = await add_project(body)
        await add_benefit(body, project)
        await share(body, mine, project)
    own = await add_project(mine)
    await localise(mine, own, "5.00")
    await three.pull()
    partner_id = mine.partners[first.organisation]

    every = (await three.look("/projects", limit=2))["items"]
    (found,) = (await three.look("/projects", partner=str(partner_id)))["items"]
    (replica,) = await mine.rows("sync_replica", partner_id)

    assert len(every) == 2
    assert found["organisation"] == first.organisation
    assert found["status"]["potential"][0]["confirmed"] == "1000"
    assert found["status"]["revision_hash"] == replica["revision_id"]
    assert "business_case" not in found
    ours = [one for one in (await three.look("/projects"))["items"] if one["is_own"]]
    assert [one["business_case"]["net_present_value"]["amount"] for one in ours] == ["5.00"]
    assert "revision_hash" not in ours[0]["business_case"]


async def test_who_is_stopped_is_gone_and_others_see_none_of_it(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    for body in (first, second):
        project = await add_project(body)
        await localise(body, project, "10.00")
        await share(body, mine, project)
    await three.pull()
    await mine.set_state(second, "stopped")

    lines, page = await three.lines(), await three.look("/cases")
    stranger = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    theirs = (await stranger.get("/joint-portfolio")).json()
    their_cases = (await stranger.get("/joint-portfolio/cases")).json()
    codes = {}
    for role in EVERYONE:
        client = three.desk.caller(role, organisation=mine.organisation)
        codes[role] = (await client.get("/joint-portfolio/cases")).status_code

    assert lines.keys() == {mine.organisation, first.organisation}
    assert page["items"][0]["figures"]["bodies"] == 1
    assert (theirs["bodies"]["count"], theirs["total"]["project_count"]) == (1, 0)
    assert their_cases == {"items": [], "held": []}
    allowed = {role for role, code in codes.items() if code == 200}
    assert allowed == {Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE}


async def test_cases_come_in_pages(three: Joint) -> None:
    mine, (first, _) = three.central, three.others
    ids = sorted(str(new_id()) for _ in range(5))
    for one in ids:
        project = await add_project(first)
        await localise(first, project, "1.00", origin=origin(1, UUID(one)))
        await share(first, mine, project)
    await three.pull()

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while query:
        page = await three.look("/cases", **query)
        seen += [one["published_as"] for one in page["items"]]
        query = {"limit": 2, "cursor": page["next_cursor"]} if "next_cursor" in page else {}

    assert seen == ids


@pytest.mark.parametrize("query", [{"missing": "owner"}, {"cursor": "x"}, {"case": "x"}, {"colour": "red"}])
async def test_odd_questions_are_refused(three: Joint, query: dict[str, str]) -> None:
    client = three.desk.caller(Role.PORTFOLIO_OFFICE, organisation=three.central.organisation)

    answer = await client.get("/joint-portfolio/bodies", params=query)

    assert answer.status_code == 400
    assert problem(answer)


async def test_more_bodies_take_no_more_statements(three: Joint) -> None:
    mine, (first, second) = three.central, three.others
    counts = []
    for body in (first, second):
        await share(body, mine, *[await add_project(body) for _ in range(3)])
        await three.pull()
        async with counted(three) as statements:
            await three.look()
        counts.append(len(statements))

    assert counts[0] == counts[1] > 0
