"""Business cases of assumptions and formulas over HTTP (C1, C2, C5, C7, G4, P9)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from tests.benefits.living_cases import assumed, digital_post
from tests.benefits.world import World, made
from tests.support.callers import problem

Json = dict[str, Any]
AMOUNT = "/body/lines/0/amounts/amount_per_year"


@pytest.fixture
def post(world: World) -> Json:
    return digital_post(
        {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    )


def path(world: World) -> str:
    return f"/projects/{world.project_id}/business-cases"


def living(world: World, *assumptions: Json, amount: str = "n * price", **members: Any) -> Json:
    """One yearly cost by a formula, over three years."""
    cost = world.cost(amounts={"pattern": "recurring", "amount_per_year": amount})
    return world.case(assumptions=list(assumptions), lines=[cost]) | members


async def code_of(world: World, body: Json) -> tuple[str, list[Any]]:
    """What the body was refused for, and where it points; anything but a 400 fails the test."""
    answer = await world.office.post(path(world), json=body)
    assert answer.status_code == 400, answer.text
    found = problem(answer)
    return found["type"].partition("#")[2], [error["pointer"] for error in found.get("errors", [])]


def numbers(texts: Sequence[str]) -> list[Decimal]:
    return [Decimal(text) for text in texts]


async def test_digital_post_costs_first_and_saves_more_and_more_after(world: World, post: Json) -> None:
    """Worked case 1: own counts, a net cost in year 1, savings rising over the two years after."""
    version = await made(world.office, path(world), post)

    results = version["results"]
    net = numbers(results["net"])
    assert net[0] < 0 < net[1] < net[2] == net[3]
    # 520,000 + 250,000 + 20 × 12 h × 325 + 90,000 and a tenth for what may go wrong.
    assert results["costs"][0] == "1031800.00"
    # Half of 72,000 letters × (7.30 + 3 min × 325/h × half), less 40,000 for help from the first day.
    assert results["benefits"][1] == "515300.00"
    assert (results["years"][0], results["payback_year"]) == (2013, 2015)
    assert {one["unit_id"] for one in results["units"]} == {str(world.top), str(world.unit)}
    assert results["cover"]["gap"][0] == "1800.00"
    assert results["cover"]["is_covered"] is False
    freed = {one["unit_of_measure"]: one["amounts"] for one in results["freed_time"]}
    assert freed == {"FTE": ["0.00", "1.12", "2.25", "2.25", "2.25"]}
    assert results["quality"][0]["amounts"][-1] == "0.25"
    assert [one["code"] for one in results["alternatives"]] == ["zero", "digital-post"]
    assert results["alternatives"][1]["net_present_value"] == version["net_present_value"]
    reads = {one["name"]: line["reads"] for one, line in zip(version["lines"], results["lines"], strict=True)}
    assert "letters_citizens" in reads["Postage and paper, citizens"]


async def test_a_version_can_be_written_again_as_it_was_answered(world: World, post: Json) -> None:
    """The difference between the two is nothing."""
    first = await made(world.office, path(world), post)
    body = {name: first[name] for name in post if name != "regime"} | {"regime": first["regime"]["id"]}
    second = await made(world.office, path(world), body)

    found = (await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")).json()

    assert (found["parts"], found["assumptions"], found["lines"]) == ([], [], [])


async def test_a_changed_assumption_says_what_it_did_through_which_line(world: World, post: Json) -> None:
    """C2, G4."""
    first = await made(world.office, path(world), post)
    lines = first["lines"]
    dearer = [one | {"value": "8"} if one["name"] == "postage" else one for one in post["assumptions"]]
    second = await made(world.office, path(world), post | {"assumptions": dearer, "lines": lines})

    found = (await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")).json()

    (change,) = found["assumptions"]
    assert (change["name"], change["value_before"], change["value_after"]) == ("postage", "6.50", "8")
    assert change["members"] == ["value"]
    assert [one["name"] for one in change["lines"]] == [
        "Postage and paper, citizens",
        "Postage and paper, technical",
    ]
    effects = sum(numbers([one["effect_on_npv"] for one in change["lines"]]))
    assert effects == Decimal(change["effect_on_npv"]) == Decimal(found["effect_on_npv"]) > 0
    assert found["lines"] == found["parts"] == []


async def test_the_gate_freezes_what_the_case_assumed(world: World, post: Json) -> None:
    """G4."""
    await world.started()
    await made(world.office, path(world), post)
    gate = await world.proposed()

    basis = (await world.office.get(f"/gates/{gate['id']}/basis")).json()

    assert "letters_citizens" in str(basis)


async def test_the_tornado_has_the_widest_swing_first(world: World, post: Json) -> None:
    """C5."""
    version = await made(world.office, path(world), post)

    found = (await world.office.get(f"/business-cases/{version['id']}/sensitivity")).json()

    swings = numbers([one["swing"] for one in found["assumptions"]])
    assert swings == sorted(swings, reverse=True)
    assert found["net_present_value"] == version["net_present_value"]
    assert found["assumptions"][0]["name"] == "digital_share"
    assert len(found["assumptions"][0]["line_ids"]) == 6


async def test_what_the_case_may_come_to_is_drawn(world: World, post: Json) -> None:
    """C5: the same seed, the same answer; the version's own when none is given."""
    version = await made(world.office, path(world), post)
    address = f"/business-cases/{version['id']}/simulation"

    first, again, own = [
        (await world.office.get(f"{address}?{query}")).json()
        for query in ("draws=2000&seed=5", "draws=2000&seed=5", "draws=2000")
    ]

    assert first == again
    assert (first["seed"], first["draws"], first["computed"]) == (5, 2000, 2000)
    assert own["seed"] != 5
    assert Decimal(first["p10"]["value"]) < Decimal(first["p50"]["value"]) < Decimal(first["p90"]["value"])
    assert Decimal(first["probability_above_zero"]["value"]) > Decimal("0.5")
    for query in ("draws=99", "draws=100001", "seed=-1", "seed=9007199254740992", "draws=NaN"):
        assert (await world.office.get(f"{address}?{query}")).status_code == 400


async def test_a_case_says_what_it_earns_or_why_it_earns_nothing(world: World, post: Json) -> None:
    """C5: payback, a rate of return that is proved or none, value by invested krone, switching values."""
    version = await made(world.office, path(world), post)
    only_cost = await made(world.office, path(world), world.case(lines=[world.cost()]))

    earned = version["results"]["appraisal"]
    assert (earned["payback"]["year"], earned["discounted_payback"]["year"]) == (2015, 2015)
    assert Decimal("0.5") < Decimal(earned["internal_rate_of_return"]) < 1
    assert Decimal(earned["net_present_value_per_invested"]) > 1
    assert "no_rate" not in earned
    manager = next(one for one in version["lines"] if one["name"] == "Project manager")
    figures = next(one for one in version["results"]["lines"] if one["line_id"] == manager["id"])
    assert Decimal(figures["switching_factor"]) > 2
    assert only_cost["results"]["appraisal"]["no_rate"] == "no-change-of-sign"
    assert "internal_rate_of_return" not in only_cost["results"]["appraisal"]


async def test_an_fte_costs_what_the_organisation_has_set(world: World) -> None:
    """A version keeps what was in force when it was written."""
    finance = world.desk.caller(Role.FINANCE, subject="fia")

    def setting(day: str, cost: str) -> Json:
        amount = {"amount": cost, "currency": "NOK", "price_year": 2026}
        return {"valid_from": day, "cost_per_year": amount, "hours_per_year": "1700", "source": "Accounts"}

    body = living(world, assumed("n", "2", "FTE"), amount="n * salary_per_fte")
    assert (await code_of(world, body))[0] == "formula-unknown-name"
    await made(finance, "/salary-costs", setting("2020-01-01", "700000"))
    first = await made(world.office, path(world), body)
    await made(finance, "/salary-costs", setting("2021-01-01", "800000"))
    await made(finance, "/salary-costs", setting("2099-01-01", "900000"))
    second = await made(world.office, path(world), body)

    assert [one["results"]["costs"][0] for one in (first, second)] == ["1400000.00", "1600000.00"]
    taken = next(one for one in first["assumptions"] if one["name"] == "salary_per_fte")
    assert (taken["value"], taken["unit"], taken["source"]) == (
        "700000.00",
        "NOK/FTE/year",
        "Accounts (2020-01-01)",
    )
    own = living(
        world,
        assumed("salary_per_fte", "1", "NOK/FTE"),
        assumed("n", "1", "FTE"),
        amount="n * salary_per_fte",
    )
    assert (await made(world.office, path(world), own))["results"]["costs"][0] == "1.00"
    nothing = await finance.post("/salary-costs", json=setting("2030-01-01", "0"))
    assert problem(nothing)["type"].endswith("#salary-cost-not-above-zero")
    twice = await finance.post("/salary-costs", json=setting("2020-01-01", "1"))
    assert twice.status_code == 409
    assert len((await world.office.get("/salary-costs")).json()["items"]) == 3


async def test_tax_financing_is_a_parameter(world: World) -> None:
    """C4."""
    without = await made(world.office, path(world), world.case(tax_financing_rate="0"))
    dearer = await made(world.office, path(world), world.case(tax_financing_rate="0.3"))

    assert without["results"]["present_tax_financing"] == "0.00"
    assert dearer["results"]["tax_financing"][0] == "300.00"
    assert dearer["regime"]["tax_financing_rate"] == "0.3"


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"amount": "n +"}, "formula-ends-early", AMOUNT),
        ({"amount": "1+" * 500_000 + "1"}, "too-large", None),
        ({"amount": "1+" * 1000 + "1"}, "malformed", None),
        (
            {"amount": "(" * 900 + "1" + ")" * 900},
            "formula-too-deep",
            "/body/lines/0/amounts/amount_per_year",
        ),
        ({"amount": "NaN"}, "formula-unknown-name", AMOUNT),
        ({"amount": "Infinity"}, "formula-unknown-name", AMOUNT),
        ({"amount": "1e999"}, "formula-not-understood", AMOUNT),
        ({"amount": "price / (n - n)"}, "formula-divides-by-zero", AMOUNT),
        ({"amount": "price * 9 ^ 99"}, "formula-number-too-large", AMOUNT),
        ({"amount": "price + n"}, "units-do-not-fit", AMOUNT),
        ({"amount": "n"}, "unit-not-expected", AMOUNT),
        ({"amount": "price ^ n"}, "formula-odd-exponent", AMOUNT),
        ({"amount": "while(1 < 2, 1, 1)"}, "formula-odd-call", AMOUNT),
        ({"amount": "min() * price"}, "formula-not-understood", AMOUNT),
        ({"amount": "if(n > 1, price)"}, "formula-odd-arguments", AMOUNT),
        ({"amount": "min(n > 1, price)"}, "formula-odd-comparison", AMOUNT),
        ({"amount": "round(price, 7)"}, "formula-odd-rounding", AMOUNT),
        ({"horizon_years": 1_000_000}, "malformed", "/body/horizon_years"),
        ({"recommended": "other"}, "alternative-not-known", "/body/recommended"),
        (
            {"alternatives": [{"code": "a", "name": "A"}] * 2},
            "alternative-twice",
            "/body/alternatives/2/code",
        ),
        ({"lines": [{}] * 201}, "malformed", "/body/lines"),
        ({"assumptions": [assumed("a", "1")] * 101}, "malformed", "/body/assumptions"),
        (
            {"assumptions": [assumed("a", "b"), assumed("b", "a")]},
            "assumption-cycle",
            "/body/assumptions/0/value",
        ),
        ({"assumptions": [assumed("a", "1", "bananas")]}, "unknown-unit", "/body/assumptions/0/unit"),
        ({"assumptions": [assumed("a b", "1")]}, "malformed", "/body/assumptions/0/name"),
        ({"assumptions": [assumed("if", "1")]}, "assumption-name-reserved", "/body/assumptions/0/name"),
        (
            {"assumptions": [assumed("price", "1", "NOK", price_year=2020), assumed("n", "1")]},
            "mixed-price-years",
            None,
        ),
        (
            {"assumptions": [assumed("n", "1", spread={"low": "2", "high": "1"})]},
            "assumption-odd-range",
            "/body/assumptions/0/spread",
        ),
        (
            {"assumptions": [assumed("n", "1", spread={"low": "2", "high": "3"})]},
            "assumption-odd-range",
            "/body/assumptions/0/spread",
        ),
        (
            {
                "financing": [
                    {"name": "x", "kind": "other", "first_year": 2026, "price_year": 2020, "amounts": ["1"]}
                ]
            },
            "mixed-price-years",
            "/body/financing/0/price_year",
        ),
    ],
)
async def test_odd_cases_get_a_helpful_answer(
    world: World, body: Json, code: str, pointer: str | None
) -> None:
    sound = (assumed("n", "2"), assumed("price", "5", "NOK"))
    members = {name: value for name, value in body.items() if name != "amount"}
    written = living(world, *sound, amount=body.get("amount", "n * price")) | members
    if "assumptions" in body:
        written["lines"][0]["amounts"]["amount_per_year"] = "7"
    if code == "too-large":
        answer = await world.office.post(path(world), json=written)
        assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (413, code)
        return

    found, pointers = await code_of(world, written)

    assert found == code
    assert pointer is None or pointer in pointers


@pytest.mark.parametrize(
    "change",
    [
        {"start_delays": [{"years": 0, "probability": "1.5"}]},
        {"amounts": {"pattern": "recurring", "amount_per_year": "1", "ramp": {"shape": "linear"}}},
        {"amounts": {"pattern": "recurring", "amount_per_year": "1", "ramp": {"shape": "table", "years": 2}}},
        {"amounts": {"pattern": "one-off", "amount": 5}},
        {"amounts": {"pattern": "one-off", "amount": ""}},
        {"use": "\u0000"},
    ],
)
async def test_lines_of_no_known_form_are_malformed(world: World, change: Json) -> None:
    code, _ = await code_of(world, world.case(lines=[world.gain(**change)]))

    assert code == "malformed"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"start_delays": [{"years": 0, "probability": "0.5"}]}, "odd-delays"),
        ({"side": "cost", "is_disbenefit": True}, "disbenefit-is-a-cost"),
    ],
)
async def test_lines_that_contradict_themselves_are_refused(world: World, change: Json, refusal: str) -> None:
    code, _ = await code_of(world, world.case(lines=[world.gain(**change)]))

    assert code == refusal


async def test_a_line_falls_on_a_unit_that_is_known(world: World) -> None:
    unknown = "0198b6a4-7c1e-7000-8000-000000000001"

    answer = await world.office.post(
        path(world), json=world.case(risk_pool={"unit_id": unknown, "share": "0.1"})
    )

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "unit-not-known")


async def test_the_refusal_speaks_the_readers_language(world: World) -> None:
    answer = await world.office.post(
        path(world), json=living(world, amount="1 +"), headers={"Accept-Language": "da"}
    )

    assert problem(answer)["title"] == "Formlen slutter for tidligt"


@pytest.mark.slow
async def test_the_largest_case_of_formulas_is_written_and_explained(world: World) -> None:
    """Bounded work: 100 assumptions, 200 lines that read all of them in turn, 150 years."""
    spread = {"low": "1", "high": "9", "distribution": "pert"}
    assumptions = [assumed(f"a{number}", "3", "NOK", spread=spread) for number in range(100)]
    lines = [
        world.cost(
            name=f"Line {number}",
            amounts={
                "pattern": "recurring",
                "amount_per_year": f"a{number % 100} * 2 + a{(number + 1) % 100}",
            },
        )
        for number in range(200)
    ]
    body = world.case(horizon_years=150, assumptions=assumptions, lines=lines)

    first = await made(world.office, path(world), body)
    changed = [one | {"value": "4"} for one in assumptions]
    second = await made(world.office, path(world), body | {"assumptions": changed, "lines": first["lines"]})
    found = (await world.office.get(f"/business-cases/{second['id']}/difference?with={first['id']}")).json()
    tornado = (await world.office.get(f"/business-cases/{second['id']}/sensitivity")).json()

    assert len(found["assumptions"]) == len(tornado["assumptions"]) == 100
    effects = sum(numbers([one["effect_on_npv"] for one in found["assumptions"]]))
    assert effects == Decimal(found["effect_on_npv"])


async def test_an_index_has_one_value_a_year(world: World) -> None:
    """C1: of two values for 2025 nobody could tell which brought the amounts together."""
    values = [{"year": year, "value": value} for year, value in ((2024, "100"), (2025, "104"), (2025, "109"))]
    index = {"name": "Consumer prices", "source": "Statistics Norway", "values": values}

    answer = await world.office.post(path(world), json=world.case(price_index=index))

    assert answer.status_code == 400
    [error] = problem(answer)["errors"]
    assert error["pointer"] == "/body/price_index/values"
    assert "2025" in error["detail"]
