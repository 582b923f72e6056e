"""Charts with figures as organisations have them, and how long each takes to be drawn.

`python -m bench.charts FOLDER` writes every picture there to be looked at.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from uuid import UUID

from bench.draw import made_up
from gevinst_benefits.domain.charts import (
    benefit_tree,
    cash_flow,
    gate_strip,
    joint_potential,
    npv_distribution,
    tornado,
)
from gevinst_benefits.domain.charts import planned_against_realised as realised
from gevinst_benefits.domain.gates.gates import Outcome, ProjectState
from gevinst_benefits.domain.joint_portfolio import Figures, Key, Known, Shown
from gevinst_benefits.domain.joint_potential import UnitAsked
from gevinst_benefits.domain.joint_potential import joint_potential as potential_of
from gevinst_benefits.domain.tree_picture.layout import layout_of
from gevinst_portfolio.domain.charts import bubbles, frontier, load_map, roadmap
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.svg import finished
from gevinst_shared.charts.themes import HOUSE
from gevinst_shared.charts.words import read_words
from gevinst_shared.values.joint_body import JointBody, JointLine, JointView

Sizes = Sequence[tuple[int, int]]
TREES: Sizes = ((13, 18), (60, 80), (500, 700))
_NAMES = (
    "Felles saksbehandling",
    "Digital post",
    "Helseplattform for kommunene på Sørlandet og i Telemark",
    "Ny nettside",
    "Medisinsk avstandsoppfølging",
    "Datavarehus",
    "Velferdsteknologi",
    "Robotisering av fakturaer",
)

_PLACES = (
    "Bergen kommune",
    "Våler kommune",
    "Interkommunalt samarbeid om velferdsteknologi og digital post på Sørlandet",
    "Nord-Aurdal kommune",
    "Porsanger – Porsáŋgu – Porsanki kommune",
)


def examples(
    language: str = "nb", *, is_dark: bool = False, width: int = 720, trees: Sizes = TREES
) -> Iterator[tuple[str, Chart]]:
    """Each chart with figures as an organisation of some size has them."""
    own = View(read_words("gevinst_benefits", language), is_dark=is_dark, width=width)
    yield from _of_benefits(own, trees)
    yield from _of_portfolio(replace(own, words=read_words("gevinst_portfolio", language)))


@dataclass(frozen=True, slots=True)
class Drawn:
    """Milliseconds as medians, the picture's bytes, and the process's memory after it."""

    chart: str
    svg_ms: float
    png_ms: float
    bytes: int
    megabytes: float


async def measure_drawing(*, rounds: int) -> list[Drawn]:
    """Every example, one after the other in one process; the first row has its start."""
    renderer = Renderer(processes=1)
    try:
        name, chart = next(examples())
        found = [await _drawn(renderer, f"{name}, new process", chart, 1)]
        return found + [await _drawn(renderer, name, chart, rounds) for name, chart in examples()]
    finally:
        await renderer.close()


async def _drawn(renderer: Renderer, name: str, chart: Chart, rounds: int) -> Drawn:
    svgs, pngs, picture = [], [], ""
    for _ in range(rounds):
        begun = time.perf_counter()
        drawn = await renderer.svg(chart.grammar, chart.specification)
        picture = finished(drawn, chart, HOUSE)
        svgs.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        await renderer.png(picture, scale=2)
        pngs.append(time.perf_counter() - begun)
    times = (median(svgs) * 1000, median(pngs) * 1000)
    return Drawn(name, *times, len(picture.encode()), _memory(renderer))


async def write_pictures(folder: Path) -> None:
    """Every example as PNG, light and dark, to be looked at."""
    renderer = Renderer(processes=1)
    try:
        await _write(renderer, folder)
    finally:
        await renderer.close()


async def _write(renderer: Renderer, folder: Path) -> None:
    for suffix in ("light", "dark"):
        for name, chart in examples(is_dark=suffix == "dark"):
            drawn = await renderer.svg(chart.grammar, chart.specification)
            picture = finished(drawn, chart, HOUSE)
            png = await renderer.png(picture, scale=1.5)
            (folder / f"{name.replace(' ', '-')}-{suffix}.png").write_bytes(png)


def _memory(renderer: Renderer) -> float:
    """What the processes hold in memory, in megabytes."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) for pid in renderer.pids]
    return sum(pages) * resource.getpagesize() / 1e6


def _of_benefits(view: View, trees: Sizes) -> Iterator[tuple[str, Chart]]:
    planned = [(year, 100_000_000 + 60_000_000 * (year - 2022)) for year in range(2022, 2036)]
    years = [
        realised.YearTogether(
            year=year,
            planned=amount,
            booked=amount * 9 // 10 if year < 2027 else None,
            realised=amount * 7 // 10 if year < 2026 else None,
            planned_count=9,
            missing=3 if year == 2025 else 9 if year > 2025 else 0,
        )
        for year, amount in planned
    ]
    together = realised.Together("NOK", 2026, 2026, years)
    yield "planned against realised", realised.chart("Digitalisering", together, view)
    for nodes, edges in trees:
        tree = made_up(nodes, edges, seed=1)
        yield (
            f"benefit tree, {nodes} nodes",
            benefit_tree.chart("Eksempel", benefit_tree.Drawn(tree, layout_of(tree)), view),
        )
    yield "gate strip", gate_strip.chart(_strip(), view)
    yield "cash flow", cash_flow.chart(_flow(), view)
    bars = [
        tornado.Bar(name, "1", "2", Decimal(4_000_000 - at * 700_000), Decimal(4_000_000 + at * 900_000))
        for at, name in zip(range(8, 0, -1), _NAMES, strict=True)
    ]
    found = tornado.Tornado("Digital post", "NOK", 2026, Decimal(4_000_000), bars)
    yield "tornado", tornado.chart(found, view)
    percentiles: Mapping[int, Decimal] = {at: Decimal((at - 20) * 120_000) for at in range(1, 100)}
    marks = (percentiles[10], percentiles[50], percentiles[90])
    drawn = npv_distribution.Distribution(
        "x", "NOK", 2026, 10_000, 10_000, marks[1], *marks, Decimal("0.8"), percentiles
    )
    yield "npv distribution", npv_distribution.chart("Digital post", drawn, view)
    bodies = JointView([_line(at) for at in range(98)])
    yield (
        "joint potential, 98 bodies",
        joint_potential.chart("Digital post", potential_of(bodies, UnitAsked()), view),
    )


def _line(at: int) -> JointLine[Figures]:
    """A body; the first is ourselves, and each ninth has told nothing."""
    name = f"{_PLACES[at % len(_PLACES)]} {at}" if at else None
    body = JointBody(f"0192:{900_000_000 + at}", name, UUID(int=at) if at else None)
    figures = Figures(projects=3)
    if at % 9 == 8:
        figures.miss(Shown.POTENTIAL, 3)
    else:
        confirmed = Decimal(250_000 * ((at * 37) % 41)) + Decimal("1234.50")
        given = {"confirmed": confirmed, "unconfirmed": confirmed * (at % 4) / 8}
        figures.sums[Shown.POTENTIAL][Key("money", "NOK", 2026)] = Known(given, 3, 1)
    return JointLine(body, figures)


def _strip() -> gate_strip.Strip:
    names = ("Idé", "Konsept", "Planlegge", "Gjennomføre", "Avslutte", "Realisere")
    phases = [
        gate_strip.PhaseOfStrip(
            name,
            "passed" if at < 2 else "current" if at == 2 else "ahead",
            gate_strip.GateOfStrip(
                f"BP{at + 1}",
                f"Beslutte {name.lower()}",
                (Outcome.GO, Outcome.GO_WITH_CONDITIONS)[at] if at < 2 else None,
                date(2026, 1 + at, 3) if at < 2 else None,
            ),
        )
        for at, name in enumerate(names)
    ]
    return gate_strip.Strip("Felles saksbehandling", ProjectState.RUNNING, phases)


def _flow() -> cash_flow.CashFlow:
    costs = [Decimal(one) for one in (12_000_000, 8_000_000, *[1_500_000] * 8)]
    benefits = [Decimal(one) for one in (0, 1_000_000, *[5_500_000] * 8)]
    net = [gain - cost for cost, gain in zip(costs, benefits, strict=True)]
    accumulated = [sum(net[: at + 1], Decimal(0)) for at in range(len(net))]
    return cash_flow.CashFlow(
        project="Felles saksbehandling",
        number=3,
        currency="NOK",
        price_year=2026,
        years=range(2026, 2036),
        costs=costs,
        benefits=benefits,
        net=net,
        accumulated=accumulated,
        net_present_value=Decimal(8_400_000),
        payback_year=2032,
    )


def _of_portfolio(view: View) -> Iterator[tuple[str, Chart]]:
    projects = [
        bubbles.Bubble(
            f"{_NAMES[at % 8]} {at // 8 + 1}",
            at % 3 == 0,
            20 + (at * 37) % 76,
            1 + (at * 7) % 5,
            Decimal(1_000_000 * (1 + (at * 13) % 60)),
        )
        for at in range(24)
    ]
    yield "bubbles", bubbles.chart(bubbles.Bubbles("Digitalisering", "NOK", 2026, None, 1, 5, projects), view)
    points = [
        frontier.Point(
            0.5 + at / 20, Decimal(40_000_000 + 4_000_000 * at), 200 - 150 * 0.88**at, None, at, ()
        )
        for at in range(20)
    ]
    yield "efficient frontier", frontier.chart(frontier.Frontier("Grunnlag", "NOK", 2026, points), view)
    stretches = [
        roadmap.Stretch(
            f"{_NAMES[at % 8]} {at // 8 + 1}",
            roadmap.STATES[at % 3],
            date(2025 + at % 4, 1 + at % 12, 1),
            None if at == 5 else date(2027 + at % 4, 6, 30),
        )
        for at in range(24)
    ]
    yield "roadmap", roadmap.chart(roadmap.Roadmap("Digitalisering", date(2026, 11, 22), stretches), view)
    quarters = [f"{year}-Q{number}" for year in (2027, 2028, 2029) for number in (1, 2, 3, 4)]
    rows = [
        load_map.Row(
            _NAMES[at % 8],
            "månedsverk",
            at > 5,
            [
                load_map.Cell(q, None if at == 7 else 6.0, float((at * 5 + n * 3) % 9))
                for n, q in enumerate(quarters)
            ],
        )
        for at in range(12)
    ]
    yield "load map", load_map.chart(load_map.LoadMap("Digitalisering", quarters, rows), view)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    asyncio.run(write_pictures(place))
