"""Factors of a business case over HTTP: written, compared, localised, frozen and printed (C2, C3, C5)."""

import json
from typing import Any

import pytest

from gevinst_benefits.schemas.business_cases import BusinessCaseOut
from gevinst_benefits.schemas.case_sensitivities import SensitivityOut
from tests.benefits.living_cases import assumed
from tests.benefits.world import World, made
from tests.support.callers import problem
from tests.support.paper_reading import pdf_text

Json = dict[str, Any]
UPTAKE = {"code": "uptake", "name": "How fast people take it up", "note": "Ask the counters"}
WAGES = {"code": "wages", "name": "Wage growth"}


def hanging(name: str, value: str, unit: str, **loadings: str) -> Json:
    """A number with a range from nothing to twice as much."""
    spread = {"low": "0", "high": str(2 * int(value)), "distribution": "triangular"}
    hangs = [{"factor": factor, "loading": loading} for factor, loading in loadings.items()]
    return assumed(name, value, unit, spread=spread, loadings=hangs)


def case(world: World, **members: Any) -> Json:
    """Letters and calls that both hang on how fast people take the service up."""
    gains = [
        world.gain(name=name, amounts={"pattern": "recurring", "amount_per_year": formula})
        for name, formula in (("Postage", "letters * postage"), ("Calls", "calls * call_cost"))
    ]
    assumptions = [
        hanging("letters", "1000", "letters/year", uptake="0.8"),
        hanging("calls", "400", "calls/year", uptake="0.7", wages="-0.1"),
        assumed("postage", "20", "NOK/letter"),
        assumed("call_cost", "60", "NOK/call"),
    ]
    return (
        world.case(lines=[world.cost(), *gains], assumptions=assumptions, factors=[UPTAKE, WAGES]) | members
    )


def cases(world: World) -> str:
    return f"/projects/{world.project_id}/business-cases"


async def figure(world: World, version: Json, what: str) -> Json:
    answer = await world.office.get(f"/business-cases/{version['id']}/{what}")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def on(*hangs: tuple[str, str]) -> Json:
    return {"loadings": [{"factor": factor, "loading": loading} for factor, loading in hangs]}


async def test_a_case_names_factors_that_its_assumptions_hang_on(world: World) -> None:
    """C5: the exact value stays, the spread grows, and the factor's bar moves both."""
    version = await made(world.office, cases(world), case(world))
    alone = [
        {name: value for name, value in one.items() if name != "loadings"} for one in version["assumptions"]
    ]
    apart = await made(world.office, cases(world), case(world, assumptions=alone))

    shape = BusinessCaseOut.model_validate(version)
    assert shape.model_dump(mode="json", exclude_none=True) == version
    assert version["factors"] == [UPTAKE, WAGES]
    assert version["assumptions"][1]["loadings"] == on(("uptake", "0.7"), ("wages", "-0.1"))["loadings"]
    assert "loadings" not in version["assumptions"][2]
    assert version["results"] == apart["results"] | {"lines": version["results"]["lines"]}
    bound, loose = [await figure(world, one, "simulation?seed=5") for one in (version, apart)]
    assert float(bound["standard_deviation"]) > 1.15 * float(loose["standard_deviation"])
    bars = await figure(world, version, "sensitivity")
    assert SensitivityOut.model_validate(bars).model_dump(mode="json", exclude_none=True) == bars
    assert [one["factor"] for one in bars["factors"]] == ["uptake", "wages"]
    assert (bars["factors"][0]["assumptions"], len(bars["factors"][0]["line_ids"])) == (
        ["letters", "calls"],
        2,
    )
    assert (await figure(world, apart, "sensitivity"))["factors"] == []


async def test_a_version_with_factors_can_be_written_again_as_it_was_answered(world: World) -> None:
    version = await made(world.office, cases(world), case(world))

    members = ("assumptions", "factors")
    again = await made(world.office, cases(world), case(world, **{name: version[name] for name in members}))

    assert [again[name] for name in members] == [version[name] for name in members]


@pytest.mark.parametrize(
    ("hangs", "factors", "code", "pointer"),
    [
        (on(("uptake", "0.5")), [], "factor-not-known", "/loadings/0/factor"),
        (on(("uptake", "0.5"), ("uptake", "0.5")), [UPTAKE], "odd-loadings", "/loadings"),
        (on(("uptake", "0.8"), ("wages", "-0.8")), [UPTAKE, WAGES], "odd-loadings", "/loadings"),
        (on(("uptake", "1.1")), [UPTAKE], "malformed", "/loadings/0/loading"),
        (on(("uptake", "-2")), [UPTAKE], "malformed", "/loadings/0/loading"),
        ({"loadings": [{"factor": "uptake", "loading": 0.5}]}, [UPTAKE], "malformed", "/loadings/0/loading"),
        ({"loadings": [{"factor": "uptake"}]}, [UPTAKE], "malformed", "/loadings/0/loading"),
        (on(("Up take", "0.5")), [UPTAKE], "malformed", "/loadings/0/factor"),
        (on(*[(f"f{n}", "0.1") for n in range(5)]), [UPTAKE], "malformed", "/loadings"),
    ],
)
async def test_a_loading_that_cannot_be_is_refused_where_it_stands(
    world: World, hangs: Json, factors: list[Json], code: str, pointer: str
) -> None:
    first, *others = case(world)["assumptions"]
    rest = [{name: value for name, value in one.items() if name != "loadings"} for one in others]

    body = case(world, assumptions=[first | hangs, *rest], factors=factors)
    answer = await world.office.post(cases(world), json=body)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")
    assert [error["pointer"] for error in problem(answer)["errors"]] == [f"/body/assumptions/0{pointer}"]


async def test_what_is_certain_hangs_on_no_factor_and_no_factor_is_named_twice(world: World) -> None:
    certain = assumed("letters", "1000", "letters/year", **on(("uptake", "0.5")))
    first = await world.office.post(
        cases(world), json=case(world, assumptions=[certain, *case(world)["assumptions"][1:]])
    )
    twice = await world.office.post(cases(world), json=case(world, factors=[UPTAKE, WAGES, UPTAKE]))

    assert problem(first)["type"].endswith("#factor-without-range")
    assert problem(twice)["type"].endswith("#factor-twice")
    assert problem(twice)["errors"][0]["pointer"] == "/body/factors/2/code"


async def test_a_changed_loading_and_a_new_factor_are_told_and_did_nothing_to_the_value(world: World) -> None:
    """C2, G4: what changed is said in full, and nothing is worth what changes no amount."""
    before = await made(world.office, cases(world), case(world))
    letters, *others = case(world)["assumptions"]
    changed = [letters | on(("uptake", "0.2")), *others]
    after = await made(
        world.office,
        cases(world),
        case(world, assumptions=changed, factors=[UPTAKE | {"name": "Uptake"}, WAGES]),
    )

    found = await figure(world, after, f"difference?with={before['id']}")

    assert found["effect_on_npv"] == "0.00"
    [one] = found["assumptions"]
    assert (one["name"], one["members"], one["effect_on_npv"]) == ("letters", ["loadings"], "0.00")
    assert found["parts"] == [{"part": "factors", "effect_on_npv": "0.00"}]


async def test_a_general_case_hands_its_factors_on(world: World) -> None:
    """C3: a local count keeps what it hangs on when it has a range, and may hang on something else."""
    version = await made(world.office, cases(world), case(world))
    general = await made(
        world.office, "/general-cases", {"business_case_id": version["id"], "name": "Uptake"}
    )
    spread = {"low": "100", "high": "900"}
    drivers: list[Json] = [
        {"name": "letters", "value": "500", "spread": spread},
        {"name": "calls", "value": "50"},
        {"name": "postage", "value": "21", "spread": {"low": "20", "high": "30"}, **on(("wages", "0.3"))},
    ]
    body = {"general_case_id": general["id"], "unit_id": str(world.unit), "drivers": drivers}

    local = await made(world.office, f"/projects/{world.other_id}/takeovers", body)
    alien = [*drivers[:2], drivers[2] | on(("weather", "0.3"))]
    refused = await world.office.post(f"/projects/{world.other_id}/takeovers", json=body | {"drivers": alien})

    own = {one["name"]: one.get("loadings") for one in local["assumptions"]}
    assert own["letters"] == on(("uptake", "0.8"))["loadings"]
    assert own["calls"] is None
    assert own["postage"] == on(("wages", "0.3"))["loadings"]
    assert local["factors"] == [UPTAKE, WAGES]
    document = (await world.office.get(f"/general-cases/{general['id']}/document")).json()
    assert document["factors"] == [UPTAKE, WAGES]
    assert problem(refused)["type"].endswith("#factor-not-known")
    assert problem(refused)["errors"][0]["pointer"] == "/body/drivers/2/loadings/0/factor"


async def test_an_update_from_the_original_brings_the_factor_that_it_needs(world: World) -> None:
    """C3."""
    plain = [
        {name: value for name, value in one.items() if name != "loadings"}
        for one in case(world)["assumptions"]
    ]
    first = await made(world.office, cases(world), case(world, assumptions=plain, factors=[]))
    publication = {"business_case_id": first["id"], "name": "Uptake"}
    general = await made(world.office, "/general-cases", publication)
    body = {"general_case_id": general["id"], "unit_id": str(world.unit)}
    local = await made(world.office, f"/projects/{world.other_id}/takeovers", body)
    second = await made(world.office, cases(world), case(world))
    await made(world.office, "/general-cases", publication | {"business_case_id": second["id"]})

    origin = (await world.office.get(f"/business-cases/{local['id']}/origin")).json()
    taken = {"sha256": origin["sha256"], "assumptions": ["letters"]}
    updated = await made(world.office, f"/business-cases/{local['id']}/updates", taken)

    assert local["factors"] == []
    assert updated["factors"] == [UPTAKE]
    assert updated["assumptions"][0]["loadings"] == on(("uptake", "0.8"))["loadings"]


async def test_a_gate_freezes_the_factors_and_its_paper_names_them(world: World) -> None:
    """G4: and what changed of them is a change of what the case assumes."""
    await world.started()
    await made(world.office, cases(world), case(world))
    await world.decided((await world.proposed())["id"])
    calls = hanging("calls", "400", "calls/year", uptake="0.3")
    letters, _, *others = case(world)["assumptions"]
    await made(world.office, cases(world), case(world, assumptions=[letters, calls, *others]))
    gate = await world.proposed(gate="BP2")

    frozen = json.loads((await world.office.get(f"/gates/{gate['id']}/basis")).json()["canonical"])
    paper = await world.office.get(f"/gates/{gate['id']}/paper", headers={"Accept-Language": "nb"})

    assert frozen["business_case"]["model"]["factors"] == [UPTAKE, WAGES]
    assert {one["part"] for one in gate["difference"]["parts"]} >= {"assumptions"}
    text = pdf_text(paper.content)
    assert "Varierer sammen How fast people take it up (forutsetninger: 2)" in text
    assert "Wage growth" not in text
