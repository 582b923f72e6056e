"""Co-financing over HTTP (M4), with worked case 6 first."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.cofinancing import CoFinancingApplicationOut, ProfileOut, SchemeOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import events_of
from tests.portfolio.pool_world import PoolWorld, day, make_pool_world, nok, refusal
from tests.portfolio.world import World, made, obeys, put
from tests.support.days import today

PAPERS = ["assumptions", "net-present-value", "benefit-plan"]


@pytest.fixture
async def pools(world: World) -> PoolWorld:
    return await make_pool_world(world)


async def applied(pools: PoolWorld, project_id: str, **members: Any) -> dict[str, Any]:
    body = {
        "scheme": "no-medfinansiering",
        "edition": "2023",
        "amount": nok("20000000.00"),
        "applied_on": today().isoformat(),
        **members,
    }
    return await made(pools.owner, f"/projects/{project_id}/co-financing-applications", body)


async def step(
    client: httpx.AsyncClient, application: dict[str, Any], state: str, *, revision: int, **members: Any
) -> httpx.Response:
    body = {"state": state, "happened_on": today().isoformat(), **members}
    path = f"/co-financing-applications/{application['id']}/steps"
    return await client.post(path, json=body, headers={"If-Match": f'"{revision}"'})


async def test_worked_case_6_a_state_project_with_a_benefit_in_another_agency_is_co_financed(
    pools: PoolWorld,
) -> None:
    """M4, DOMAIN.md's worked case 6: the binding plan shows benefits in other bodies, and the money is
    income of the project that touches no pool."""
    project = await pools.world.project(
        name="Settlement after death", cost="40000000.00", start="2027-01-01", end="2029-12-31"
    )
    path = f"/projects/{project['id']}"
    early = await pools.read(f"{path}/co-financing-eligibility")
    await pools.gate(project["id"], "planlegge")
    said = {
        "applicant": "state-body",
        "is_triggering": True,
        "papers": PAPERS[:2],
        "net_present_value": nok("100000000.00"),
        "invested": nok("40000000.00"),
        "source": "Business case 3; a fifth of the benefit falls in another agency.",
    }
    await put(pools.owner, f"{path}/co-financing-profile", said, revision=0)
    unready = await pools.read(f"{path}/co-financing-eligibility")
    await put(pools.owner, f"{path}/co-financing-profile", {**said, "papers": PAPERS})
    ready = await pools.read(f"{path}/co-financing-eligibility")

    application = await applied(pools, project["id"])
    years = [{"year": 2027, "amount": "12000000.00"}, {"year": 2028, "amount": "8000000.00"}]
    assert (await step(pools.owner, application, "awarded", revision=1, years=years)).status_code == 200
    await step(pools.owner, application, "paid", revision=2, years=years[:1])
    reported = await step(pools.owner, application, "reported", revision=3, note="Half way")
    income = await pools.read(f"{path}/co-financing-income")

    (at_first,), (not_yet,), (open_,) = early["items"], unready["items"], ready["items"]
    assert at_first["state"] == "unknown"
    assert not_yet["state"] == "not-met"
    assert [paper["code"] for paper in not_yet["missing_papers"]] == ["benefit-plan"]
    assert (open_["state"], open_["most_amount"]) == ("met", "20000000.00")
    assert open_["scheme"]["has_binding_plan"]
    assert obeys(CoFinancingApplicationOut, reported.json())
    assert [one["state"] for one in reported.json()["steps"]] == ["awarded", "paid", "reported"]
    assert [(one["year"], one["awarded"]["amount"], one["paid"]["amount"]) for one in income["years"]] == [
        (2027, "12000000.00", "12000000.00"),
        (2028, "8000000.00", "0.00"),
    ]
    steps = {one["id"] for one in reported.json()["steps"]}
    assert {line["step_id"] for line in income["lines"]} <= steps
    assert await pools.balances() == {}
    moved = await events_of(pools.desk, "co-financing-moved")
    assert [one["state"] for one in moved] == ["applied", "awarded", "paid", "reported"]


async def test_money_routed_through_a_pool_stands_in_its_ledger(pools: PoolWorld) -> None:
    project = await pools.world.project()
    application = await applied(pools, project["id"])
    years = [{"year": 2027, "amount": "5.00"}]
    await step(pools.owner, application, "awarded", revision=1, years=years)
    through = {"years": years, "pool_id": pools.pool["id"]}

    alone = await step(pools.owner, application, "paid", revision=2, **through)
    paid = await step(pools.finance, application, "paid", revision=2, **through)
    more = await step(pools.finance, application, "paid", revision=3, **through)

    assert alone.status_code == 403
    transaction = await pools.read(f"/pool-transactions/{paid.json()['steps'][-1]['transaction_id']}")
    assert transaction["kind"] == "co-financing"
    assert refusal(more) == "paid-beyond-award"
    assert await pools.balances() == {"free": "5.00", "capital": "-5.00"}


async def test_the_answer_is_in_the_readers_language(pools: PoolWorld) -> None:
    project = await pools.world.project(cost="1000000.00")
    path = f"/projects/{project['id']}/co-financing-eligibility"

    answer = await pools.finance.get(path, params={"day": "2026-11-21"}, headers={"Accept-Language": "nn"})

    (found,) = answer.json()["items"]
    told = {one["code"]: one for one in found["conditions"]}
    assert found["scheme"]["name"] == "Medfinansieringsordninga 2023–"
    assert told["cost"]["state"] == "not-met"
    assert told["cost"]["requirement"] == "Totalkostnaden er frå 10000000 til 100000000 NOK."
    assert (await pools.read(path, day="2014-01-01"))["items"] == []


async def test_an_organisation_adds_schemes_of_its_own_in_editions(pools: PoolWorld) -> None:
    body = {
        "code": "county-fund",
        "edition": "2027",
        "name": "The county's fund",
        "valid_from": "2026-01-01",
        "currency": "NOK",
        "share": "0.25",
        "floor": "100.00",
        "papers": [{"code": "letter", "name": "A letter"}],
    }
    office = pools.world.office

    added = await made(office, "/co-financing-schemes", body)
    again = await office.post("/co-financing-schemes", json=body)
    shipped = await office.post("/co-financing-schemes", json={**body, "code": "no-medfinansiering"})
    turned = await office.post(
        "/co-financing-schemes", json={**body, "edition": "x", "valid_until": "2025-01-01"}
    )
    odd = await office.post("/co-financing-schemes", json={**body, "edition": "y", "share": "1.5"})
    alone = await pools.owner.post("/co-financing-schemes", json={**body, "edition": "z"})
    project = await pools.world.project(cost="1000.00")
    path = f"/projects/{project['id']}/co-financing-eligibility"
    own = (await pools.read(path, day="2026-11-21"))["items"][0]
    listed = await pools.read("/co-financing-schemes")

    assert obeys(SchemeOut, added)
    assert [answer.status_code for answer in (again, shipped, turned, odd, alone)] == [
        409,
        409,
        400,
        400,
        403,
    ]
    assert (refusal(shipped), refusal(turned)) == ("scheme-shipped", "odd-scheme")
    assert (own["least_amount"], own["most_amount"], own["state"]) == ("100.00", "250.00", "unknown")
    assert [one["code"] for one in listed["items"]] == ["county-fund"] + ["no-medfinansiering"] * 4
    stranger = pools.desk.caller(*EVERYONE, organisation="0192:964338531")
    assert len((await stranger.get("/co-financing-schemes")).json()["items"]) == 4


async def test_projects_are_ranked_by_value_for_each_krone_invested(pools: PoolWorld) -> None:
    values = {"Good": "30000000.00", "Best": "90000000.00", "Poor": "-10000000.00", "Silent": None}
    for name, value in values.items():
        project = await pools.world.project(name=name, cost="20000000.00")
        if value is not None:
            body = {"net_present_value": nok(value)}
            await put(pools.owner, f"/projects/{project['id']}/co-financing-profile", body, revision=0)

    found = await pools.read(f"/portfolios/{pools.world.portfolio_id}/co-financing-ranking")

    assert [
        (one["project_name"], one.get("place"), one.get("value_per_krone")) for one in found["items"]
    ] == [
        ("Best", 1, "4.5000"),
        ("Good", 2, "1.5000"),
        ("Poor", 3, "-0.5000"),
        ("Silent", None, None),
    ]


async def test_what_is_said_of_a_project_is_said_by_its_people_at_the_revision_that_they_read(
    pools: PoolWorld,
) -> None:
    project = await pools.world.project()
    path = f"/projects/{project['id']}/co-financing-profile"
    before = await pools.owner.get(path)
    first = await put(pools.owner, path, {"applicant": "municipality"}, revision=0)
    again = await put(pools.owner, path, {}, revision=0)
    mixed = {"net_present_value": nok("1.00"), "invested": {**nok("1.00"), "price_year": 2025}}
    odd = await put(pools.owner, path, mixed)
    reader = pools.desk.caller(Role.READER, subject="reader")
    stranger = pools.desk.caller(*EVERYONE, organisation="0192:964338531")

    assert (before.json()["revision"], before.headers["etag"]) == (0, '"0"')
    assert obeys(ProfileOut, first.json())
    assert again.status_code == 412
    assert refusal(odd) == "mixed-money"
    assert (await put(reader, path, {})).status_code == 403
    assert (await stranger.get(path)).status_code == 404


async def test_steps_follow_each_other_and_nothing_is_dated_ahead(pools: PoolWorld) -> None:
    project = await pools.world.project()
    application = await applied(pools, project["id"])

    early = await step(pools.owner, application, "paid", revision=1, years=[{"year": 2027, "amount": "1.00"}])
    bare = await step(pools.owner, application, "awarded", revision=1)
    ahead = await step(pools.owner, application, "refused", revision=1, happened_on=day(2))
    refused = await step(pools.owner, application, "refused", revision=1)
    after = await step(pools.owner, application, "withdrawn", revision=2)
    stale = await step(pools.owner, application, "withdrawn", revision=1)
    nowhere = await pools.owner.post(
        f"/projects/{project['id']}/co-financing-applications",
        json={
            "scheme": "none",
            "edition": "1",
            "amount": nok("1.00"),
            "applied_on": today().isoformat(),
        },
    )

    assert [refusal(one) for one in (early, bare, ahead, after, stale, nowhere)] == [
        "step-out-of-turn",
        "years-missing",
        "dated-ahead",
        "step-out-of-turn",
        "step-out-of-turn",
        "scheme-unknown",
    ]
    assert refused.json()["state"] == "refused"
