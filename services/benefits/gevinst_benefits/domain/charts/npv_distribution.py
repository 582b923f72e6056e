"""What a case may come to, as twenty equally likely outcomes: easier to count than a curve to read (C5).

Each dot is one in twenty of the draws: it stands at the middle of its twentieth. Half the dots lie below P50.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import OWN_LEGENDS, Json, View, amounts, entry, vega_lite
from gevinst_shared.charts.words import Words

NAME = "npv-distribution"
DOTS = 20
_HEIGHT = 210


@dataclass(frozen=True, slots=True)
class Distribution:
    """The version's own simulation: `computed` of its `draws` have a value. `percentiles` are at whole
    percents from 1 to 99."""

    project: str
    currency: str
    price_year: int
    draws: int
    computed: int
    mean: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    probability_above_zero: Decimal
    percentiles: Mapping[int, Decimal]


def chart(project: str, found: Distribution | None, view: View) -> Chart:
    """The chart; without anything that varies it says so."""
    words = view.words
    title = words.say(f"{NAME}.title", name=project)
    if found is None:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty"))
    message, notes = _message(found, words), _notes(found, words)
    specification = vega_lite(view, title, [message, words.say(f"{NAME}.dots"), *notes], height=_HEIGHT)
    _draw(specification, found, view)
    return Chart(
        name=NAME,
        language=words.language,
        title=title,
        description=message,
        grammar=Grammar.VEGA_LITE,
        specification=specification,
        tables=(_table(title, found, words),),
        notes=notes,
    )


def outcomes(percentiles: Mapping[int, Decimal]) -> list[Decimal]:
    """The middle of each twentieth, from low to high, in whole hundredths as all money.

    Between two percents it is halfway: the first dot is at 2.5 %.   Check: percentiles equal to their
    percent give 2.5, 7.5, … 97.5.
    """
    middles = ((5 * dot + 2, 5 * dot + 3) for dot in range(DOTS))
    halfway = ((percentiles[below] + percentiles[above]) / 2 for below, above in middles)
    return [one.quantize(Decimal("0.01")) for one in halfway]


def _message(found: Distribution, words: Words) -> str:
    scale = words.scale([found.p10, found.p50, found.p90], found.currency)
    return words.say(
        f"{NAME}.message",
        probability=words.percent(found.probability_above_zero),
        p10=words.in_scale(found.p10, scale),
        p50=words.in_scale(found.p50, scale),
        p90=words.in_scale(found.p90, scale),
        prices=found.price_year,
    )


def _notes(found: Distribution, words: Words) -> list[str]:
    """A draw that cannot be computed is no loss and no gain: it is in no figure."""
    count = words.number(found.draws - found.computed)
    said = words.say(f"{NAME}.not-computed", count=count, whole=words.number(found.draws))
    return [said] if found.computed < found.draws else []


def _stacked(found: list[Decimal]) -> list[tuple[float, int]]:
    """Each outcome in its bin, on top of those that are there before it; bins are as wide as a dot."""
    low, high = float(found[0]), float(found[-1])
    if low == high:
        return [(low, level) for level in range(1, len(found) + 1)]
    width = (high - low) / 12
    heights: dict[int, int] = {}
    dots = []
    for outcome in found:
        # Zero is between two bins: a dot of a loss never stands on the side of the gains.
        at = floor(float(outcome) / width)
        heights[at] = heights.get(at, 0) + 1
        dots.append(((at + 0.5) * width, heights[at]))
    return dots


def _draw(specification: Json, found: Distribution, view: View) -> None:
    words, scheme = view.words, view.scheme
    known = outcomes(found.percentiles)
    scale = words.scale([*known, found.p10, found.p90], found.currency)
    stacked = _stacked(known)
    values = [
        {"outcome": float(one), "at": at, "level": level - 0.5, "is_loss": one < 0}
        for one, (at, level) in zip(known, stacked, strict=True)
    ]
    highest = max(level for _, level in stacked)
    size = min((view.inner - 40) / 15, _HEIGHT / (highest + 2)) ** 2 * 0.62
    x = amounts("at", scale)
    x["scale"] = {"zero": False, "padding": 24, "nice": False}
    x["axis"] |= {"grid": False, "domain": True, "ticks": True, "tickCount": 4 if view.is_narrow else 7}
    y = {
        "field": "level",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, ceil(highest * 1.25) + 1]},
    }
    loss = {"type": "circle", "stroke": scheme.bad}
    layers = [
        entry(
            words.say(f"{NAME}.{name}"),
            {"type": "point", "filled": is_filled, "size": size, "opacity": 1, "strokeWidth": 2.5},
            {"x": x, "y": y},
            look=look,
        )
        | {"transform": [{"filter": test}]}
        for name, test, is_filled, look, is_there in (
            ("loss", "datum.is_loss", False, loss, any(row["is_loss"] for row in values)),
            (
                "gain",
                "!datum.is_loss",
                True,
                {"type": "circle", "fill": scheme.colour(0)},
                not all(row["is_loss"] for row in values),
            ),
        )
        if is_there
    ]
    marks = [_marked(name, float(getattr(found, name)), view) for name in _marked_names(found, known)]
    zero = {"type": "rule", "strokeWidth": 2, "color": scheme.text, "y": 16}
    holds_zero = known[0] <= 0 <= known[-1]
    rule = [{"mark": zero, "encoding": {"x": {"datum": 0}}}] if holds_zero else []
    specification |= {
        "data": {"values": values},
        "resolve": OWN_LEGENDS,
        "layer": [*layers, *rule, *(layer for pair in marks for layer in pair)],
    }


def _marked_names(found: Distribution, known: list[Decimal]) -> list[str]:
    """The percentiles that are marked: the middle alone where their names would stand over each other."""
    apart = min(found.p50 - found.p10, found.p90 - found.p50)
    return ["p10", "p50", "p90"] if apart * 14 > known[-1] - known[0] else ["p50"]


def _marked(name: str, at: float, view: View) -> tuple[Json, Json]:
    """A percentile: a dashed line with its name on top."""
    x = {"x": {"datum": at}}
    rule = {"type": "rule", "strokeDash": [4, 3], "color": view.scheme.muted, "y": 16}
    text = {"type": "text", "text": name.upper(), "y": 8, "fontWeight": 600, "fontSize": 11}
    one: Json = {"data": {"values": [{}]}}
    return {"mark": rule, "encoding": x, **one}, {"mark": text, "encoding": x, **one}


def _table(title: str, found: Distribution, words: Words) -> Table:
    rows = [(name.upper(), words.exact(getattr(found, name))) for name in ("p10", "p50", "p90")]
    rows += [
        (words.say(f"{NAME}.mean"), words.exact(found.mean)),
        (words.say(f"{NAME}.above-zero"), words.percent(found.probability_above_zero, places=1)),
        (words.say(f"{NAME}.draws"), words.number(found.draws)),
    ]
    rows += [
        (words.say(f"{NAME}.dot", number=number), words.exact(outcome))
        for number, outcome in enumerate(outcomes(found.percentiles), start=1)
    ]
    columns = (words.say(f"{NAME}.figure"), words.say(f"{NAME}.npv"))
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, tuple(rows), numeric=frozenset({1}))
