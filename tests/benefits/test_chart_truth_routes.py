"""Every form of every chart of this service says the figures of the JSON operation, in all languages.

Money stands in tables with its hundredths, shares of a tree with all their places, the probability of a gain
rounded to a tenth of a percent; what is not known is said to be so, everywhere, and is nowhere zero.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest

from tests.benefits.living_cases import digital_post, ranged
from tests.benefits.purse import Purse, cash_benefit, make_purse
from tests.benefits.tree_desk import drawn_up, node
from tests.benefits.world import World, made
from tests.support.chart_reading import (
    LANGUAGES,
    Cell,
    check_table,
    day_text,
    holds_all,
    number,
    read_chart,
)

PACKAGE = "gevinst_benefits"
Json = Mapping[str, Any]
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


def amount(money: Json | None) -> Decimal | None:
    return None if money is None else Decimal(money["amount"])


def total(parts: Sequence[Decimal | None]) -> Decimal | None:
    """What is there, together; none where nothing is."""
    there = [one for one in parts if one is not None]
    return sum(there, Decimal(0)) if there else None


@pytest.fixture
async def purse(world: World) -> Purse:
    """Two benefits: of one 800.25 are booked in 2026 and 600.50 found, of the other nothing is verified."""
    purse = await make_purse(world)
    phasing = await purse.agreed((2026, "-800.25"), (2027, "-900.00"))
    await purse.booked(phasing, 2026)
    await purse.verified(2026, "600.50")
    await cash_benefit(world, "12345.60")
    return purse


@in_every_language
async def test_planned_against_realised(purse: Purse, language: str) -> None:
    """M1, E2: the sums of the reconciliation, by year."""
    portfolio = purse.world.portfolio_id
    said = (await purse.finance.get(f"/reconciliation?portfolio={portfolio}")).json()["items"]
    years: dict[int, list[Json]] = {}
    for one in (year for item in said for year in item["years"]):
        years.setdefault(one["year"], []).append(one)
    figures = {
        year: [total([amount(one.get(name)) for one in found]) for name in ("planned", "booked", "realised")]
        for year, found in sorted(years.items())
    }
    counts = {
        year: (sum("realised" in one for one in found), len(found)) for year, found in sorted(years.items())
    }

    chart = await read_chart(
        purse.finance, f"/portfolios/{portfolio}/charts/planned-against-realised", language
    )

    rows = [
        [row["year"], *(row.get(name) for name in ("planned", "booked", "realised"))] for row in chart.rows
    ]
    assert rows == [
        [year, *(None if one is None else float(one) for one in parts)] for year, parts in figures.items()
    ]
    cells = [[str(year), *parts] for year, parts in figures.items()]
    check_table(chart, PACKAGE, cells, columns=4)
    assert [[int(one) for one in row[4].split() if one.isdigit()] for row in chart.tables[0]] == [
        list(count) for count in counts.values()
    ]
    planned, _, realised = figures[2026]
    assert planned is not None
    assert realised == Decimal("600.50")
    share = realised / planned
    # One of two benefits is verified in 2026; the years to come are not due.
    assert holds_all(chart.numbers_said(), [realised, planned, 2026, share, 1, 2])
    assert "2026" in chart.labels


@in_every_language
async def test_nothing_planned_against_nothing(world: World, language: str) -> None:
    chart = await read_chart(
        world.office, f"/portfolios/{world.portfolio_id}/charts/planned-against-realised", language
    )

    assert chart.numbers_said() == []
    assert not any(any(character.isdigit() for character in cell) for row in chart.tables[0] for cell in row)


@in_every_language
async def test_the_cash_flow(world: World, language: str) -> None:
    """C1."""
    case = await living_case(world)
    result = case["results"]
    names = ("costs", "benefits", "net", "accumulated")
    series = [[Decimal(one) for one in result[name]] for name in names]

    chart = await read_chart(world.office, f"/business-cases/{case['id']}/charts/cash-flow", language)

    check_table(chart, PACKAGE, list(zip(map(str, result["years"]), *series, strict=True)))
    assert [[row[name] for name in ("year", *names)] for row in chart.rows] == [
        [year, *map(float, parts)] for year, *parts in zip(result["years"], *series, strict=True)
    ]
    paid = [result["payback_year"]] if "payback_year" in result else []
    sums = [sum(series[0]), sum(series[1]), Decimal(result["net_present_value"])]
    assert holds_all(
        chart.numbers_said(),
        [*sums, result["years"][0], result["years"][-1], case["price_year"], *paid],
    )


@in_every_language
async def test_the_tornado(world: World, language: str) -> None:
    """C5: also where a value cannot be computed at an end."""
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", dividing_case(world))
    said = (await world.office.get(f"/business-cases/{case['id']}/sensitivity")).json()
    bars = said["assumptions"]

    chart = await read_chart(world.office, f"/business-cases/{case['id']}/charts/tornado", language)

    figures = [[npv(one, "low"), npv(one, "high")] for one in bars]
    ranges = [[Decimal(one["low"]), Decimal(one["high"])] for one in bars]
    check_table(
        chart,
        PACKAGE,
        [[one["name"], *ends, *npvs] for one, ends, npvs in zip(bars, ranges, figures, strict=True)],
    )
    known = [
        (one["name"], *[float(part) for part in parts if part is not None])
        for one, parts in zip(bars, figures, strict=True)
        if None not in parts
    ]
    assert [(row["name"], row["npv_at_low"], row["npv_at_high"]) for row in chart.rows] == known
    assert 0 < len(known) < len(bars)
    widest = next(one for one in bars if one["name"] == known[0][0])
    turning = sum(min(parts) < 0 < max(parts) for _, *parts in known)
    assert holds_all(
        chart.numbers_said(widest["name"]),
        [
            Decimal(said["net_present_value"]),
            *(npv(widest, end) or 0 for end in ("low", "high")),
            said["price_year"],
            turning,
            len(bars),
            len(bars) - len(known),
        ],
    )
    for row in chart.rows:
        for end in ("low", "high"):
            assert row[f"said_{end}"] in chart.labels
            assert abs(number(row[f"said_{end}"], language) - Decimal(str(row[f"npv_at_{end}"]))) <= 1


def npv(bar: Json, end: str) -> Decimal | None:
    found = bar.get(f"npv_at_{end}")
    return None if found is None else Decimal(found)


@in_every_language
async def test_the_distribution(world: World, language: str) -> None:
    """C5: also where some draws cannot be computed."""
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", dividing_case(world))
    said = (await world.office.get(f"/business-cases/{case['id']}/simulation")).json()

    chart = await read_chart(world.office, f"/business-cases/{case['id']}/charts/npv-distribution", language)

    marks = [Decimal(said[name]["value"]) for name in ("p10", "p50", "p90")]
    probability = Decimal(said["probability_above_zero"]["value"])
    cells = [row[1] for row in chart.tables[0]]
    assert [number(one, language) for one in cells[:6]] == [
        *marks,
        Decimal(said["mean"]["value"]),
        probability.quantize(Decimal("0.001"), ROUND_HALF_EVEN),
        said["draws"],
    ]
    assert [row["outcome"] for row in chart.rows] == [float(number(one, language)) for one in cells[6:]]
    uncomputed = said["draws"] - said["computed"]
    assert uncomputed > 0
    assert holds_all(
        chart.numbers_said(), [probability, *marks, said["price_year"], uncomputed, said["draws"]]
    )


@in_every_language
async def test_the_benefit_tree(world: World, language: str) -> None:
    """B3, B4: shares that are known and such as are not, and what does not hold."""
    shares = {("T1", "C1"): "0.333333", ("C1", "B1"): None, ("B1", "G1"): "0.75", ("B2", "G1"): "0.5"}
    nodes = [
        node("T1", "technology", name="Tool"),
        node("C1", "change", name="Change"),
        node("B1", "benefit", name="Gain"),
        node("B2", "benefit", name="More work", is_disbenefit=True),
        node("G1", "goal", name="Goal"),
    ]
    edges = [
        {"cause": cause, "effect": effect} | ({} if share is None else {"share": share})
        for (cause, effect), share in shares.items()
    ]
    await drawn_up(world, {"nodes": nodes, "edges": edges})
    path = f"/projects/{world.project_id}"
    tree = (await world.office.get(f"{path}/benefit-tree", headers={"Accept-Language": language})).json()
    names = {one["key"]: one["name"] for one in tree["nodes"]}

    chart = await read_chart(world.office, f"{path}/charts/benefit-tree", language)

    expected: list[list[Cell]] = [
        [
            names[edge["cause"]],
            names[edge["effect"]],
            None
            if "share" not in edge
            # What a disbenefit takes is below zero.
            else Decimal(edge["share"]) * (-1 if edge["cause"] == "B2" else 1),
        ]
        for edge in tree["edges"]
    ]
    check_table(chart, PACKAGE, expected)
    assert {(one["cause"], one["effect"]): one.get("share") for one in chart.named("edges")} == {
        pair: None if share is None else float(share) for pair, share in shares.items()
    }
    assert {one["text"] for one in chart.named("edges") if "text" in one} <= chart.labels
    assert {name for one in chart.outline for name in names.values() if one == name} >= {"Tool", "Goal"}
    findings = [one["text"] for one in tree["findings"]]
    assert findings
    counts = [1, 1, 2, 1, len(edges), 1, len(findings)]
    assert holds_all(chart.numbers_said(*findings), counts)
    wrong = {key for one in tree["findings"] for key in one["keys"]}
    assert {one["key"] for one in chart.named("problems")} == wrong


@in_every_language
@pytest.mark.parametrize("is_decided", [True, False], ids=["decided", "undecided"])
async def test_the_gate_strip(world: World, language: str, *, is_decided: bool) -> None:
    """G1."""
    await world.started()
    if is_decided:
        gate = await world.proposed()
        await world.decided(gate["id"])
    path = f"/projects/{world.project_id}"
    said = (await world.office.get(f"{path}/progress", headers={"Accept-Language": language})).json()

    chart = await read_chart(world.office, f"{path}/charts/gate-strip", language)

    phases = chart.named("phases")
    gates = [row[2] for row in chart.tables[0]]
    assert {one["name"] for one in said["gates_ahead"]} <= set(gates)
    assert gates[: len(said["history"])] == [one["gate_name"] for one in said["history"]]
    assert [row[0] for row in chart.tables[0]] == [one["phase"] for one in phases]
    decided = [one for one in phases if "outcome" in one]
    assert [(one["gate"], one["outcome"], one["decided_on"]) for one in decided] == [
        (one["gate"], one["outcome"], one["decided_on"]) for one in said["history"]
    ]
    days = [day_text(date.fromisoformat(one["decided_on"]), language) for one in said["history"]]
    decisions = [row[3] for row in chart.tables[0]]
    for decision, at in zip(decisions, days, strict=False):
        assert decision.endswith(at)
        assert at in chart.labels
    # What is not decided has no day, in the picture or beside it.
    assert not any(any(character.isdigit() for character in one) for one in decisions[len(days) :])
    place = [one["phase"] for one in phases].index(said["phase_name"]) + 1
    said_now = chart.numbers_said(said["phase_name"], *days, *gates[: len(days)])
    assert holds_all(said_now, [place, len(phases)])


async def living_case(world: World) -> Json:
    units = {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    return dict(await made(world.office, f"/projects/{world.project_id}/business-cases", digital_post(units)))


def dividing_case(world: World) -> dict[str, Any]:
    """A divisor that is zero at its low end, and in some of the draws."""
    gain = {"pattern": "recurring", "amount_per_year": "price / max(0, round(parts))"}
    return world.case(
        assumptions=[ranged("parts", "1", "0", "2"), ranged("price", "6000.5", "100", "9000.25", "NOK")],
        lines=[world.cost(), world.gain(amounts=gain)],
    )
