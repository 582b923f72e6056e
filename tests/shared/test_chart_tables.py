"""Every figure of a chart's specification stands in its table, as the reader writes it, in all languages."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bench.charts import examples

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.labels import text_width
from gevinst_shared.charts.words import TAGS, Words

SMALL = ((13, 18),)
Written = Callable[[Words, Any], str]


def exact(words: Words, amount: float) -> str:
    return words.exact(Decimal(str(amount)).quantize(Decimal("0.01")))


def rounded(words: Words, value: float) -> str:
    return words.number(value, places=2)


def day(words: Words, text: str) -> str:
    return words.day(date.fromisoformat(text))


def share(words: Words, value: float) -> str:
    return words.percent(value, places=2)


# By chart and field of its data: how the table writes it.
FIELDS: Mapping[str, Mapping[str, Written]] = {
    "planned-against-realised": {"planned": exact, "booked": exact, "realised": exact},
    "cash-flow": {"costs": exact, "benefits": exact, "net": exact, "accumulated": exact},
    "joint-potential": {"confirmed": exact, "unconfirmed": exact},
    "tornado": {"npv_at_low": exact, "npv_at_high": exact},
    "npv-distribution": {"outcome": exact},
    "bubbles": {"value": rounded, "feasibility": rounded, "cost": exact},
    "efficient-frontier": {"money": exact, "value": rounded},
    "roadmap": {"start": day, "end": day},
    "load-map": {"load": rounded, "capacity": rounded},
    "benefit-tree": {"share": share},
    "gate-strip": {"phase": lambda _, name: str(name)},
}


def figures(chart: Chart) -> Iterator[tuple[str, Any]]:
    data = chart.specification["data"]
    sets = [one["values"] for one in data] if isinstance(data, list) else [data["values"]]
    for row in (row for values in sets for row in values):
        for name in FIELDS[chart.name]:
            if row.get(name) is not None:
                yield name, row[name]


@pytest.mark.parametrize("language", TAGS)
def test_the_table_holds_every_figure_of_the_picture(language: str) -> None:
    seen = set()
    for _, chart in examples(language, trees=SMALL):
        words = Words(language, {})
        cells = {cell for table in chart.tables for row in table.rows for cell in row}
        said = [FIELDS[chart.name][name](words, value) for name, value in figures(chart)]
        assert said, chart.name
        # A share that counts against its effect is written below zero.
        missing = [one for one in said if one not in cells and f"−{one}" not in cells]
        assert not missing, (chart.name, missing[:5])
        seen.add(chart.name)

    assert seen == FIELDS.keys()


@pytest.mark.parametrize("language", TAGS)
def test_a_message_has_a_figure_and_no_gap(language: str) -> None:
    """`<desc>` says the message in numbers; no placeholder is left open."""
    for name, chart in examples(language, trees=SMALL):
        assert any(character.isdigit() for character in chart.description), name
        assert not any(mark in f"{chart.title} {chart.spoken}" for mark in "{}"), name
        assert chart.title.strip()
        assert chart.tables[0].caption.strip()


@pytest.mark.parametrize("width", [280, 320, 720, 1600])
def test_no_line_of_the_head_is_wider_than_the_picture(width: int) -> None:

    for name, chart in examples("nb", width=width, trees=SMALL):
        if chart.name == "benefit-tree":
            continue
        for line in chart.specification["title"]["subtitle"]:
            assert text_width(line, 13) <= width - 32, (name, line)
