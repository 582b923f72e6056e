"""The efficient frontier: what more or less money would give, as an analysis found it (P7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import OWN_LEGENDS, Json, View, amounts, entry, mixed, vega_lite
from gevinst_shared.charts.words import Words

NAME = "efficient-frontier"


@dataclass(frozen=True, slots=True)
class Point:
    """The best plan for one amount of money; `value` is None where no plan keeps all rules. `bound` is what
    no plan can be worth more than; `enters` are the projects that come in here first."""

    factor: float
    money: Decimal
    value: float | None
    bound: float | None
    selected: int
    enters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frontier:
    scenario: str
    currency: str
    price_year: int
    points: Sequence[Point]


def chart(found: Frontier, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.scenario)
    valued = [point for point in found.points if point.value is not None]
    if not valued:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty"))
    message, notes = _message(found, valued, words), _notes(found, valued, words)
    specification = vega_lite(view, title, [message, *notes], height=320)
    _draw(specification, found, valued, view)
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


def _today(valued: Sequence[Point]) -> Point:
    """The point nearest to the money that there is."""
    return min(valued, key=lambda point: (abs(point.factor - 1), point.factor))


def _message(found: Frontier, valued: Sequence[Point], words: Words) -> str:
    today, least, most = _today(valued), valued[0], valued[-1]
    scale = words.scale([point.money for point in valued], found.currency)
    return words.say(
        f"{NAME}.message",
        money=words.in_scale(today.money, scale),
        value=words.number(today.value or 0, places=2),
        least=words.in_scale(least.money, scale),
        least_value=words.number(least.value or 0, places=2),
        most=words.in_scale(most.money, scale),
        most_value=words.number(most.value or 0, places=2),
        prices=found.price_year,
    )


def _notes(found: Frontier, valued: Sequence[Point], words: Words) -> list[str]:
    without = len(found.points) - len(valued)
    open_ = sum(1 for point in valued if _is_open(point))
    notes = [words.say(f"{NAME}.without", count=without)] if without else []
    return [*notes, words.say(f"{NAME}.unproved", count=open_)] if open_ else notes


def _is_open(point: Point) -> bool:
    """Whether more might be possible: the bound is not reached."""
    if point.value is None or point.bound is None:
        return False
    return point.bound > point.value + 1e-6 * max(1.0, abs(point.value))


def _draw(specification: Json, found: Frontier, valued: Sequence[Point], view: View) -> None:
    words, scheme = view.words, view.scheme
    scale = words.scale([point.money for point in valued], found.currency)
    values = [_row(point) for point in valued]
    x = amounts("money", scale)
    x["scale"] = {"zero": False, "nice": False, "padding": 18}
    x["axis"] |= {"grid": False, "domain": True, "ticks": True, "tickCount": 4 if view.is_narrow else 7}
    y = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "padding": 20},
        "axis": {"title": words.say(f"{NAME}.value"), "domain": False, "ticks": False, "tickCount": 5},
    }
    bound = {"x": {"field": "money", "type": "quantitative"}, "y": {"field": "bound", "type": "quantitative"}}
    pale = mixed(scheme.muted, scheme.surface, 0.85)
    today = _today(valued)
    layers = [
        entry(
            words.say(f"{NAME}.best"),
            {"type": "line", "strokeWidth": 2.5, "point": {"filled": True, "size": 60}},
            {"x": x, "y": y},
            look={"type": "circle", "fill": scheme.colour(0)},
        )
    ]
    if any(_is_open(point) for point in valued):
        mark = {"type": "tick", "thickness": 2.5, "size": 16, "orient": "horizontal", "opacity": 1}
        look = {"type": "stroke", "stroke": pale, "width": 2}
        rule = {"mark": {"type": "rule", "color": pale}, "encoding": {**bound, "y2": {"field": "value"}}}
        layers = [rule, entry(words.say(f"{NAME}.bound"), mark, bound, look=look), *layers]
    specification |= {
        "data": {"values": values},
        "resolve": OWN_LEGENDS,
        "layer": [*layers, *_marked(today, valued, view)],
    }


def _marked(today: Point, valued: Sequence[Point], view: View) -> list[Json]:
    """Today's money, with its name."""
    one: Json = {"data": {"values": [{"money": float(today.money), "value": today.value}]}}
    at = {
        "x": {"field": "money", "type": "quantitative"},
        "y": {"field": "value", "type": "quantitative"},
    }
    is_right = list(valued).index(today) >= len(valued) / 2
    text = {
        "type": "text",
        "text": view.words.say(f"{NAME}.today"),
        "fontWeight": 600,
        "align": "right" if is_right else "left",
        "dx": -12 if is_right else 12,
        "dy": -12 if is_right else 14,
    }
    ring = {"type": "point", "size": 190, "strokeWidth": 2.5, "color": view.scheme.text, "opacity": 1}
    return [{"mark": ring, "encoding": at, **one}, {"mark": text, "encoding": at, **one}]


def _row(point: Point) -> Json:
    bound = {} if point.bound is None else {"bound": point.bound}
    return {"factor": point.factor, "money": float(point.money), "value": point.value, **bound}


def _table(title: str, found: Frontier, words: Words) -> Table:
    def said(value: float | None) -> str:
        return words.say(f"{NAME}.no-plan") if value is None else words.number(value, places=2)

    rows = tuple(
        (
            words.exact(point.money),
            words.percent(point.factor),
            said(point.value),
            said(point.bound),
            words.number(point.selected),
            ", ".join(point.enters) or "–",
        )
        for point in found.points
    )
    names = ("money", "factor", "value", "bound", "selected", "enters")
    columns = tuple(words.say(f"{NAME}.{column}") for column in names)
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, rows, numeric=frozenset({1, 2, 3, 4}))
