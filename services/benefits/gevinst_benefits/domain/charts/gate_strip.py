"""The gate strip: the phases of a project's model in a row, the gates between them, and where it is (G1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from gevinst_benefits.domain.gates.gates import Outcome, ProjectState
from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.labels import text_width
from gevinst_shared.charts.specification import SMALL, TEXT_SIZE, Json, View, mixed, vega
from gevinst_shared.charts.themes import Scheme
from gevinst_shared.charts.words import Words

NAME = "gate-strip"
State = Literal["passed", "current", "ahead", "skipped"]
# A shape for each outcome beside its colour, and its word below.
_SHAPES = {
    Outcome.GO: "circle",
    Outcome.GO_WITH_CONDITIONS: "triangle-up",
    Outcome.REWORK: "square",
    Outcome.STEP_BACK: "triangle-left",
    Outcome.PAUSE: "diamond",
    Outcome.STOP: "cross",
}
_GOOD = frozenset({Outcome.GO, Outcome.GO_WITH_CONDITIONS})
_LINE = 16


@dataclass(frozen=True, slots=True)
class GateOfStrip:
    """A gate with its last decision, if there is one; `reopened`: it must be decided again (G7)."""

    code: str
    name: str
    outcome: Outcome | None = None
    decided_on: date | None = None
    is_reopened: bool = False


@dataclass(frozen=True, slots=True)
class PhaseOfStrip:
    """A phase, and the gate at its end."""

    name: str
    state: State
    gate: GateOfStrip


@dataclass(frozen=True, slots=True)
class Strip:
    project: str
    state: ProjectState
    phases: Sequence[PhaseOfStrip]


def chart(strip: Strip, view: View) -> Chart:
    """The chart: in a row where there is room, else one phase below the other."""
    words = view.words
    title = words.say(f"{NAME}.title", name=strip.project)
    message = _message(strip, words)
    step = view.inner / max(1, len(strip.phases))
    data, size = _row(strip, view, step) if step >= 104 else _column(strip, view)
    specification = vega(view, title, [message], size=size)
    specification |= {"data": [{"name": "phases", "values": data}], "marks": _marks(view.scheme)}
    return Chart(
        name=NAME,
        language=words.language,
        title=title,
        description=message,
        grammar=Grammar.VEGA,
        specification=specification,
        tables=(_table(title, strip, words),),
    )


def _message(strip: Strip, words: Words) -> str:
    at = next((place for place, phase in enumerate(strip.phases) if phase.state == "current"), None)
    state = words.say(f"{NAME}.{strip.state}")
    decided = [phase.gate for phase in strip.phases if phase.gate.decided_on is not None]
    parts = []
    if at is not None:
        values = {"phase": strip.phases[at].name, "place": at + 1, "whole": len(strip.phases), "state": state}
        parts.append(words.say(f"{NAME}.where", **values))
    if decided:
        # of those on one day, the one that is furthest on
        last = max(reversed(decided), key=lambda gate: gate.decided_on or date.min)
        parts.append(words.say(f"{NAME}.last", gate=last.name, decision=_decision(last, words)))
    else:
        parts.append(words.say(f"{NAME}.undecided"))
    return " ".join(parts)


def _decision(gate: GateOfStrip, words: Words) -> str:
    if gate.outcome is None or gate.decided_on is None:
        return words.say(f"{NAME}.open")
    said = f"{words.say(f'{NAME}.{gate.outcome}')}, {words.day(gate.decided_on)}"
    return f"{said} ({words.say(f'{NAME}.reopened')})" if gate.is_reopened else said


def _row(strip: Strip, view: View, step: float) -> tuple[list[Json], tuple[float, float]]:
    width = step - 26
    texts = [view.lines(phase.name, width=width - 8) for phase in strip.phases]
    height = max(len(lines) for lines in texts) * _LINE + 24
    is_named = _names_fit(strip, step - 6)
    captions = [_caption(phase.gate, view, step - 6, is_named=is_named) for phase in strip.phases]
    deepest = max(len(lines) for lines in captions) * 14
    data = [
        _phase(phase, lines, view.scheme)
        | {"x": place * step, "y": 18, "width": width, "height": height}
        | {"gateX": place * step + width + 13, "gateY": 18 + height / 2}
        | {
            "caption": caption,
            "captionX": (place + 1) * step - 4,
            "captionY": 18 + height + 18,
            "align": "right",
        }
        | {"markX": place * step + width / 2, "markY": 6}
        for place, (phase, lines, caption) in enumerate(zip(strip.phases, texts, captions, strict=True))
    ]
    return data, (view.inner, height + 40 + deepest)


def _column(strip: Strip, view: View) -> tuple[list[Json], tuple[float, float]]:
    data: list[Json] = []
    y = 4.0
    for phase in strip.phases:
        lines = view.lines(phase.name, width=view.inner - 40)
        caption = _caption(phase.gate, view, view.inner - 44, is_named=True)
        height = len(lines) * _LINE + 18
        data.append(
            _phase(phase, lines, view.scheme)
            | {"x": 18, "y": y, "width": view.inner - 20, "height": height}
            | {"gateX": 30, "gateY": y + height + 16, "caption": caption}
            | {
                "captionX": 46,
                "captionY": y + height + 21,
                "align": "left",
                "markX": 6,
                "markY": y + height / 2,
            }
        )
        y += height + max(1, len(caption)) * 14 + 22
    return data, (view.inner, y)


def _names_fit(strip: Strip, width: float) -> bool:
    """Whether no word of a gate's name would have to break; else codes stand in the picture for all."""
    words = [word for phase in strip.phases for word in phase.gate.name.split()]
    return all(text_width(word, SMALL) <= 0.95 * width for word in words)


def _caption(gate: GateOfStrip, view: View, width: float, *, is_named: bool) -> list[str]:
    words = view.words
    lines = view.lines(gate.name if is_named else gate.code, size=SMALL, width=width)
    if gate.outcome is None or gate.decided_on is None:
        return lines
    lines += view.lines(words.say(f"{NAME}.{gate.outcome}"), size=SMALL, width=width)
    lines.append(words.day(gate.decided_on))
    return [*lines, words.say(f"{NAME}.reopened")] if gate.is_reopened else lines


def _phase(phase: PhaseOfStrip, lines: list[str], scheme: Scheme) -> Json:
    own = scheme.colour(0)
    fills = {
        "passed": mixed(own, scheme.surface, 0.3),
        "current": own,
        "ahead": scheme.surface,
        "skipped": scheme.surface,
    }
    outcome = phase.gate.outcome
    is_good = outcome in _GOOD and not phase.gate.is_reopened
    colour = scheme.muted if outcome is None else scheme.good if is_good else scheme.bad
    return {
        "phase": phase.name,
        "state": phase.state,
        "gate": phase.gate.code,
        **({} if outcome is None else {"outcome": outcome.value}),
        **({} if phase.gate.decided_on is None else {"decided_on": phase.gate.decided_on.isoformat()}),
        "lines": lines,
        "fill": fills[phase.state],
        "stroke": scheme.muted if phase.state in {"ahead", "skipped"} else own,
        "dash": [4, 3] if phase.state == "skipped" else [],
        "ink": scheme.surface if phase.state == "current" else scheme.text,
        "shape": "circle" if outcome is None else _SHAPES[outcome],
        "gateFill": scheme.surface if outcome is None else colour,
        "gateStroke": colour,
        "pointer": 1 if phase.state == "current" else 0,
    }


def _marks(scheme: Scheme) -> list[Json]:
    def field(name: str) -> Json:
        return {"field": name}

    def value(known: object) -> Json:
        return {"value": known}

    box = {name: field(name) for name in ("x", "y", "width", "height", "fill", "stroke")}
    text = {
        "x": {"signal": "datum.x + datum.width / 2"},
        "y": {"signal": "datum.y + datum.height / 2"},
        "dy": {"signal": f"-{_LINE} * length(datum.lines) / 2"},
        "baseline": value("line-top"),
        "lineHeight": value(_LINE),
        "align": value("center"),
        "text": field("lines"),
        "fill": field("ink"),
        "fontSize": value(TEXT_SIZE),
        "fontWeight": {"signal": "datum.state == 'current' ? 600 : 400"},
    }
    gate = {"x": field("gateX"), "y": field("gateY"), "shape": field("shape"), "size": value(150)}
    caption = {
        "x": field("captionX"),
        "y": field("captionY"),
        "align": field("align"),
        "text": field("caption"),
        "lineHeight": value(14),
        "fontSize": value(SMALL),
        "fill": value(scheme.muted),
    }
    pointer = {"x": field("markX"), "y": field("markY"), "opacity": field("pointer"), "size": value(90)}
    turned = {"angle": {"signal": "datum.markX < 10 ? 90 : 180"}, "shape": value("triangle-up")}
    every = {"from": {"data": "phases"}}
    return [
        {
            "type": "rect",
            **every,
            "encode": {
                "enter": box
                | {"strokeDash": field("dash"), "cornerRadius": value(6), "strokeWidth": value(1.5)}
            },
        },
        {"type": "text", **every, "encode": {"enter": text}},
        {
            "type": "symbol",
            **every,
            "encode": {
                "enter": gate
                | {"fill": field("gateFill"), "stroke": field("gateStroke"), "strokeWidth": value(2)}
            },
        },
        {"type": "text", **every, "encode": {"enter": caption}},
        {"type": "symbol", **every, "encode": {"enter": pointer | turned | {"fill": value(scheme.text)}}},
    ]


def _table(title: str, strip: Strip, words: Words) -> Table:
    rows = tuple(
        (phase.name, words.say(f"{NAME}.phase-{phase.state}"), phase.gate.name, _decision(phase.gate, words))
        for phase in strip.phases
    )
    columns = tuple(words.say(f"{NAME}.{column}") for column in ("phase", "state", "gate", "decision"))
    return Table(title, columns, rows)
