"""What a case comes to, told by this service and read by the portfolio service (C5, A5)."""

from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.case_values import CASE_EVALUATED, CaseValue, case_value
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from tests.benefits.living_cases import assumed, ranged
from tests.benefits.world import World, made


async def told(world: World) -> CaseValue:
    """The last evaluation in this service's feed, as the portfolio service reads it."""
    client = world.desk.caller(Role.INTEGRATION, subject="peer")
    page = (await client.get("/events?limit=100")).json()
    events = [Event.read(one) for one in page["items"] if one["type"] == CASE_EVALUATED]
    return case_value(events[-1].data, events[-1].time)


async def written(world: World, *assumptions: dict[str, Any]) -> dict[str, Any]:
    amounts = {"pattern": "recurring", "amount_per_year": "saved"}
    lines = [world.cost(), world.gain(amounts=amounts)]
    body = world.case(lines=lines, assumptions=list(assumptions))
    return await made(world.office, f"/projects/{world.project_id}/business-cases", body)


async def test_the_portfolio_reads_every_percentile_that_a_simulation_of_the_case_shows(world: World) -> None:
    case = await written(world, ranged("saved", "600", "200", "800", "NOK/year"))

    value = await told(world)

    shown = (await world.office.get(f"/business-cases/{case['id']}/simulation")).json()
    assert value.net_present_value == Decimal(case["net_present_value"])
    for percent in (10, 50, 90):
        assert value.amount(percent) == Decimal(shown[f"p{percent}"]["value"])
    amounts = [value.percentiles[percent] for percent in range(1, 100)]
    assert amounts == sorted(amounts)
    assert value.is_in("NOK", 2026)


async def test_of_a_case_in_which_nothing_varies_only_its_own_value_is_known(world: World) -> None:
    """C5: that nobody stated a range does not make a case certain."""
    case = await written(world, assumed("saved", "600", "NOK/year"))

    value = await told(world)

    assert (value.amount(None), value.amount(50)) == (Decimal(case["net_present_value"]), None)
