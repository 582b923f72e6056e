"""The tornado: how far each assumption moves the net present value, the widest swing first (C5)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import (
    OWN_LEGENDS,
    Json,
    View,
    amounts,
    entry,
    mixed,
    rows,
    vega_lite,
)
from gevinst_shared.charts.words import Scale, Words

NAME = "tornado"
_ROW = 34
MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """An assumption or factor; a value is None where the case cannot be computed there."""

    name: str
    low: str
    high: str
    npv_at_low: Decimal | None
    npv_at_high: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.npv_at_low is not None and self.npv_at_high is not None


@dataclass(frozen=True, slots=True)
class Tornado:
    """`bars` as the sensitivities order them."""

    project: str
    currency: str
    price_year: int
    net_present_value: Decimal
    bars: Sequence[Bar]


def chart(found: Tornado, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.project)
    shown = [bar for bar in found.bars if bar.is_known][:MOST_BARS]
    if not found.bars:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty"))
    message, notes = _message(found, shown, words), _notes(found, shown, words)
    if not shown:
        # There are assumptions, and none of them can be drawn: no axes without marks.
        empty = empty_chart(view, NAME, title, " ".join((message, *notes)))
        return replace(empty, description=message, notes=notes, tables=(_table(title, found, words),))
    specification = vega_lite(view, title, [message, *notes], height=_ROW * len(shown) + 60)
    _draw(specification, found, shown, view)
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


def _message(found: Tornado, shown: Sequence[Bar], words: Words) -> str:
    npv = words.money(found.net_present_value, found.currency)
    if not shown:
        return words.say(f"{NAME}.only-value", npv=npv, prices=found.price_year)
    widest = shown[0]
    turning = [bar for bar in shown if _changes_sign(bar)]
    return words.say(
        f"{NAME}.message",
        npv=npv,
        prices=found.price_year,
        name=widest.name,
        low=words.money(widest.npv_at_low or Decimal(0), found.currency),
        high=words.money(widest.npv_at_high or Decimal(0), found.currency),
        turning=len(turning),
        whole=len(found.bars),
    )


def _changes_sign(bar: Bar) -> bool:
    ends = (bar.npv_at_low or Decimal(0), bar.npv_at_high or Decimal(0))
    return min(ends) < 0 < max(ends)


def _notes(found: Tornado, shown: Sequence[Bar], words: Words) -> list[str]:
    unknown = sum(1 for bar in found.bars if not bar.is_known)
    cut = len(found.bars) - unknown - len(shown)
    notes = [words.say(f"{NAME}.unknown", count=unknown)] if unknown else []
    return [*notes, words.say(f"{NAME}.cut", count=cut)] if cut else notes


def _draw(specification: Json, found: Tornado, shown: Sequence[Bar], view: View) -> None:
    words, scheme = view.words, view.scheme
    ends = [end for bar in shown for end in (bar.npv_at_low, bar.npv_at_high) if end is not None]
    scale = words.scale([*ends, found.net_present_value], found.currency)
    values = [_row(place, bar, scale, words) for place, bar in enumerate(shown)]
    labels, axis = rows(view, [bar.name for bar in shown])
    y = {
        "field": "place",
        "type": "ordinal",
        "axis": axis,
        "scale": {"paddingInner": 0.35, "paddingOuter": 0.3},
    }
    x = amounts("npv_at_low", scale)
    x["scale"] = {"zero": False, "padding": 52}
    x["axis"]["tickCount"] = 3 if view.is_narrow else 6
    base = {"x2": {"datum": float(found.net_present_value)}}
    pale = mixed(scheme.colour(1), scheme.surface, 0.25)
    bar = {"type": "bar", "height": {"band": 1}}
    specification |= {
        "params": [labels],
        "data": {"values": values},
        "encoding": {"y": y},
        "resolve": OWN_LEGENDS,
        "layer": [
            entry(
                words.say(f"{NAME}.at-low"),
                bar | {"fill": pale, "stroke": scheme.colour(1)},
                {"x": x, **base},
                look={"fill": pale, "stroke": scheme.colour(1)},
            ),
            entry(
                words.say(f"{NAME}.at-high"),
                bar,
                {"x": {"field": "npv_at_high", "type": "quantitative"}, **base},
                look={"fill": scheme.colour(0)},
            ),
            _rule(float(found.net_present_value), {"strokeWidth": 2, "color": scheme.text}),
            *([_rule(0.0, {"strokeDash": [4, 3], "color": scheme.bad})] if _holds_zero(ends) else []),
            *_ends(scheme.surface),
        ],
    }


def _holds_zero(ends: Sequence[Decimal]) -> bool:
    return bool(ends) and min(ends) <= 0 <= max(ends)


def _rule(at: float, look: Json) -> Json:
    return {"mark": {"type": "rule", **look}, "encoding": {"x": {"datum": at}, "y": None}}


def _ends(surface: str) -> list[Json]:
    """The figures at both ends of each bar, outside it; twice, to be legible over lines."""
    layers = []
    for end, other in (("low", "high"), ("high", "low")):
        is_left = f"datum.npv_at_{end} <= datum.npv_at_{other}"
        mark: Json = {
            "type": "text",
            "fontSize": 11,
            "align": {"expr": f"{is_left} ? 'right' : 'left'"},
            "dx": {"expr": f"{is_left} ? -5 : 5"},
        }
        channels = {
            "x": {"field": f"npv_at_{end}", "type": "quantitative"},
            "text": {"field": f"said_{end}", "type": "nominal"},
        }
        halo = {"stroke": surface, "strokeWidth": 3, "strokeJoin": "round"}
        layers += [{"mark": mark | look, "encoding": channels} for look in (halo, {})]
    return layers


def _row(place: int, bar: Bar, scale: Scale, words: Words) -> Json:
    low, high = bar.npv_at_low, bar.npv_at_high
    assert low is not None
    assert high is not None
    return {
        "place": place,
        "name": bar.name,
        "npv_at_low": float(low),
        "npv_at_high": float(high),
        "said_low": words.scaled(low, scale),
        "said_high": words.scaled(high, scale),
    }


def _table(title: str, found: Tornado, words: Words) -> Table:
    def said(amount: Decimal | None) -> str:
        return words.say("missing") if amount is None else words.exact(amount)

    rows = tuple(
        (bar.name, bar.low, bar.high, said(bar.npv_at_low), said(bar.npv_at_high)) for bar in found.bars
    )
    columns = tuple(
        words.say(f"{NAME}.{column}") for column in ("assumption", "low", "high", "at-low", "at-high")
    )
    caption = words.say("amounts-in", title=title, currency=found.currency, prices=found.price_year)
    return Table(caption, columns, rows, numeric=frozenset({1, 2, 3, 4}))
