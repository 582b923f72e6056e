"""P7 over the API: what would bring a project in, what money would change, and how firm a plan is."""

from typing import Any

import pytest

from gevinst_portfolio.routes.analysis_sentences import Saying
from gevinst_portfolio.schemas.analyses import AnalysisOut, AnalysisSummaryOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_shared.values.actor import Role
from tests.portfolio.background import ended, events_of, forget_lease, worked, worker_process
from tests.portfolio.planned import open_world, propose, publish, read, scenario, solved
from tests.portfolio.world import World, made, make_world, obeys
from tests.support.callers import Desk, problem
from tests.support.waiting import until


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def asked(world: World, scenario_id: str, kind: str, **options: Any) -> str:
    """The id of the run, which will be the analysis's."""
    answer = await world.office.post(
        f"/scenarios/{scenario_id}/analyses", json={"kind": kind, "options": options}
    )
    assert answer.status_code == 202, answer.text
    run = answer.json()
    assert answer.headers["location"].endswith(f"/runs/{run['id']}")
    return str(run["id"])


async def analysed(world: World, scenario_id: str, kind: str, **options: Any) -> dict[str, Any]:
    """The analysis, after a worker has made it."""
    run_id = await asked(world, scenario_id, kind, **options)
    run = await worked(world, run_id)
    assert run["state"] == "done", run
    assert obeys(RunOut, run)
    found = await read(world.office, f"/analyses/{run['analysis_id']}")
    assert obeys(AnalysisOut, found)
    return found


async def three(world: World) -> dict[str, Any]:
    """Best and Good fit into 6 and 4 million, Poor does not; a project costs 4 million."""
    await propose(world, "Best", benefit="30000000.00", cost_low="3500000.00", cost_high="8000000.00")
    await propose(world, "Good", benefit="20000000.00")
    await propose(world, "Poor", benefit="5000000.00", benefit_low="1000000.00", benefit_high="90000000.00")
    return await solved(world)


@pytest.mark.slow
async def test_a_project_left_out_says_what_would_bring_it_in(world: World) -> None:
    plan = await three(world)

    found = await analysed(world, plan["id"], "explanation")

    (poor,) = found["explanation"]["left_out"]
    assert (poor["project_name"], poor["is_proved"]) == ("Poor", True)
    money = poor["remedies"][0]
    # 2027 has 6 of the 8 million that two projects cost.
    (more,) = money["money"]
    assert more == {
        "kind": "investment",
        "year": 2027,
        "amount": {"amount": "2000000.00", "currency": "NOK", "price_year": 2026},
    }
    assert (money["is_enough"], money["is_least"]) == (True, True)
    assert "2,000,000 NOK more investment money in 2027" in money["sentence"]
    (leaving,) = [one for one in poor["remedies"] if one["leaving_out"]]
    assert [one["project_name"] for one in leaving["leaving_out"]] == ["Good"]


@pytest.mark.slow
async def test_the_stated_change_brings_it_in_and_a_little_less_does_not(world: World) -> None:
    plan = await three(world)
    found = await analysed(world, plan["id"], "explanation", levers=["money"])
    (poor,) = found["explanation"]["left_out"]
    (more,) = poor["remedies"][0]["money"]

    selected = {}
    for hundredths in (0, 1):
        money = 600_000_000 + int(more["amount"]["amount"].replace(".", "")) - hundredths
        budgets = [
            {"year": 2027, "kind": "investment", "amount": f"{money / 100:.2f}"},
            {"year": 2028, "kind": "investment", "amount": "4000000.00"},
        ]
        changed = await solved(world, budgets=budgets)
        chosen = (await read(world.office, f"/scenarios/{changed['id']}/plan"))["selected"]
        selected[hundredths] = {one["project_name"] for one in chosen}

    assert "Poor" in selected[0]
    assert "Poor" not in selected[1]


@pytest.mark.slow
async def test_a_duty_says_what_it_displaces_in_the_readers_language(world: World) -> None:
    """P5."""
    await propose(world, "Duty", benefit="0.00", is_statutory=True)
    await propose(world, "Good", benefit="20000000.00")
    amounts = ((2027, "4000000.00"), (2028, "0.00"))
    budgets = [{"year": year, "kind": "investment", "amount": amount} for year, amount in amounts]
    plan = await solved(world, budgets=budgets)

    found = await analysed(world, plan["id"], "explanation")

    (duty,) = found["explanation"]["forced"]
    assert [one["project_name"] for one in duty["enters"]] == ["Good"]
    assert "It keeps these out: Good." in duty["sentences"]
    nynorsk = await world.office.get(f"/analyses/{found['id']}", headers={"Accept-Language": "nn"})
    (said,) = nynorsk.json()["explanation"]["forced"]
    assert "Det held desse ute: Good." in said["sentences"]


@pytest.mark.slow
async def test_the_frontier_rises_with_the_money(world: World) -> None:
    plan = await three(world)

    found = await analysed(world, plan["id"], "frontier", points=5, lowest=0, highest=1.5)

    points = found["frontier"]["points"]
    values = [point["value"] for point in points]
    assert values == sorted(values)
    assert points[0]["money"]["amount"] == "0.00"
    assert points[-1]["money"]["amount"] == "15000000.00"
    first = {one["project_name"]: one["point"] for one in found["frontier"]["enters"]}
    assert first["Best"] <= first["Good"] <= first["Poor"]


@pytest.mark.slow
async def test_shares_of_random_cases_say_what_varied_and_what_did_not(world: World) -> None:
    plan = await three(world)

    found = (await analysed(world, plan["id"], "stability", draws=20))["stability"]

    by_name = {one["project_name"]: one for one in found["projects"]}
    # Best may cost more than both years have left for Good; Poor may turn out the best of all.
    assert by_name["Best"]["varied"] == ["cost"]
    assert by_name["Poor"]["varied"] == ["benefit"]
    assert 0 < by_name["Poor"]["share"] < 1
    assert [one["project_name"] for one in found["not_varied"]] == ["Good"]
    assert found["draws"] == 20


@pytest.mark.slow
async def test_the_probability_to_keep_a_budget_comes_from_the_estimates(world: World) -> None:
    plan = await three(world)

    found = (await analysed(world, plan["id"], "certainty", draws=2000))["certainty"]

    (budget,) = found["budgets"]
    years = {one["year"]: one for one in budget["years"]}
    # Best costs 3.5 to 8 where 4 is likely, and beside half of Good 4 of the 6 are there: P = 0.5 / 4.5.
    assert years[2027]["share"] == pytest.approx(1 / 9, abs=4 * years[2027]["standard_error"])
    assert years[2028]["share"] == 1
    assert [one["project_name"] for one in found["not_varied"]] == ["Good"]


@pytest.mark.slow
async def test_plain_rankings_stand_beside_the_plan(world: World) -> None:
    plan = await three(world)

    rankings = (await analysed(world, plan["id"], "baselines"))["baselines"]["rankings"]

    assert {one["ranking"] for one in rankings} == {"value", "density"}
    assert all(one["left_on_the_table"] >= 0 for one in rankings)
    assert all("leave" in one["sentence"] for one in rankings)


@pytest.mark.slow
async def test_an_analysis_is_stale_when_the_register_changes(world: World) -> None:
    plan = await three(world)
    found = await analysed(world, plan["id"], "baselines")
    assert found["is_stale"] is False

    await propose(world, "New")

    assert (await read(world.office, f"/analyses/{found['id']}"))["is_stale"] is True
    (listed,) = (await read(world.office, f"/scenarios/{plan['id']}/analyses"))["items"]
    assert obeys(AnalysisSummaryOut, listed)
    assert (listed["id"], listed["is_stale"]) == (found["id"], True)
    none = await read(world.office, f"/scenarios/{plan['id']}/analyses", kind="frontier")
    assert none["items"] == []


@pytest.mark.slow
async def test_an_analysis_is_as_private_as_its_scenario(world: World) -> None:
    """P8."""
    plan = await three(world)
    found = await analysed(world, plan["id"], "baselines")
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")

    assert (await board.get(f"/analyses/{found['id']}")).status_code == 404
    await publish(world, plan["id"])
    assert (await board.get(f"/analyses/{found['id']}")).status_code == 200
    assert (
        await board.post(f"/scenarios/{plan['id']}/analyses", json={"kind": "frontier"})
    ).status_code == 403
    (event,) = await events_of(world.desk, "scenario-analysed")
    assert event["analysis_id"] == found["id"]


async def test_without_a_plan_there_is_nothing_to_analyse(world: World) -> None:
    await propose(world, "A")
    made_now = await scenario(world)

    answer = await world.office.post(f"/scenarios/{made_now['id']}/analyses", json={"kind": "explanation"})

    assert problem(answer)["type"].endswith("no-plan-yet")


@pytest.mark.slow
async def test_money_that_is_not_limited_has_no_frontier(world: World) -> None:
    plan = await three(world)

    run = await worked(world, await asked(world, plan["id"], "frontier", budget="operation"))

    assert (run["state"], run["error"]["code"]) == ("failed", "nothing-limited")
    assert "analysis_id" not in run


@pytest.mark.slow
async def test_an_analysis_can_be_called_off_and_then_there_is_none(world: World) -> None:
    plan = await three(world)
    run_id = await asked(world, plan["id"], "stability", draws=100_000)

    async with worker_process(world.desk):
        await world.office.post(f"/runs/{run_id}/cancellation")
        run = await ended(world, run_id)

    assert run["state"] == "cancelled"
    assert (await world.office.get(f"/analyses/{run_id}")).status_code == 404


@pytest.mark.slow
async def test_an_analysis_survives_a_killed_worker(world: World) -> None:
    plan = await three(world)
    run_id = await asked(world, plan["id"], "stability", draws=500)
    async with worker_process(world.desk) as process:
        await begun(world, run_id)
        process.kill()
        await process.wait()
    await forget_lease(world.desk, run_id)
    assert (await read(world.office, f"/runs/{run_id}"))["state"] == "running"

    async with worker_process(world.desk):
        run = await ended(world, run_id, seconds=240)

    assert (run["state"], run["attempts"]) == ("done", 2)
    assert len((await read(world.office, f"/scenarios/{plan['id']}/analyses"))["items"]) == 1


async def begun(world: World, run_id: str) -> None:
    async def is_so() -> bool:
        run = await read(world.office, f"/runs/{run_id}")
        return bool(run["progress"]["share"] > 0)

    await until(is_so)


async def test_estimates_are_kept_and_must_rise(world: World) -> None:
    """C1."""
    estimates = {"cost": "4.00", "cost_low": "3.00", "cost_high": "9.00", "benefit_high": "5.00"}
    found = await made(world.office, "/projects", world.proposal(**estimates))

    assert obeys(ProjectOut, found)
    assert found["cost_low"]["amount"] == "3.00"
    assert "benefit_low" not in found
    falling = await world.office.post("/projects", json=world.proposal(**{**estimates, "cost_low": "5.00"}))
    assert problem(falling)["type"].endswith("estimate-out-of-order")


def test_numbers_have_the_marks_of_the_language() -> None:
    said = [Saying(language).number(1234567.5) for language in ("en", "da", "nb")]

    assert said == ["1,234,567.5", "1.234.567,5", "1\u00a0234\u00a0567,5"]


def why_out(**members: Any) -> dict[str, Any]:
    return {"is_tied": False, "remedies": [], "obstacles": [], **members}


def test_each_obstacle_and_each_doubt_is_said() -> None:
    rules = ["exclusive", "precedence", "all-or-none", "max-starts", "max-spend", "min-share", "max-share"]
    obstacles: list[dict[str, Any]] = [
        {"rule": rule, "names": ["Road", "School"]} for rule in [*rules, "new-kind"]
    ]
    obstacles.append({"rule": "resource", "names": ["Builders"], "quarter": "2027-Q3", "lacking": 1.5})
    say = Saying("en")

    for doubt in ("plan-has-gap", "limit", "cancelled"):
        found = why_out(least_blocked_start="2027-Q3", obstacles=obstacles, doubt=doubt)
        say.why_out(found)
        assert "it excludes others: Road and School" in found["sentences"][0]
        assert "Builders lacks 1.5 in 2027-Q3" in found["sentences"][0]
        assert "no plan can hold it in" in found["sentences"][1]
        assert len(found["sentences"]) == 4
    nowhere = why_out(is_tied=True)
    say.why_out(nowhere)
    assert len(nowhere["sentences"]) == 2


def test_what_is_not_proved_is_said_to_be_so() -> None:
    remedy = {
        "money": [],
        "capacity": [
            {"resource_name": "Nurses", "lever": lever, "quarter": "2027-Q1", "amount": 2}
            for lever in ("people", "change-load")
        ],
        "leaving_out": [],
        "relaxed": [{"rule": "exclusive", "names": ["Road"]}],
        "start": "2027-Q1",
    }
    proofs = [(False, False, -1), (False, False, 1), (True, False, 1), (True, True, 1)]

    said = [
        Saying("en").remedy({**remedy, "is_enough": enough, "is_least": least, "value_gain": gain})
        for enough, least, gain in proofs
    ]

    assert "2 more of Nurses in 2027-Q1; room for 2 more change in Nurses in 2027-Q1" in said[0]
    assert ["not proved" in one for one in said] == [True, True, False, False]
    assert said[3].endswith("a step less is not.")


def test_a_forced_project_that_displaces_nobody_says_so() -> None:
    nothing: dict[str, Any] = {"enters": [], "leaves": [], "moves": [], "money": []}

    said = [
        list(Saying("en").forced({**nothing, "is_needed": needed, "value_gain": gain, "is_proved": False}))
        for needed, gain in ((True, 0), (False, 5), (False, -5), (False, 0))
    ]

    assert said[0] == ["Other forced projects cannot do without it."]
    assert [one[0].split()[-1] for one in said[1:]] == ["more.", "less.", "same."]
    assert all("nobody out" in one[1] for one in said[1:])
