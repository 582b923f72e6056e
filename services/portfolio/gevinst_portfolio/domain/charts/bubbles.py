"""The portfolio as bubbles: value upwards, feasibility to the right, cost as size (P6, P9).

Missing is not zero: a project without value or feasibility stands nowhere in the picture, and is named in the
table; one without a known cost is a cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import pi, sqrt

from gevinst_portfolio.domain.charts.label_places import Mark, Place, label_places
from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.labels import text_width
from gevinst_shared.charts.specification import OWN_LEGENDS, SMALL, Json, View, cut, entry, mixed, vega_lite
from gevinst_shared.charts.words import Scale, Words

NAME = "bubbles"
_LONGEST_NAME = 200.0
# What costs next to nothing can be seen.
_SMALLEST = 50.0
# More than these are drawn smaller, and shine through each other more.
_FEW = 60


@dataclass(frozen=True, slots=True)
class Bubble:
    """A project; `value` in points from 0 to 100, `feasibility` on the axis's own scale, `cost` in money."""

    name: str
    is_decided: bool
    value: float | None
    feasibility: float | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Bubbles:
    """`axis` names what stands to the right, from `low` to `high`, where more is better."""

    portfolio: str
    currency: str
    price_year: int
    axis: str | None
    low: float
    high: float
    projects: Sequence[Bubble]


@dataclass(frozen=True, slots=True)
class _Plot:
    width: float
    height: float
    largest: float
    dearest: Decimal


def chart(found: Bubbles, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.portfolio)
    drawn = [one for one in found.projects if one.value is not None and one.feasibility is not None]
    if not drawn:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty", count=len(found.projects)))
    message, notes = _message(found, drawn, words), _notes(found, drawn, words)
    specification = vega_lite(view, title, [message, *notes], height=380)
    _draw(specification, found, drawn, view)
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


def _axis(found: Bubbles, words: Words) -> str:
    return found.axis or words.say(f"{NAME}.feasibility")


def _ranged(found: Bubbles, words: Words) -> str:
    low, high = words.number(found.low), words.number(found.high)
    return words.say(f"{NAME}.range", name=_axis(found, words), low=low, high=high)


def _message(found: Bubbles, drawn: Sequence[Bubble], words: Words) -> str:
    middle = (found.low + found.high) / 2
    strong = [one for one in drawn if (one.value or 0) >= 50 and (one.feasibility or 0) >= middle]
    best = max(drawn, key=lambda one: (one.value or 0, one.name))
    costs = [one.cost for one in strong if one.cost is not None]
    # Missing is not zero.
    is_known = bool(costs) or not strong
    return words.say(
        f"{NAME}.message" if is_known else f"{NAME}.message-no-cost",
        strong=len(strong),
        whole=len(found.projects),
        cost=words.money(sum(costs, Decimal(0)), found.currency),
        prices=found.price_year,
        best=best.name,
        value=words.number(best.value or 0, places=1),
    )


def _notes(found: Bubbles, drawn: Sequence[Bubble], words: Words) -> list[str]:
    missing = len(found.projects) - len(drawn)
    unpriced = sum(1 for one in drawn if one.cost is None)
    axis = _axis(found, words)
    # What people wrote stays as they wrote it.
    said = axis if found.axis else axis.lower()
    notes = [words.say(f"{NAME}.missing", count=missing, axis=said)] if missing else []
    return [*notes, words.say(f"{NAME}.unpriced", count=unpriced)] if unpriced else notes


def _draw(specification: Json, found: Bubbles, drawn: Sequence[Bubble], view: View) -> None:
    words, scheme = view.words, view.scheme
    largest = (18.0 if view.is_narrow else 30.0) * sqrt(min(1.0, _FEW / len(drawn)))
    dearest = max((one.cost for one in drawn if one.cost is not None), default=Decimal(0))
    plot = _Plot(view.inner - 58, 360, largest, dearest)
    scale = words.scale([dearest], found.currency)
    span = found.high - found.low
    x_domain = [found.low - span * 0.08, found.high + span * 0.12]
    # The dearest are drawn first, so that none hides a smaller one.
    ordered = sorted(drawn, key=lambda one: (-(one.cost or Decimal(0)), one.name))
    marks = [_mark(one, plot, x_domain) for one in ordered]
    places = label_places(marks, width=plot.width, height=plot.height)
    values = [_row(one, mark, place) for one, mark, place in zip(ordered, marks, places, strict=True)]
    looks = {
        "decided": {"type": "circle", "fill": mixed(scheme.colour(0), scheme.surface, 0.75)},
        "proposed": {"type": "circle", "fill": mixed(scheme.colour(1), scheme.surface, 0.18)},
    }
    looks["decided"]["stroke"], looks["proposed"]["stroke"] = scheme.colour(0), scheme.colour(1)
    channels = _channels(found, x_domain, plot, scale, view)
    opacity = 0.85 if len(drawn) <= _FEW else 0.4
    crosses = [one for one in drawn if one.cost is None]
    specification |= {
        "width": plot.width,
        "height": plot.height,
        "autosize": {"type": "pad"},
        "data": {"values": values},
        "resolve": OWN_LEGENDS,
        "layer": [
            *(_bubbles(status, look, channels, opacity, words) for status, look in looks.items()),
            *([_crosses(view)] if crosses else []),
            {
                "transform": [{"filter": "datum.labelX != null"}],
                "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL},
                "encoding": {
                    "x": {"field": "labelX", "type": "quantitative", "scale": None},
                    "y": {"field": "labelY", "type": "quantitative", "scale": None},
                    "text": {"field": "label", "type": "nominal"},
                },
            },
        ],
    }


def _bubbles(status: str, look: Json, channels: Json, opacity: float, words: Words) -> Json:
    """The proposed are pale with a dashed edge, so that grey tells them apart too."""
    dash = [4, 2] if status == "proposed" else []
    mark = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "fill": look["fill"],
        "fillOpacity": opacity,
        "opacity": 1,
    }
    mark |= {"stroke": look["stroke"], "strokeWidth": 1.5, "strokeDash": dash}
    layer = entry(words.say(f"{NAME}.{status}"), mark, channels, look=look | {"dash": dash})
    test = f"datum.cost != null && datum.status == '{status}'"
    return layer | {"transform": [{"filter": test}]}


def _crosses(view: View) -> Json:
    mark = {"type": "point", "shape": "cross", "size": 90, "filled": True, "opacity": 1}
    look = {"type": "cross", "fill": view.scheme.text}
    layer = entry(view.words.say(f"{NAME}.no-cost"), mark, _at(), look=look)
    return layer | {"transform": [{"filter": "datum.cost == null"}]}


def _at() -> Json:
    return {
        "x": {"field": "feasibility", "type": "quantitative"},
        "y": {"field": "value", "type": "quantitative"},
    }


def _channels(found: Bubbles, domain: list[float], plot: _Plot, scale: Scale, view: View) -> Json:
    words, channels = view.words, _at()
    name = cut(view.lines(_ranged(found, words), size=SMALL, width=plot.width), 3)
    channels["x"] |= {
        "scale": {"domain": domain, "nice": False},
        "axis": {"title": name, "grid": False, "values": _ticks(found), "format": ",.2~f"},
    }
    channels["y"] |= {
        "scale": {"domain": [0, 108], "nice": False},
        "axis": {
            "title": words.say(f"{NAME}.value"),
            "values": [0, 25, 50, 75, 100],
            "domain": False,
            "ticks": False,
        },
    }
    most = float(plot.dearest)
    size = {
        "field": "cost",
        "type": "quantitative",
        "scale": {"domain": [0, most or 1], "range": [_SMALLEST, pi * plot.largest**2]},
        "legend": None
        if most <= 0
        else {
            "title": words.say(f"{NAME}.cost-in", unit=scale.unit),
            "values": [most / 4, most],
            "labelExpr": f"format(datum.value / {scale.divisor}, ',.2~f')",
            "symbolFillColor": "transparent",
        },
    }
    return {**channels, "size": size}


def _ticks(found: Bubbles) -> list[float]:
    span = found.high - found.low
    steps = round(span) if span <= 5 else 4
    return [found.low + span * step / steps for step in range(steps + 1)]


def _mark(one: Bubble, plot: _Plot, domain: list[float]) -> Mark:
    assert one.value is not None
    assert one.feasibility is not None
    share = 0.0 if one.cost is None or not plot.dearest else float(one.cost / plot.dearest)
    across = (one.feasibility - domain[0]) / (domain[1] - domain[0])
    # The renderer takes sizes as areas of pixels.
    area = _SMALLEST + share * (pi * plot.largest**2 - _SMALLEST)
    radius = 6.0 if one.cost is None else sqrt(area / pi)
    return Mark(across * plot.width, plot.height * (1 - one.value / 108), radius, _short(one.name))


def _row(one: Bubble, mark: Mark, place: Place | None) -> Json:
    label = {} if place is None else {"label": mark.name, "labelX": place.x, "labelY": place.y}
    cost = {} if one.cost is None else {"cost": float(one.cost)}
    status = "decided" if one.is_decided else "proposed"
    known = {"name": one.name, "value": one.value, "feasibility": one.feasibility, "status": status}
    return known | cost | label


def _short(name: str) -> str:
    if text_width(name, SMALL) <= _LONGEST_NAME:
        return name
    short = name
    while text_width(f"{short}…", SMALL) > _LONGEST_NAME:
        short = short[:-1]
    return f"{short.rstrip()}…"


def _table(title: str, found: Bubbles, words: Words) -> Table:
    def said(value: float | None) -> str:
        return words.say("missing") if value is None else words.number(value, places=2)

    rows = tuple(
        (
            one.name,
            words.say(f"{NAME}.decided" if one.is_decided else f"{NAME}.proposed"),
            said(one.value),
            said(one.feasibility),
            words.say("missing") if one.cost is None else words.exact(one.cost),
        )
        for one in found.projects
    )
    columns = (
        words.say("project"),
        words.say("status"),
        words.say(f"{NAME}.value"),
        _axis(found, words),
        words.say(f"{NAME}.cost"),
    )
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, rows, numeric=frozenset({2, 3, 4}))
