"""What would bring a project in is said of whole years, also where a scenario ends within one (P7)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.scenario_money import rise_of_year, within_reach
from tests.portfolio.planned import open_world, plan_of, propose, scenario, solve
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_capacity_routes import cost
from tests.portfolio.world import World, make_world, put
from tests.support.callers import Desk

AMOUNTS = st.integers(0, 10**14)


def test_half_a_year_has_half_of_its_money_and_the_year_must_rise_by_twice_as_much() -> None:
    assert within_reach(600, 2) == 300
    assert rise_of_year(600, 2, 100) == 200


@given(AMOUNTS, st.integers(1, 4), st.integers(1, 10**14))
def test_the_rise_is_enough_and_a_hundredth_less_is_not(year: int, quarters: int, more: int) -> None:
    rise = rise_of_year(year, quarters, more)

    wanted = within_reach(year, quarters) + more
    assert within_reach(year + rise, quarters) == wanted
    assert within_reach(year + rise - 1, quarters) < wanted


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def now_and_late(world: World) -> None:
    """Now takes the 6 million of 2027, and Late 4 million in the first half of 2028."""
    await propose(world, "Now", cost="6000000.00", benefit="90000000.00", latest_start="2027-01-01")
    half = {"start": "2028-01-01", "end": "2028-06-30", "earliest_start": "2028-01-01"}
    await propose(world, "Late", **half, latest_start="2028-01-01")


async def plan_with(world: World, scenario_id: str, amount: Decimal, carry: str) -> set[str]:
    """Who is in when the portfolio's budget of 2028 is set to this."""
    path = f"/portfolios/{world.portfolio_id}/budget"
    known = await world.office.get(path)
    years = [cost(2027, "6000000.00"), cost(2028, f"{amount:.2f}")]
    body = {"years": years, "roll_over": {"carry": carry}}
    answer = await put(world.office, path, body, revision=int(known.headers["etag"].strip('"')))
    assert answer.status_code == 200, answer.text
    await solve(world, scenario_id)
    return {one["project_name"] for one in (await plan_of(world, scenario_id))["selected"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("carry", "quarters", "amount", "within"),
    [
        ("none", 6, "2999999.99", "1500000.00"),
        ("pool", 6, "2999999.99", "1500000.00"),
        ("none", 7, "333333.33", "250000.00"),
    ],
    ids=["half a year", "half a year of a pool", "three quarters"],
)
async def test_the_stated_rise_of_the_years_budget_brings_a_project_in_and_a_hundredth_less_does_not(
    world: World, carry: str, quarters: int, amount: str, within: str
) -> None:
    """P7: of 5 million and a hundredth in 2028 the scenario has its share."""
    there = Decimal("5000000.01")
    await now_and_late(world)
    found = await scenario(world, quarters=quarters, budgets=[])
    assert await plan_with(world, found["id"], there, carry) == {"Now"}

    analysis = await analysed(world, found["id"], "explanation", levers=["money"])

    (late,) = analysis["explanation"]["left_out"]
    (more,) = late["remedies"][0]["money"]
    assert (late["is_proved"], more["year"], more["quarters_within"]) == (True, 2028, quarters - 4)
    assert (more["amount"]["amount"], more["amount_within"]["amount"]) == (amount, within)
    raised = there + Decimal(amount)
    assert await plan_with(world, found["id"], raised, carry) == {"Now", "Late"}
    assert await plan_with(world, found["id"], raised - Decimal("0.01"), carry) == {"Now"}


@pytest.mark.slow
async def test_the_sentence_names_the_year_and_the_part_of_it_in_each_language(world: World) -> None:
    await now_and_late(world)
    found = await scenario(world, quarters=6, budgets=[])
    await plan_with(world, found["id"], Decimal(4_000_000), "none")

    analysis = await analysed(world, found["id"], "explanation", levers=["money"])

    for language, words in {
        "en": "4,000,000 NOK more investment money in 2028 (2,000,000 NOK of it for the part of the year",
        "nb": "2\u00a0000\u00a0000 NOK av det til den delen av året som planlegges: 2 av 4 kvartaler",
        "nn": "2\u00a0000\u00a0000 NOK av det til den delen av året som blir planlagd: 2 av 4 kvartal",
        "da": "2.000.000 NOK af det til den del af året, der planlægges: 2 af 4 kvartaler",
        "sv": "2\u00a0000\u00a0000 NOK av det till den del av året som planeras: 2 av 4 kvartal",
    }.items():
        told = await world.office.get(f"/analyses/{analysis['id']}", headers={"Accept-Language": language})
        (late,) = told.json()["explanation"]["left_out"]
        assert words in late["remedies"][0]["sentence"]


@pytest.mark.slow
async def test_of_a_year_that_is_planned_whole_nothing_is_said_but_the_rise(world: World) -> None:
    await now_and_late(world)
    found = await scenario(world, budgets=[])
    await plan_with(world, found["id"], Decimal(1_000_000), "none")

    analysis = await analysed(world, found["id"], "explanation", levers=["money"])

    (remedy,) = analysis["explanation"]["left_out"][0]["remedies"]
    assert "3,000,000 NOK more investment money in 2028." in remedy["sentence"]
    assert remedy["money"][0].keys() == {"kind", "year", "amount"}
