"""A business case by year: costs down, benefits up, and what they come to (C1, C4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.specification import OWN_LEGENDS, Json, View, amounts, entry, mixed, vega_lite
from gevinst_shared.charts.words import Words

NAME = "cash-flow"
FIELDS = ("costs", "benefits", "net", "accumulated")


@dataclass(frozen=True, slots=True)
class CashFlow:
    """A version as it was computed: not discounted, in its currency and price year."""

    project: str
    number: int
    currency: str
    price_year: int
    years: Sequence[int]
    costs: Sequence[Decimal]
    benefits: Sequence[Decimal]
    net: Sequence[Decimal]
    accumulated: Sequence[Decimal]
    net_present_value: Decimal
    payback_year: int | None


def chart(found: CashFlow, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.project, number=found.number)
    message = _message(found, words)
    specification = vega_lite(view, title, [message], height=320)
    _draw(specification, found, view)
    return Chart(
        name=NAME,
        language=words.language,
        title=title,
        description=message,
        grammar=Grammar.VEGA_LITE,
        specification=specification,
        tables=(_table(title, found, words),),
    )


def _message(found: CashFlow, words: Words) -> str:
    values = {
        "costs": words.money(sum(found.costs, Decimal(0)), found.currency),
        "benefits": words.money(sum(found.benefits, Decimal(0)), found.currency),
        "npv": words.money(found.net_present_value, found.currency),
        "first": found.years[0],
        "last": found.years[-1],
        "prices": found.price_year,
    }
    paid = "never" if found.payback_year is None else "payback"
    said = words.say(f"{NAME}.message", **values)
    return f"{said} {words.say(f'{NAME}.{paid}', year=found.payback_year)}"


def _draw(specification: Json, found: CashFlow, view: View) -> None:
    words, scheme = view.words, view.scheme
    rows = list(zip(*(getattr(found, name) for name in ("years", *FIELDS)), strict=True))
    values = [
        {"year": year, **{name: float(amount) for name, amount in zip(FIELDS, parts, strict=True)}}
        for year, *parts in rows
    ]
    scale = words.scale([amount for _, *parts in rows for amount in parts], found.currency)
    width = min(0.36 * (view.inner - 60) / max(1, len(rows)), 26)
    pale = mixed(scheme.bad, scheme.surface, 0.12)
    year = {
        "field": "year",
        "type": "ordinal",
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": True},
    }
    other = {"type": "quantitative"}
    cost = {"type": "bar", "width": width, "xOffset": -width / 2 - 0.5, "fill": pale, "stroke": scheme.bad}
    line = {"type": "line", "strokeWidth": 2.5, "point": {"filled": True, "size": 36, "fill": scheme.text}}
    specification |= {
        "data": {"values": values},
        "encoding": {"x": year},
        "resolve": OWN_LEGENDS,
        "layer": [
            entry(
                words.say(f"{NAME}.costs"),
                cost,
                {"y": amounts("minus", scale)},
                look={"fill": pale, "stroke": scheme.bad},
            )
            | {"transform": [{"calculate": "-datum.costs", "as": "minus"}]},
            entry(
                words.say(f"{NAME}.benefits"),
                {"type": "bar", "width": width, "xOffset": width / 2 + 0.5},
                {"y": {"field": "benefits", **other}},
                look={"fill": scheme.good},
            ),
            entry(
                words.say(f"{NAME}.accumulated"),
                line,
                {"y": {"field": "accumulated", **other}},
                look={"type": "stroke", "stroke": scheme.text, "width": 2.5},
            ),
            {"mark": {"type": "rule", "color": scheme.muted}, "encoding": {"x": None, "y": {"datum": 0}}},
            *_payback(found, view),
        ],
    }


def _payback(found: CashFlow, view: View) -> list[Json]:
    """A line through the year in which the case has paid back."""
    if found.payback_year is None:
        return []
    at = {"x": {"datum": found.payback_year, "type": "ordinal"}}
    is_late = list(found.years).index(found.payback_year) > len(found.years) / 2
    text = {
        "type": "text",
        "align": "right" if is_late else "left",
        "dx": -6 if is_late else 6,
        "y": 8,
        "fontWeight": 600,
        "text": view.words.say(f"{NAME}.paid-back", year=found.payback_year),
    }
    rule = {"type": "rule", "strokeDash": [4, 3], "color": view.scheme.muted}
    # Twice, to be legible over a bar.
    halo = {"stroke": view.scheme.surface, "strokeWidth": 3, "strokeJoin": "round"}
    texts: list[Json] = [
        {"mark": one, "encoding": at, "data": {"values": [{}]}} for one in (text | halo, text)
    ]
    return [{"mark": rule, "encoding": at}, *texts]


def _table(title: str, found: CashFlow, words: Words) -> Table:
    parts = (getattr(found, name) for name in FIELDS)
    rows = tuple(
        (str(year), *(words.exact(amount) for amount in amounts_of_year))
        for year, *amounts_of_year in zip(found.years, *parts, strict=True)
    )
    columns = tuple(words.say(f"{NAME}.{column}") for column in ("year", *FIELDS))
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, rows, numeric=frozenset({1, 2, 3, 4}))
