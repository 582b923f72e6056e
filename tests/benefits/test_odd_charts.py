"""Charts of what people also have: names without a space, huge and negative amounts, one point, nothing."""

from collections.abc import AsyncIterator, Iterator
from decimal import Decimal

import pytest

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree, Edge, Node, NodeKind
from gevinst_benefits.domain.charts import (
    benefit_tree,
    cash_flow,
    gate_strip,
    joint_potential,
    npv_distribution,
    tornado,
)
from gevinst_benefits.domain.charts import planned_against_realised as realised
from gevinst_benefits.domain.gates.gates import ProjectState
from gevinst_benefits.domain.joint_potential import UnitAsked
from gevinst_benefits.domain.joint_potential import joint_potential as potential_of
from gevinst_benefits.domain.tree_picture.layout import layout_of
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.charts.specification import View
from gevinst_shared.charts.svg import finished
from gevinst_shared.charts.themes import HOUSE
from gevinst_shared.charts.words import read_words
from gevinst_shared.values.joint_body import JointView
from tests.benefits.joint_lines import NOK, line, money

BIG = Decimal(10) ** 15
LONG, TURNED = "W" * 300, "\u202eevig redlos"
NAMES = (LONG, TURNED, '</text><script>alert("x")</script>', "👩‍👩‍👧 漢字")
WIDTH = 320


@pytest.fixture(scope="module")
async def renderer() -> AsyncIterator[Renderer]:
    opened = Renderer(processes=1)
    yield opened
    await opened.close()


def view(*, is_dark: bool = False) -> View:
    return View(read_words("gevinst_benefits", "nb"), is_dark=is_dark, width=WIDTH)


def flow(name: str, *net: Decimal) -> cash_flow.CashFlow:
    zero = [Decimal(0)] * len(net)
    accumulated = [sum(net[: at + 1], Decimal(0)) for at in range(len(net))]
    years = range(2026, 2026 + len(net))
    return cash_flow.CashFlow(name, 1, "NOK", 2026, years, zero, net, net, accumulated, accumulated[-1], 2026)


def charts() -> Iterator[Chart]:
    for name in NAMES:
        yield cash_flow.chart(flow(name, BIG, -2 * BIG, Decimal("0.01")), view())
        yield cash_flow.chart(flow(name, Decimal(0)), view(is_dark=True))
        bars = [tornado.Bar(name, "1", "2", -BIG, BIG), tornado.Bar(name, "1", "2", BIG, BIG)]
        yield tornado.chart(tornado.Tornado(name, "NOK", 2026, BIG, bars), view())
        yield tornado.chart(
            tornado.Tornado(name, "NOK", 2026, BIG, [tornado.Bar(name, "1", "2", None, BIG)]), view()
        )
        yield npv_distribution.chart(name, None, view())
        same = dict.fromkeys(range(1, 100), -BIG)
        found = npv_distribution.Distribution(
            name, "NOK", 2026, 10, 1, -BIG, -BIG, -BIG, -BIG, Decimal(0), same
        )
        yield npv_distribution.chart(name, found, view())
        years = [realised.YearTogether(2026, 10**17, -(10**17), None, 1, 1)]
        yield realised.chart(name, realised.Together("NOK", 2026, 2026, years), view())
        for stated in ({NOK: money(BIG, -2 * BIG)}, {NOK: money(0)}, None):
            lines = [line(name, stated), line(name, missing=1), line(None)]
            yield joint_potential.chart(name, potential_of(JointView(lines), UnitAsked()), view())
        phase = gate_strip.PhaseOfStrip(name, "current", gate_strip.GateOfStrip(name, name))
        yield gate_strip.chart(gate_strip.Strip(name, ProjectState.RUNNING, [phase] * 3), view())


@pytest.mark.slow
async def test_a_picture_is_as_wide_as_asked_whatever_stands_in_it(renderer: Renderer) -> None:
    for chart in charts():
        drawn = await renderer.svg(chart.grammar, chart.specification)
        picture = finished(drawn, chart, HOUSE)

        width = float(picture.partition('width="')[2].partition('"')[0])
        assert width <= WIDTH + 1, (chart.name, width)
        assert "<script" not in picture
        assert "\u202e" not in picture
        assert "NaN" not in picture
        assert "Infinity" not in picture


async def test_a_tree_of_odd_names_and_edges_is_drawn(renderer: Renderer) -> None:
    """B3: an edge to itself, one that leads back, and none at all."""
    named = zip(NodeKind, (*NAMES, "Goal"), strict=True)
    nodes = tuple(Node(f"N{at}", kind, name) for at, (kind, name) in enumerate(named))
    edges = (Edge("N0", "N0", None), Edge("N1", "N0", Decimal("0.000001")), Edge("N0", "N4", Decimal(1)))
    tree = BenefitTree(nodes, edges)
    problem = benefit_tree.Problem(("N0", "N0"), TURNED)

    chart = benefit_tree.chart(LONG, benefit_tree.Drawn(tree, layout_of(tree), [problem]), view())
    picture = finished(await renderer.svg(chart.grammar, chart.specification), chart, HOUSE)

    assert picture.count("<title") == 1 + len(nodes)
    assert "0,0001\u00a0%" in {cell for row in chart.tables[0].rows for cell in row}
    assert "\u202e" not in picture
