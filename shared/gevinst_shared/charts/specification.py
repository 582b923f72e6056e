"""The frame that all specifications share: who reads it, in which colours, how wide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gevinst_shared.charts.labels import wrapped
from gevinst_shared.charts.themes import HOUSE, Scheme, Theme
from gevinst_shared.charts.words import Scale, Words

NARROWEST, WIDEST, USUAL = 280, 1600, 720
VEGA = "https://vega.github.io/schema/vega/v6.json"
VEGA_LITE = "https://vega.github.io/schema/vega-lite/v6.json"
PADDING = 16
TEXT_SIZE, SMALL = 13, 12
_TITLE_SIZE = 17
# Of a title, and of each sentence below it; whole they stand in the description and beside the table.
_MOST_TITLE_LINES, _MOST_LINES = 6, 12

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """How one reader sees a chart; `width` is the whole picture's, in pixels."""

    words: Words
    theme: Theme = HOUSE
    is_dark: bool = False
    width: int = USUAL

    @property
    def scheme(self) -> Scheme:
        return self.theme.scheme(is_dark=self.is_dark)

    @property
    def is_narrow(self) -> bool:
        return self.width < 480

    @property
    def inner(self) -> int:
        return self.width - 2 * PADDING

    def lines(self, text: str, *, size: float = TEXT_SIZE, width: float | None = None) -> list[str]:
        """The text in lines that fit the picture."""
        return list(wrapped(text, 0.95 * (width or self.inner), size))


def vega_lite(view: View, title: str, message: Sequence[str], *, height: int) -> Json:
    """A Vega-Lite specification to which layers, data and encodings are added.

    `message` stands below the title: what the picture says, and what is missing from it. `height` is that
    of the plot, to which head and legend are added.
    """
    return {
        "$schema": VEGA_LITE,
        "width": view.width,
        "height": height + head_height(view, title, message) + 2 * PADDING,
        "autosize": {"type": "fit", "contains": "padding"},
        "title": head(view, title, message),
        **_frame(view, title, message),
    }


def vega(view: View, title: str, message: Sequence[str], *, size: tuple[float, float]) -> Json:
    """A Vega specification to which data, scales and marks are added; `size` is the plot's."""
    return {
        "$schema": VEGA,
        "width": size[0],
        "height": size[1],
        "autosize": "pad",
        "title": head(view, title, message),
        **_frame(view, title, message),
    }


def head(view: View, title: str, message: Sequence[str]) -> Json:
    """The title with the message below it, wrapped to the width."""
    return {
        "text": cut(view.lines(title, size=_TITLE_SIZE * 1.06), _MOST_TITLE_LINES),
        "subtitle": [line for sentence in message for line in cut(view.lines(sentence), _MOST_LINES)],
        "anchor": "start",
        "frame": "bounds",
        "offset": 14,
    }


def without_head(specification: Mapping[str, Any]) -> tuple[Json, str]:
    """The same picture without its title and message, and what stood there below the title."""
    lines = specification["title"]
    said = " ".join(lines["subtitle"])
    rest = {name: value for name, value in specification.items() if name != "title"}
    if specification["$schema"] == VEGA_LITE:
        rest["height"] = specification["height"] - _height_of(lines)
    return rest, said


def head_height(view: View, title: str, message: Sequence[str]) -> int:
    return _height_of(head(view, title, message))


def _height_of(lines: Json) -> int:
    return 22 * len(lines["text"]) + 18 * len(lines["subtitle"]) + 20


def _frame(view: View, title: str, message: Sequence[str]) -> Json:
    return {
        "description": " ".join((title, *message)),
        "background": view.scheme.surface,
        "padding": PADDING,
        "config": _config(view),
    }


def _config(view: View) -> Json:
    scheme, font = view.scheme, view.theme.font_stack
    text = {"labelColor": scheme.muted, "titleColor": scheme.text, "labelFont": font, "titleFont": font}
    return {
        # The picture has one description; marks would speak of fields in English.
        "aria": False,
        "font": font,
        "locale": view.words.d3_locale(),
        "title": {
            "font": font,
            "fontSize": _TITLE_SIZE,
            "fontWeight": 600,
            "color": scheme.text,
            "lineHeight": 22,
            "subtitleFont": font,
            "subtitleFontSize": TEXT_SIZE,
            "subtitleColor": scheme.muted,
            "subtitleLineHeight": 18,
            "subtitlePadding": 6,
        },
        "axis": text
        | {
            "gridColor": scheme.line,
            "domainColor": scheme.muted,
            "tickColor": scheme.muted,
            "labelFontSize": SMALL,
            "titleFontSize": SMALL,
            "titleFontWeight": 400,
            "labelLimit": 400,
        },
        "legend": text
        | {
            "orient": "top",
            "direction": "horizontal",
            "labelFontSize": SMALL,
            "titleFontSize": SMALL,
            "titleFontWeight": 400,
            "labelColor": scheme.text,
            "labelLimit": view.inner - 40,
            "offset": 10,
            "layout": {
                "top": {
                    "direction": "vertical" if view.is_narrow else "horizontal",
                    "margin": 3 if view.is_narrow else 14,
                    "anchor": "start",
                }
            },
        },
        "text": {"font": font, "fontSize": SMALL, "fill": scheme.text},
        "view": {"stroke": None},
    }


def amounts(field: str, scale: Scale, *, title: str | None = None) -> Json:
    """A quantitative channel of amounts whose axis counts in the scale's unit; the data stay whole."""
    return {
        "field": field,
        "type": "quantitative",
        "axis": {
            "title": title or scale.unit,
            "labelExpr": f"format(datum.value / {scale.divisor}, ',.2~f')",
            "tickCount": 5,
            "domain": False,
            "ticks": False,
        },
    }


# Each layer has a legend of its own, whose symbol looks like its marks.
OWN_LEGENDS: Json = {"scale": {"color": "independent"}, "legend": {"color": "independent"}}


def entry(name: str, mark: Json, channels: Json, *, look: Json) -> Json:
    """A layer called `name` in the legend; `look` is its symbol there: `type`, `fill`, `stroke`."""
    legend = {
        "title": None,
        "symbolType": look.get("type", "square"),
        "symbolFillColor": look.get("fill", "transparent"),
        "symbolStrokeColor": look.get("stroke", look.get("fill", "transparent")),
        "symbolStrokeWidth": look.get("width", 1.5),
        "symbolDash": look.get("dash", []),
        "symbolOpacity": 1,
        "symbolSize": 110,
    }
    colour = look.get("fill") or look["stroke"]
    color = {"datum": name, "scale": {"domain": [name], "range": [colour]}, "legend": legend}
    return {"mark": mark, "encoding": {**channels, "color": color}}


def mixed(one: str, other: str, share: float) -> str:
    """`share` of one colour over the other, opaque: what a legend shows as a mark does."""
    parts = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(first * share + second * (1 - share)):02x}" for first, second in parts)


def rows(view: View, labels: Sequence[str], *, share: float = 0.3) -> tuple[Json, Json]:
    """The parameter and the axis for rows that are called `labels`, in the order of their field's numbers.

    Names stay data: no expression is made of them. A long one has two lines, and ends in … after these.
    """
    width = view.inner * share
    wrapped_labels = [cut(view.lines(label, size=SMALL, width=width), 2) for label in labels]
    has_two = "length(labels[datum.value]) > 1"
    axis = {
        "title": None,
        "labelExpr": "labels[datum.value]",
        "labelOffset": {"condition": {"test": has_two, "value": -7}, "value": 0},
        "labelLineHeight": 14,
        "labelPadding": 8,
        "ticks": False,
        "domain": False,
    }
    return {"name": "labels", "value": wrapped_labels}, axis


def cut(lines: Sequence[str], most: int) -> list[str]:
    """The first lines; the last of them ends in … where there are more."""
    return list(lines) if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]
