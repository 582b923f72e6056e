"""Business cases over HTTP (C1, C4)."""

from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from tests.benefits.world import World, made
from tests.support.callers import problem

INDEX = {
    "name": "Consumer prices",
    "source": "made up",
    "values": [{"year": 2025, "value": "100"}, {"year": 2026, "value": "110"}],
}


async def test_a_version_is_computed_exactly_under_the_countrys_regime(world: World) -> None:
    """C4: 600/1.04 + 600/1.04² − 1000 = 131.66; tax financing is 20 % of the public need."""
    answer = await world.office.post(f"/projects/{world.project_id}/business-cases", json=world.case())

    assert answer.status_code == 201, answer.text
    version = answer.json()
    results = version["results"]
    assert (version["number"], version["regime"]["id"]) == (1, "no-r109-2021")
    assert results["net"] == ["-1000.00", "600.00", "600.00"]
    assert version["net_present_value"] == results["net_present_value"] == "131.66"
    assert results["benefit_cost_ratio"] == "1.13"
    assert results["payback_year"] == 2028
    assert results["tax_financing"] == ["200.00", "-120.00", "-120.00"]
    assert results["net_present_value_after_tax_financing"] == "157.99"
    assert results["units"][0]["net_present_value"] == "131.66"
    read = await world.office.get(f"/business-cases/{version['id']}")
    assert read.json() == version


async def test_versions_are_numbered_and_the_latest_is_listed_first(world: World) -> None:
    path = f"/projects/{world.project_id}/business-cases"
    for _ in range(3):
        await made(world.office, path, world.case())

    page = (await world.office.get(f"{path}?limit=2")).json()

    assert [item["number"] for item in page["items"]] == [3, 2]
    assert page["next_cursor"]


async def test_the_difference_says_what_each_line_did_to_the_value(world: World) -> None:
    """G4."""
    path = f"/projects/{world.project_id}/business-cases"
    first = await made(world.office, path, world.case())
    cost, gain = first["lines"]
    dearer = {**cost, "amounts": {"pattern": "yearly", "amounts": ["1300.00"]}}
    second = await made(world.office, path, world.case(lines=[dearer, gain]))

    found = (await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")).json()

    assert (found["npv_before"], found["npv_after"], found["effect_on_npv"]) == (
        "131.66",
        "-168.34",
        "-300.00",
    )
    assert found["lines"] == [
        {
            "line_id": cost["id"],
            "name": "Licences",
            "change": "changed",
            "total_before": "1000.00",
            "total_after": "1300.00",
            "effect_on_npv": "-300.00",
            "members": ["amounts"],
        }
    ]


async def test_an_index_brings_price_years_together_openly(world: World) -> None:
    """C1."""
    lines = [world.cost(price_year=2025), world.gain()]
    path = f"/projects/{world.project_id}/business-cases"

    refused = await world.office.post(path, json=world.case(lines=lines))
    indexed = await made(world.office, path, world.case(lines=lines, price_index=INDEX))

    assert problem(refused)["type"].endswith("#mixed-price-years")
    assert indexed["results"]["costs"][0] == "1100.00"


async def test_a_case_in_another_currency_is_not_compared(world: World) -> None:
    path = f"/projects/{world.project_id}/business-cases"
    first = await made(world.office, path, world.case())
    second = await made(world.office, path, world.case(currency="EUR"))

    answer = await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "mixed-currencies")


async def test_discount_regimes_are_shown_with_their_sources(world: World) -> None:
    regimes = {one["id"]: one for one in (await world.office.get("/discount-regimes")).json()["items"]}

    assert regimes["no-r109-2021"]["bands"][0] == {"first_year": 0, "last_year": 40, "rate_per_year": "0.04"}
    assert regimes["no-r109-2021"]["tax_financing_rate"] == "0.2"
    assert "valid_until" not in regimes["dk-2021"]
    assert regimes["dk-2013"]["valid_until"] == "2021-01-07"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"horizon_years": 0}, "malformed"),
        ({"horizon_years": 10**9}, "malformed"),
        ({"horizon_years": "3"}, "malformed"),
        ({"base_year": 1066}, "malformed"),
        ({"regime": "no-such"}, "unknown-discount-regime"),
        ({"currency": "XAU"}, "malformed"),
        ({"lines": []}, "malformed"),
        ({"number": 7}, "malformed"),
        ({"line": {"first_year": 2025}}, "outside-horizon"),
        ({"line": {"amounts": {"pattern": "yearly", "amounts": ["1"] * 4}}}, "outside-horizon"),
        ({"line": {"amounts": {"pattern": "yearly", "amounts": ["NaN"]}}}, "formula-unknown-name"),
        ({"line": {"amounts": {"pattern": "yearly", "amounts": ["1" * 16]}}}, "formula-not-understood"),
        ({"line": {"amounts": {"pattern": "yearly", "amounts": [5]}}}, "malformed"),
        ({"line": {"amounts": {"pattern": "weekly"}}}, "malformed"),
        (
            {"line": {"amounts": {"pattern": "recurring", "amount_per_year": "1", "ramp": ["-1"]}}},
            "malformed",
        ),
        ({"line": {"unit_id": "0198b6a4-7c1e-7000-8000-000000000001"}}, "unit-not-known"),
        ({"price_index": INDEX | {"values": [{"year": 2026, "value": "0"}]}}, "malformed"),
        ({"twice": True}, "line-twice"),
        ({"price_index": INDEX | {"values": [{"year": 2026, "value": "1"}] * 2}}, "index-year-twice"),
        (
            {
                "price_index": INDEX
                | {"values": [{"year": 2025, "value": "0.001"}, {"year": 2026, "value": "1"}]},
                "line": {"price_year": 2025, "amounts": {"pattern": "yearly", "amounts": ["9" * 13]}},
            },
            "formula-number-too-large",
        ),
        ({"risk_pool": {"year": 2029, "amount": "500.00"}}, "outside-horizon"),
        ({"financing": {"first_year": 2025, "amounts": ["1.00", "1.00"]}}, "outside-horizon"),
        ({"financing": {"first_year": 2028, "amounts": ["1.00", "1.00"]}}, "outside-horizon"),
    ],
)
async def test_odd_cases_are_refused(world: World, change: dict[str, Any], code: str) -> None:
    lines = [world.cost(**change.pop("line", {}))]
    if change.pop("twice", False):
        lines = [world.cost(id="0198b6a4-7c1e-7000-8000-000000000003")] * 2
    if "risk_pool" in change:
        change["risk_pool"]["unit_id"] = str(world.unit)
    if "financing" in change:
        change["financing"] = [{"name": "Pool", "kind": "other", "price_year": 2026} | change["financing"]]

    answer = await world.office.post(
        f"/projects/{world.project_id}/business-cases", json=world.case(**({"lines": lines} | change))
    )

    assert answer.status_code in {400, 409}, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")


async def test_a_large_case_over_many_years_with_the_largest_amounts_is_computed(world: World) -> None:
    lines = [
        world.gain(amounts={"pattern": "recurring", "amount_per_year": "9" * 15 + ".99"}, first_year=2026)
        for _ in range(200)
    ]

    version = await made(
        world.office,
        f"/projects/{world.project_id}/business-cases",
        world.case(horizon_years=150, lines=lines),
    )

    assert len(version["results"]["years"]) == 150
    assert version["results"]["accumulated"][-1] == "29999999999999999700.00"


@pytest.mark.parametrize("tiny", ["cost", "gain", "both"])
async def test_amounts_next_to_nothing_give_no_ratio_and_no_rate(world: World, tiny: str) -> None:
    """C5: none rather than a number that nobody can hold."""
    nothing = "*".join(["0.000000000001"] * 5)
    cost = nothing if tiny in {"cost", "both"} else "9" * 15
    gain = nothing if tiny in {"gain", "both"} else "9" * 15
    lines = [
        world.cost(amounts={"pattern": "one-off", "amount": cost}),
        world.gain(amounts={"pattern": "one-off", "amount": gain}),
    ]

    version = await made(
        world.office, f"/projects/{world.project_id}/business-cases", world.case(lines=lines)
    )

    assert "internal_rate_of_return" not in version["results"]["appraisal"]
    assert ("benefit_cost_ratio" in version["results"]) == (tiny == "gain")


async def test_a_repeated_request_with_a_key_writes_one_version(world: World) -> None:
    path, body = f"/projects/{world.project_id}/business-cases", world.case()
    headers = {"Idempotency-Key": "once"}

    answers = [await world.office.post(path, json=body, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert len((await world.office.get(path)).json()["items"]) == 1


async def test_a_manager_of_the_project_may_write_and_one_of_another_may_not(world: World) -> None:
    await world.assign("mona", Role.PROJECT_MANAGER, "project", world.project_id)
    mona = world.desk.caller(Role.READER, subject="mona")

    own = await mona.post(f"/projects/{world.project_id}/business-cases", json=world.case())
    other = await mona.post(f"/projects/{world.other_id}/business-cases", json=world.case())

    assert (own.status_code, other.status_code) == (201, 403)
