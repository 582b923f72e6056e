"""Price indexes that an organisation keeps for all its cases, over HTTP (C1, E2)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.price_indexes import KeptIndexOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.test_general_case_routes import published, refused
from tests.benefits.world import World, made, make_world
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

Json = dict[str, Any]


def index(valid_from: str = "2026-01-12", **values: str) -> Json:
    years = values or {"y2024": "100", "y2026": "106"}
    return {
        "code": "consumer-prices",
        "name": "Consumer prices",
        "source": "Statistics Norway, table 08184",
        "valid_from": valid_from,
        "values": [{"year": int(year[1:]), "value": value} for year, value in years.items()],
    }


def old_prices(world: World, **members: Any) -> Json:
    """A cost of 1000 in 2024 prices, in a case of 2026."""
    return world.case(lines=[world.cost(price_year=2024)], **members)


def cases(world: World) -> str:
    return f"/projects/{world.project_id}/business-cases"


async def test_a_case_is_indexed_by_what_the_organisation_keeps(world: World) -> None:
    """C1, E2: 1000 of 2024 is 1060 of 2026, and the version keeps the figures with their source and day."""
    kept = await made(world.office, "/price-indexes", index())

    version = await made(world.office, cases(world), old_prices(world, kept_index="consumer-prices"))
    other = f"/projects/{world.other_id}/business-cases"
    again = await made(world.office, other, old_prices(world, kept_index="consumer-prices"))

    assert KeptIndexOut.model_validate(kept).model_dump(mode="json", exclude_none=True) == kept
    assert version["results"]["costs"][0] == again["results"]["costs"][0] == "1060.00"
    assert version["price_index"] == {
        "name": "Consumer prices",
        "source": "Statistics Norway, table 08184 (2026-01-12)",
        "values": kept["values"],
    }


async def test_a_later_edition_is_for_later_versions(world: World) -> None:
    """C1: a version keeps what it was written with; an edition of a coming day is not in force."""
    await made(world.office, "/price-indexes", index("2025-01-12"))
    first = await made(world.office, cases(world), old_prices(world, kept_index="consumer-prices"))
    await made(world.office, "/price-indexes", index("2026-01-12", y2024="100", y2026="110"))
    await made(world.office, "/price-indexes", index("2199-01-12", y2024="100", y2026="300"))

    second = await made(world.office, cases(world), old_prices(world, kept_index="consumer-prices"))
    found = await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")
    listed = (await world.office.get("/price-indexes?code=consumer-prices")).json()["items"]

    assert second["results"]["costs"][0] == "1100.00"
    kept = (await world.office.get(f"/business-cases/{first['id']}")).json()
    assert kept["results"]["costs"][0] == "1060.00"
    assert found.json()["parts"] == [{"part": "prices", "effect_on_npv": "-40.00"}]
    assert [one["valid_from"] for one in listed] == ["2199-01-12", "2026-01-12", "2025-01-12"]
    assert (await world.office.get("/price-indexes?code=wages")).json()["items"] == []


async def test_a_general_case_is_taken_over_in_the_prices_of_now(world: World) -> None:
    """C1, C3."""
    await made(world.office, "/price-indexes", index())
    version = await made(world.office, cases(world), world.case(price_year=2026))
    general = await made(world.office, "/general-cases", {"business_case_id": version["id"], "name": "Post"})
    body = {"general_case_id": general["id"], "unit_id": str(world.unit), "price_year": 2024}

    local = await made(
        world.office, f"/projects/{world.other_id}/takeovers", body | {"kept_index": "consumer-prices"}
    )

    assert local["price_year"] == 2024
    assert local["results"]["costs"][0] == "943.40"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"kept_index": "wages"}, "price-index-not-known"),
        ({"kept_index": "Consumer prices"}, "malformed"),
        ({"kept_index": "consumer-prices", "price_index": {**index(), "code": None}}, "two-price-indexes"),
        ({"kept_index": "old-prices"}, "mixed-price-years"),
    ],
)
async def test_an_index_that_does_not_do_is_refused(world: World, members: Json, code: str) -> None:
    """C1: openly or not at all."""
    await made(world.office, "/price-indexes", index())
    await made(world.office, "/price-indexes", index(y2025="100", y2026="104") | {"code": "old-prices"})
    if "price_index" in members:
        own = {name: index()[name] for name in ("name", "source", "values")}
        members = members | {"price_index": own}

    answer = await world.office.post(cases(world), json=old_prices(world, **members))

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")


async def test_an_edition_is_kept_once_by_who_may_and_seen_by_nobody_else(world: World) -> None:
    await made(world.office, "/price-indexes", index())
    manager = world.desk.caller(Role.PROJECT_MANAGER, subject="mia")
    stranger = world.desk.caller(*EVERYONE, subject="per", organisation=new_organisation())
    twice = index("2026-02-01") | {"values": [{"year": 2026, "value": "1"}, {"year": 2026, "value": "2"}]}

    again = await world.office.post("/price-indexes", json=index())

    assert again.status_code == 409
    assert (await manager.post("/price-indexes", json=index("2026-03-01"))).status_code == 403
    assert (await world.office.post("/price-indexes", json=twice)).status_code == 400
    assert (await stranger.get("/price-indexes")).json()["items"] == []
    refused = await world.office.post(cases(world), json=old_prices(world, kept_index="none-such"))
    assert "consumer-prices" in problem(refused)["detail"]


async def test_prices_of_several_years_travel_and_are_brought_together_where_they_are_used(
    world: World, benefits: Desk
) -> None:
    """C1, C3: the document has no index, for a price index is everybody's own."""
    years = [{"year": 2024, "value": "100"}, {"year": 2026, "value": "106"}]
    prices = {"name": "CPI", "source": "Made up", "values": years}
    price = {"name": "price", "value": "50", "unit": "NOK", "price_year": 2024}
    cost = world.cost(amounts={"pattern": "one-off", "amount": "price"})
    _, general = await published(world, world.case(assumptions=[price], price_index=prices, lines=[cost]))
    document = (await world.office.get(f"/general-cases/{general['id']}/document")).json()
    there = await make_world(Desk(benefits.app, "benefits", benefits.installation, new_organisation()))

    brought = await made(there.office, "/general-case-imports", document)
    path = f"/projects/{there.project_id}/takeovers"
    body = {"general_case_id": brought["id"], "unit_id": str(there.unit)}
    without = await there.office.post(path, json=body)
    local = await made(there.office, path, body | {"price_index": prices})

    assert refused(without) == (400, "mixed-price-years")
    assert local["results"]["costs"][0] == "53.00"
