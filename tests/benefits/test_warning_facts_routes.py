"""What goes wrong for a benefit is announced when it does, and once (N1)."""

from typing import Any

from tests.benefits.plan_records import installation, money, owned, risk
from tests.benefits.test_duty_facts_routes import facts
from tests.benefits.test_outlook_routes import measured
from tests.benefits.test_verification_routes import controller_of
from tests.benefits.world import World, made
from tests.support.days import today


async def changed(world: World, path: str, body: dict[str, Any], revision: int) -> None:
    answer = await world.office.put(path, json=body, headers={"If-Match": f'"{revision}"'})
    assert answer.status_code == 200, answer.text


async def test_a_prerequisite_that_will_not_come_is_announced_when_it_fails(world: World) -> None:
    """N1: with the benefit's unit, so that its owner hears; again only after it was not failed."""
    benefit = await world.planned()
    needed = await made(world.office, f"/benefits/{benefit['id']}/prerequisites", owned(world))
    path = f"/prerequisites/{needed['id']}"

    await changed(world, path, owned(world, state="failed"), 1)
    await changed(world, path, owned(world, state="failed", name="Close both counters"), 2)
    (failed,) = await facts(world, "prerequisite-failed")
    await changed(world, path, owned(world, state="open"), 3)
    await changed(world, path, owned(world, state="failed"), 4)

    assert (failed["benefit_id"], failed["benefit_name"]) == (benefit["id"], benefit["name"])
    assert (failed["owner_unit_id"], failed["state"]) == (str(world.unit), "failed")
    assert len(await facts(world, "prerequisite-failed")) == 2
    assert len(await facts(world, "prerequisite-changed")) == 3


async def test_a_risk_is_announced_when_it_is_or_becomes_high(world: World) -> None:
    """N1: not while it stays high, nor when it is high and over."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/risks"
    high = await made(world.office, path, risk(world))
    low = await made(world.office, path, risk(world, name="Rain", consequence="low"))
    await made(world.office, path, risk(world, name="Snow", state="closed"))

    await changed(world, f"/risks/{high['id']}", risk(world, measure="Call them"), 1)
    await changed(world, f"/risks/{low['id']}", risk(world, name="Rain"), 1)

    told = await facts(world, "risk-turned-high")
    assert [(one["name"], one["level"]) for one in told] == [
        ("People keep calling", "high"),
        ("Rain", "high"),
    ]
    assert {one["owner_unit_id"] for one in told} == {str(world.unit)}


async def test_installations_that_do_not_carry_their_cost_are_announced_once(world: World) -> None:
    """B15, N1."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/installations"
    dear = installation(world, code="locks", benefit_per_year=money("1100.00"))

    for rows in ([installation(world)], [dear], [dear], [installation(world, code="locks")], [dear]):
        await made(world.office, path, {"installations": rows})

    told = await facts(world, "installations-not-carrying")
    assert [(one["count"], one["not_carrying"]) for one in told] == [(20, 10), (20, 10)]
    assert told[0]["owner_unit_id"] == str(world.unit)


async def test_an_overruled_light_is_announced_with_who_why_and_until_when(world: World) -> None:
    """B7, N1: taking it back is another fact."""
    known = await measured(world, (30, "42"))
    path = f"/indicators/{known['id']}/light-overrides"
    said = {"colour": "green", "reason": "Two offices are missing in the extract", "until": str(today())}

    await made(controller_of(world), path, said)
    await made(controller_of(world), path, {"reason": "The extract is right", "until": str(today())})

    (overruled,) = await facts(world, "light-overruled")
    (restored,) = await facts(world, "light-restored")
    assert {name: overruled[name] for name in said} == said
    assert (overruled["overruled_by"], overruled["indicator_name"]) == ("cato", known["name"])
    assert overruled["owner_unit_id"] == str(world.unit)
    assert "colour" not in restored
