"""The roadmap: projects as bars over time, those that begin first on top.

A project without an end is an arrow from its start; one without a start falls nowhere and is named beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.empty import empty_chart
from gevinst_shared.charts.specification import OWN_LEGENDS, Json, View, entry, mixed, rows, vega_lite
from gevinst_shared.charts.words import Words

NAME = "roadmap"
State = Literal["decided", "proposed", "paused"]
STATES: tuple[State, ...] = ("decided", "proposed", "paused")
MOST_BARS = 60
_WEEKS, _TWO_YEARS = 70, 730
_ROW = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """A project from `start` to `end`, both included."""

    name: str
    state: State
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Roadmap:
    name: str
    today: date
    projects: Sequence[Stretch]


def chart(found: Roadmap, view: View) -> Chart:
    words = view.words
    title = words.say(f"{NAME}.title", name=found.name)
    placed = sorted(
        (one for one in found.projects if one.start is not None),
        key=lambda one: (one.start or date.min, one.end or date.max, one.name),
    )
    if not placed:
        return empty_chart(view, NAME, title, words.say(f"{NAME}.empty", count=len(found.projects)))
    shown = placed[:MOST_BARS]
    message, notes = _message(found, placed, words), _notes(found, placed, words)
    specification = vega_lite(view, title, [message, *notes], height=_ROW * len(shown) + 70)
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


def _message(found: Roadmap, placed: Sequence[Stretch], words: Words) -> str:
    starts = [one.start for one in placed if one.start is not None]
    last = max(one.end or one.start or found.today for one in placed)
    running = sum(
        1
        for one in placed
        if one.state == "decided"
        and one.start is not None
        and one.start <= found.today <= (one.end or date.max)
    )
    return words.say(
        f"{NAME}.message",
        count=len(placed),
        first=words.day(min(starts)),
        last=words.day(last),
        running=running,
        day=words.day(found.today),
    )


def _notes(found: Roadmap, placed: Sequence[Stretch], words: Words) -> list[str]:
    without = [one.name for one in found.projects if one.start is None]
    notes = []
    if without:
        named = ", ".join(without[:5]) + (" …" if len(without) > 5 else "")
        notes.append(words.say(f"{NAME}.without-start", count=len(without), names=named))
    endless = sum(1 for one in placed if one.end is None)
    if endless:
        notes.append(words.say(f"{NAME}.without-end", count=endless))
    cut = len(placed) - MOST_BARS
    return [*notes, words.say(f"{NAME}.cut", count=cut)] if cut > 0 else notes


def _draw(specification: Json, found: Roadmap, shown: Sequence[Stretch], view: View) -> None:
    words, scheme = view.words, view.scheme
    names, axis = rows(view, [one.name for one in shown], share=0.36 if view.is_narrow else 0.32)
    latest = max(one.end or one.start or found.today for one in shown)
    values = [_row(place, one, latest) for place, one in enumerate(shown)]
    y = {
        "field": "place",
        "type": "ordinal",
        "axis": axis,
        "scale": {"paddingInner": 0.4, "paddingOuter": 0.3},
    }
    x = {
        "field": "start",
        "type": "temporal",
        "scale": {"type": "utc", "padding": 10},
        "axis": {
            "title": None,
            **_ticks(found, shown, latest, view),
            "labelOverlap": True,
            "labelSeparation": 6,
            "orient": "top",
        },
    }
    bar = {"type": "bar", "height": {"band": 1}, "cornerRadius": 3, "strokeWidth": 1.5}
    layers = []
    for state in STATES:
        if any(one.state == state for one in shown):
            look = _look(state, view)
            layer = entry(
                words.say(f"{NAME}.{state}"),
                bar | {name: look[name] for name in ("fill", "stroke")} | {"strokeDash": look["dash"]},
                {"x": x, "x2": {"field": "until"}},
                look=look,
            )
            layers.append(layer | {"transform": [{"filter": f"datum.state == '{state}'"}]})
    open_end = {"type": "point", "shape": "triangle-right", "filled": True, "size": 110, "opacity": 1}
    open_ = {
        "transform": [{"filter": "datum.end == null"}],
        "mark": open_end | {"color": scheme.muted, "xOffset": 6},
        "encoding": {"x": {"field": "until", "type": "temporal", "scale": {"type": "utc"}}},
    }
    specification |= {
        "params": [names],
        "data": {"values": values},
        "encoding": {"y": y},
        "resolve": OWN_LEGENDS,
        "layer": [*layers, open_, *_today(found, view)],
    }


def _ticks(found: Roadmap, shown: Sequence[Stretch], latest: date, view: View) -> Json:
    """One for each year, as long as there are few: a project may be registered for another century. Days
    where all is within a few weeks, months where it is within two years."""
    days = [found.today, latest, *(one.start for one in shown if one.start is not None)]
    span, few = (max(days) - min(days)).days, 3 if view.is_narrow else 6
    if span <= _WEEKS:
        return {
            "format": "%e. %b" if view.words.language != "en" else "%e %b",
            "tickCount": min(few, span + 1),
        }
    if span <= _TWO_YEARS:
        return {"format": "%b %Y", "tickCount": few}
    is_many = max(days).year - min(days).year > 12
    return {"format": "%Y", "tickCount": few + 4 if is_many else "year"}


def _look(state: State, view: View) -> Json:
    scheme = view.scheme
    own, other = scheme.colour(0), scheme.colour(1)
    match state:
        case "decided":
            return {"fill": own, "stroke": own, "dash": []}
        case "proposed":
            return {"fill": mixed(other, scheme.surface, 0.2), "stroke": other, "dash": []}
        case "paused":
            return {"fill": scheme.surface, "stroke": scheme.muted, "dash": [4, 3]}


def _row(place: int, one: Stretch, latest: date) -> Json:
    assert one.start is not None
    # Without an end the bar reaches as far as the picture does, and an arrow says that it goes on.
    last = one.end or max(latest, one.start)
    until = last if last == date.max else last + timedelta(days=1)
    end = {} if one.end is None else {"end": one.end.isoformat()}
    return {
        "place": place,
        "name": one.name,
        "state": one.state,
        "start": one.start.isoformat(),
        **end,
        "until": until.isoformat(),
    }


def _today(found: Roadmap, view: View) -> list[Json]:
    one: Json = {"data": {"values": [{"day": found.today.isoformat()}]}}
    at: Json = {"x": {"field": "day", "type": "temporal", "scale": {"type": "utc"}}, "y": None}
    rule = {"type": "rule", "strokeWidth": 2, "color": view.scheme.bad, "strokeDash": [5, 3]}
    text = {
        "type": "text",
        "text": view.words.say(f"{NAME}.today"),
        "y": {"expr": "height + 12"},
        "color": view.scheme.bad,
        "fontWeight": 600,
    }
    return [{"mark": rule, "encoding": at, **one}, {"mark": text, "encoding": at, **one}]


def _table(title: str, found: Roadmap, words: Words) -> Table:
    def said(day: date | None) -> str:
        return words.say("missing") if day is None else words.day(day)

    rows_ = tuple(
        (one.name, words.say(f"{NAME}.{one.state}"), said(one.start), said(one.end)) for one in found.projects
    )
    columns = (
        words.say("project"),
        words.say("status"),
        words.say(f"{NAME}.start"),
        words.say(f"{NAME}.end"),
    )
    return Table(title, columns, rows_)
