"""The load map: how much of each shared role, and of each unit's capacity for change, is taken (P3, P4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import SMALL, Json, View, mixed, rows, vega_lite
from gevinst_shared.charts.words import Words

NAME = "load-map"
MOST_ROWS = 40
_MOST_SHOWN = 999
_ROW = 34
_IS_FIRST = "slice(datum.value, 6) == '1' || datum.index == 0"


@dataclass(frozen=True, slots=True)
class Cell:
    """A resource in a quarter; `capacity` is None when no limit was stated."""

    quarter: str
    capacity: float | None
    load: float

    @property
    def share(self) -> float | None:
        return self.load / self.capacity if self.capacity else None

    @property
    def is_overloaded(self) -> bool:
        return self.capacity is not None and self.load > self.capacity + 1e-9


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    measure: str
    is_change: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class LoadMap:
    """`quarters` are those that are drawn, in order."""

    name: str
    quarters: Sequence[str]
    resources: Sequence[Row]


def chart(found: LoadMap, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.name)
    if not found.resources or not found.quarters:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty"))
    message, notes = _message(found, words), _notes(found, words)
    shown = found.resources[:MOST_ROWS]
    specification = vega_lite(
        view, title, [message, words.say(f"{NAME}.figures"), *notes], height=_ROW * len(shown) + 60
    )
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


def _cells(found: LoadMap) -> list[tuple[Row, Cell]]:
    asked = set(found.quarters)
    return [(row, cell) for row in found.resources for cell in row.cells if cell.quarter in asked]


def _message(found: LoadMap, words: Words) -> str:
    cells = _cells(found)
    over = [(row, cell) for row, cell in cells if cell.is_overloaded]
    values = {"first": found.quarters[0], "last": found.quarters[-1], "resources": len(found.resources)}
    if not over:
        return words.say(f"{NAME}.calm", **values)
    row, worst = max(over, key=lambda one: (one[1].share or float("inf"), one[0].name))
    share = words.say(f"{NAME}.no-capacity") if worst.share is None else words.percent(worst.share)
    return words.say(
        f"{NAME}.message",
        **values,
        over=len(over),
        worst=row.name,
        share=share,
        quarter=worst.quarter,
        load=words.number(worst.load, places=2),
        capacity=words.number(worst.capacity or 0, places=2),
    )


def _notes(found: LoadMap, words: Words) -> list[str]:
    unknown = sum(1 for _, cell in _cells(found) if cell.capacity is None and cell.load)
    notes = [words.say(f"{NAME}.unknown", count=unknown)] if unknown else []
    cut = len(found.resources) - MOST_ROWS
    return [*notes, words.say(f"{NAME}.cut", count=cut)] if cut > 0 else notes


def _draw(specification: Json, found: LoadMap, shown: Sequence[Row], view: View) -> None:
    words, scheme = view.words, view.scheme
    names, axis = rows(view, [row.name for row in shown], share=0.4 if view.is_narrow else 0.3)
    values = [
        _value(place, cell, words)
        for place, row in enumerate(shown)
        for cell in row.cells
        if cell.quarter in set(found.quarters)
    ]
    y = {
        "field": "place",
        "type": "ordinal",
        "axis": axis,
        "scale": {"domain": list(range(len(shown))), "paddingInner": 0.1},
    }
    x = {
        "field": "quarter",
        "type": "ordinal",
        "scale": {"domain": list(found.quarters), "paddingInner": 0.06},
        "axis": {
            "title": None,
            "orient": "top",
            "labelAngle": 0,
            "domain": False,
            "ticks": False,
            # The year stands over its first quarter.
            "labelExpr": f"[{_IS_FIRST} ? slice(datum.value, 0, 4) : '', slice(datum.value, 5)]",
            "labelLineHeight": 13,
            "labelFontSize": 10 if view.is_narrow else SMALL,
            "labelPadding": 18,
        },
    }
    steps = [mixed(scheme.colour(0), scheme.surface, share) for share in (0.06, 0.2, 0.38, 0.6)]
    colour = {
        "field": "band",
        "type": "ordinal",
        "scale": {"domain": list(_BANDS), "range": [*steps, scheme.bad, scheme.surface]},
        "legend": None,
    }
    ink = {
        "condition": {"test": "datum.band == 'over'", "value": scheme.surface},
        "value": scheme.text,
    }
    fewest = 0 if view.is_narrow and len(found.quarters) > 5 else 1
    specification |= {
        "params": [names],
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": [
            {
                "mark": {"type": "rect", "cornerRadius": 3},
                "encoding": {
                    "color": colour,
                    "stroke": {
                        "condition": {"test": "datum.band == 'unknown'", "value": scheme.muted},
                        "value": None,
                    },
                    "strokeDash": {"value": [3, 3]},
                },
            },
            {
                "mark": {"type": "text", "fontSize": 11 if fewest else 9},
                "encoding": {
                    "text": {"field": "text", "type": "nominal"},
                    "color": ink,
                    "fontWeight": {
                        "condition": {"test": "datum.band == 'over'", "value": 700},
                        "value": 400,
                    },
                },
            },
        ],
    }


_BANDS = ("free", "some", "half", "full", "over", "unknown")


def _band(cell: Cell) -> str:
    if cell.is_overloaded:
        return "over"
    if cell.share is None:
        return "unknown" if cell.load else "free"
    return (
        "free"
        if cell.share < 0.25
        else "some"
        if cell.share < 0.5
        else "half"
        if cell.share < 0.8
        else "full"
    )


def _value(place: int, cell: Cell, words: Words) -> Json:
    capacity = {} if cell.capacity is None else {"capacity": cell.capacity}
    share = cell.share
    text = _few(cell.load, 1, words) if share is None else _few(share * 100, 0, words)
    # Not colour alone: what is too much is bold and has a mark.
    said = f"{text}!" if cell.is_overloaded else f"{text}?" if share is None and cell.load else text
    return {
        "place": place,
        "quarter": cell.quarter,
        "load": cell.load,
        **capacity,
        "band": _band(cell),
        "text": said,
    }


def _few(value: float, places: int, words: Words) -> str:
    """What has room in a cell; the whole figure stands in the table."""
    if value > _MOST_SHOWN:
        return f">{words.number(_MOST_SHOWN)}"
    return words.number(value, places=places if value < 100 else 0)


def _table(title: str, found: LoadMap, words: Words) -> Table:
    table_rows = tuple(
        (
            row.name,
            cell.quarter,
            words.number(cell.load, places=2),
            words.say("missing") if cell.capacity is None else words.number(cell.capacity, places=2),
            "–" if cell.share is None else words.percent(cell.share),
            row.measure,
        )
        for row, cell in _cells(found)
    )
    names = ("resource", "quarter", "load", "capacity", "share", "measure")
    columns = tuple(words.say(f"{NAME}.{column}") for column in names)
    return Table(title, columns, table_rows, numeric=frozenset({2, 3, 4}))
