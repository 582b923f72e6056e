"""Who hears of what goes wrong for a benefit, and of money that was awarded (N1)."""

from typing import Any

import pytest

from gevinst_notifications.domain.messages import KINDS
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.examples import DATA
from tests.notifications.world import World

LINE = {"bo", "cato", "olga", "magnus"}


@pytest.fixture
async def unit(world: World) -> World:
    """With a benefit owner in the unit, a controller and finance."""
    for who in ("bo", "cato", "fia"):
        await world.person(who)
    await world.role("bo", Role.BENEFIT_OWNER, "unit", world.unit_id)
    await world.role("cato", Role.BENEFIT_CONTROLLER, "organisation")
    await world.role("fia", Role.FINANCE, "organisation")
    return world


async def heard(world: World, type_: str, **changes: Any) -> set[str]:
    """Who has the fact in the inbox when it is told; the example's members, with the project's id."""
    kind = KINDS[f"gevinst.{type_}.v1"]
    ids = {"project_id": world.project_id, "owner_unit_id": world.unit_id}
    await world.hear(world.fact(type_, **{**DATA[kind], **ids, **changes}))
    found = set()
    for who in world.people:
        page = (await world.caller(who).get("/inbox")).json()
        if str(kind) in {item["kind"] for item in page["items"]}:
            found.add(who)
    return found


@pytest.mark.parametrize(
    ("type_", "who"),
    [
        ("benefits.prerequisite-failed", LINE),
        ("benefits.risk-turned-high", LINE),
        ("benefits.installations-not-carrying", LINE),
        ("benefits.light-overruled", LINE | {"olle"}),
        ("portfolio.pool-awarded", {"bo", "olga", "magnus", "fia"}),
    ],
)
async def test_those_who_must_act_on_a_warning_hear_of_it(unit: World, type_: str, who: set[str]) -> None:
    """N1: B15, B7 and M2 among them."""
    assert await heard(unit, type_) == who


@pytest.mark.parametrize(
    ("type_", "doer", "who"),
    [
        ("benefits.light-overruled", {"overruled_by": "cato"}, "cato"),
        ("benefits.risk-turned-high", {"actor": "magnus"}, "magnus"),
        ("portfolio.pool-awarded", {"awarded_by": "fia"}, "fia"),
    ],
)
async def test_whoever_did_it_is_not_told(unit: World, type_: str, doer: dict[str, str], who: str) -> None:
    assert who not in await heard(unit, type_, **doer)


async def test_a_benefit_owner_elsewhere_does_not_hear(unit: World) -> None:
    """B2: the role counts in the unit where the benefit falls."""
    other = new_id()
    await unit.hear(unit.event("unit-changed", unit_id=other, name="Skole", path=[str(other)]))

    assert "bo" not in await heard(unit, "benefits.risk-turned-high", project_id=None, owner_unit_id=other)
