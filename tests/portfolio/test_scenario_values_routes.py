"""The value of projects by their business cases: from the benefits service's feed to a plan (C5, E2)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from gevinst_portfolio.schemas.scenario_values import ValuesOut
from gevinst_portfolio.schemas.scenarios import ScenarioOut
from gevinst_portfolio.tables.shared import feed_cursor
from gevinst_portfolio.worker.gates import apply_event
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.planned import open_world, plan_of, propose, read, scenario, solved, starts
from tests.portfolio.scoring_world import BENEFIT, RISK, model, score
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk, problem


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def evaluated(world: World, project: dict[str, Any], amount: str, **members: Any) -> Event:
    data = {
        "project_id": project["id"],
        "business_case_id": str(new_id()),
        "number": 1,
        "currency": "NOK",
        "price_year": 2026,
        "regime": "no-r-109-2021",
        "net_present_value": amount,
        "present_cost": "1.00",
        "present_benefit": "1.00",
        **members,
    }
    time = datetime(2026, 11, 10, 9, tzinfo=UTC)
    return Event(
        new_id(),
        world.desk.organisation,
        "gevinst.benefits.case-evaluated.v1",
        "business-cases/x",
        time,
        data,
    )


async def consume(world: World, events: Sequence[Event], *, source: str = "") -> int:
    """What a worker does with a feed that has these events."""

    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        return ([], cursor) if cursor else (events, "end")

    async def apply(connection: Connection, event: Event) -> None:
        await apply_event(connection, event, now=utc_now)

    following = Following(source or str(new_id()), fetch, apply)
    return await Consumer(database_of(world.desk), feed_cursor, following).once()


async def values(world: World, scenario_id: str) -> dict[str, Any]:
    found = await read(world.office, f"/scenarios/{scenario_id}/values")
    assert obeys(ValuesOut, found)
    return found


def worths(found: dict[str, Any]) -> dict[str, int | str]:
    return {one["project_name"]: one.get("worth", one.get("unknown")) for one in found["projects"]}


async def test_a_scenario_chooses_by_the_net_present_value_of_business_cases(world: World) -> None:
    """The register says that both are worth the same; the cases say otherwise. Money is for one."""
    good, poor = await propose(world, "Good"), await propose(world, "Poor")
    await consume(world, [evaluated(world, good, "9000000.00"), evaluated(world, poor, "1000000.00")])

    found = await solved(world, quarters=4, value="net-present-value")

    plan = await plan_of(world, found["id"])
    assert obeys(ScenarioOut, found)
    assert starts(plan).keys() == {"Good"}
    assert worths(await values(world, found["id"])) == {"Good": 9_000_000, "Poor": 1_000_000}


async def test_the_last_version_of_a_case_counts_whatever_order_they_are_read_in(world: World) -> None:
    project = await propose(world, "A")
    first = evaluated(world, project, "1.00", number=1)
    second = evaluated(world, project, "2.00", number=2)
    asked = await scenario(world, value="net-present-value")

    await consume(world, [second, first])

    assert worths(await values(world, asked["id"])) == {"A": 2}


async def test_reading_the_feed_from_its_beginning_again_gives_the_same_values(world: World) -> None:
    project = await propose(world, "A")
    events = [evaluated(world, project, "1.00"), evaluated(world, project, "2.00", number=2)]
    asked = await scenario(world, value="net-present-value")
    await consume(world, events)
    before = await values(world, asked["id"])

    await consume(world, events)

    assert await values(world, asked["id"]) == before
    async with database_of(world.desk).transaction(world.desk.organisation, read_only=True) as connection:
        assert await connection.fetchval("SELECT count(*) FROM case_value") == 2


async def test_a_case_that_is_odd_or_of_a_stranger_does_not_stop_the_feed(world: World) -> None:
    project = await propose(world, "A")
    odd = [
        evaluated(world, project, "NaN"),
        evaluated(world, project, "1.00", percentiles={"fifty": "1"}),
        evaluated(world, {"id": str(new_id())}, "1.00"),
        evaluated(world, project, "7.00"),
    ]
    asked = await scenario(world, value="net-present-value")

    assert await consume(world, odd) == 4

    assert worths(await values(world, asked["id"])) == {"A": 7}


async def test_a_chosen_percentile_is_used_where_there_is_one_and_unknown_where_not(world: World) -> None:
    """B6: never zero, and said."""
    sure, unsure = await propose(world, "Sure"), await propose(world, "Unsure")
    await consume(
        world,
        [
            evaluated(world, sure, "5.00", percentiles={"10": "-3.00", "50": "4.00", "90": "9.00"}),
            evaluated(world, unsure, "6.00"),
        ],
    )

    found = await solved(world, value="net-present-value", value_percentile=50)

    read_back = await values(world, found["id"])
    assert found["assumptions"]["value_percentile"] == 50
    assert worths(read_back) == {"Sure": 4, "Unsure": "no-such-percentile"}
    plan = await plan_of(world, found["id"])
    assert [(one["project_name"], one["reason"]) for one in plan["not_considered"]] == [
        ("Unsure", "value-unknown")
    ]


async def test_a_case_in_other_prices_is_left_out_with_the_reason(world: World) -> None:
    """C1: neither another price year nor another currency is mixed in silently."""
    names = ("Ours", "Older prices", "Danish")
    ours, older, danish = [await propose(world, name) for name in names]
    await consume(
        world,
        [
            evaluated(world, ours, "1.00"),
            evaluated(world, older, "1.00", price_year=2024),
            evaluated(world, danish, "1.00", currency="DKK"),
        ],
    )

    found = await solved(world, value="net-present-value")

    plan = await plan_of(world, found["id"])
    reasons = {one["project_name"]: one["reason"] for one in plan["not_considered"]}
    assert reasons == dict.fromkeys(names[1:], "value-in-other-prices")


async def test_a_mix_says_its_formula_its_ranges_and_where_each_part_came_from(world: World) -> None:
    """E2: scores by version of the model, business cases by number."""
    criteria = (await model(world, BENEFIT, RISK))["criteria"]
    one, other = await propose(world, "One"), await propose(world, "Other")
    scored = await score(world.office, one, {criteria[0]["id"]: 5, criteria[1]["id"]: 1})
    await score(world.office, other, {criteria[0]["id"]: 5})
    await consume(world, [evaluated(world, one, "30.00", number=3), evaluated(world, other, "-60.00")])

    asked = await scenario(world, value="mix", value_mix={"score": 3, "net_present_value": 1})

    found = await values(world, asked["id"])
    assert (found["unit"], found["formula"]) == (
        "points",
        "100000 x (0.25 x net-present-value / 60 + 0.75 x score)",
    )
    assert worths(found) == {"One": 87_500, "Other": "partly-scored"}
    parts = {part["part"]: part for part in found["projects"][0]["parts"]}
    assert parts["score"]["model_version"] == 1
    assert set(parts["score"]["score_ids"]) == {each["id"] for each in scored.json()["scores"]}
    assert (parts["net-present-value"]["case_number"], parts["net-present-value"]["normalised"]) == (3, 0.5)
    assert "run_id" not in found


async def test_the_values_of_a_plan_stay_what_it_was_made_from(world: World) -> None:
    """E2: later versions of a case change the scenario's inputs and not where its plan's values came from."""
    project = await propose(world, "A")
    await consume(world, [evaluated(world, project, "5000000.00")])
    found = await solved(world, value="net-present-value")
    before = await values(world, found["id"])

    await consume(world, [evaluated(world, project, "6000000.00", number=2)])

    assert await values(world, found["id"]) == before
    assert before["run_id"] == found["plan_run_id"]
    assert (await read(world.office, f"/scenarios/{found['id']}"))["inputs_changed"]


async def test_todays_sum_of_scores_and_net_benefit_still_plan(world: World) -> None:
    criteria = (await model(world, {**BENEFIT, "scale_max": 10}))["criteria"]
    best, worst = await propose(world, "Best"), await propose(world, "Worst", benefit="90000000.00")
    await score(world.office, best, {criteria[0]["id"]: 5})
    # A share without an end: 2.3 of 9.
    await score(world.office, worst, {criteria[0]["id"]: 3.3})

    by_score = await solved(world, quarters=4, value="score")
    by_money = await solved(world, quarters=4)
    assert worths(await values(world, by_score["id"])) == {"Best": 44_444, "Worst": 25_556}

    assert starts(await plan_of(world, by_score["id"])).keys() == {"Best"}
    assert starts(await plan_of(world, by_money["id"])).keys() == {"Worst"}


@pytest.mark.parametrize(
    "assumed",
    [
        {"value": "mix", "value_mix": {"score": 0}},
        {"value": "mix", "value_mix": {"score": -1}},
        {"value": "mix", "value_mix": {"colour": 1}},
        {"value": "net-present-value", "value_percentile": 0},
        {"value": "net-present-value", "value_percentile": 100},
        {"value": "net-present-value", "value_percentile": 12.5},
        {"value": "luck"},
    ],
)
async def test_odd_ways_to_count_value_are_refused(world: World, assumed: dict[str, Any]) -> None:
    body = {"name": "S", "first_quarter": "2027-Q1", "assumptions": assumed}

    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"]


async def test_values_are_as_private_as_their_scenario(world: World) -> None:
    """P8."""
    asked = await scenario(world, value="score")
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")
    owner = world.desk.caller(Role.PROJECT_OWNER, subject="owner")

    answers = [
        (await caller.get(f"/scenarios/{asked['id']}/values")).status_code
        for caller in (board, stranger, owner)
    ]

    assert answers == [404, 404, 403]
