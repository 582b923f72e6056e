"""Small pages of figures: what the overviews say, in few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gevinst_shared.charts.chart import Table
from gevinst_shared.charts.words import Words
from gevinst_shared.embeds.status_page import Figure, StatusPage

_MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class WorkStatus:
    """What a page of a project, programme or portfolio is made of; `shown` are the members of its overview.

    `name` is None for a programme or portfolio whose name was not announced yet; `phase` is the name of
    the phase that a project is in, `gate_names` are those of its model's gates in the reader's language.
    """

    kind: str
    name: str | None
    shown: Mapping[str, Any]
    phase: str | None = None
    gate_names: Mapping[str, str] = field(default_factory=dict)


def work_page(status: WorkStatus, words: Words) -> StatusPage:
    """A project's, programme's or portfolio's page."""
    shown = status.shown
    gates, conditions = shown["gates"], shown["conditions"]
    code = f"{status.kind}.title" if status.name is None else "named.title"
    title = words.say(code, name=status.name)
    lead = [] if status.phase is None else [Figure(words.say("phase"), status.phase)]
    if status.kind != "project":
        lead = [Figure(words.say("projects"), words.number(shown["project_count"]))]
    message = words.say(
        "work.message",
        benefits=words.number(shown["benefits"]["count"]),
        unconfirmed=words.number(shown["benefits"]["unconfirmed"]),
        gates=words.number(gates["count"]),
        late=words.number(gates["late"] + conditions["late"]),
    )
    figures = (
        *lead,
        *_benefit_figures(shown, words),
        _late("gates", gates, words),
        _late("conditions", conditions, words),
    )
    tables = (
        _table(
            "gate",
            [_named(one, status.gate_names) for one in gates["first"]],
            ("gate_name", "project_name", "decide_by"),
            words,
        ),
        _table("condition", conditions["first"], ("text", "project_name", "deadline"), words),
    )
    found = tuple(table for table in tables if table.rows)
    return StatusPage(f"{status.kind}-status", words.language, title, message, figures, found)


def unit_page(shown: Mapping[str, Any], words: Words) -> StatusPage:
    """A unit's page, with those below it; `shown` are the members of its overview."""
    goals, change = shown["goals"], shown["change"]
    figures = (
        *_benefit_figures(shown, words),
        Figure(
            words.say("goals"),
            words.number(goals["with_means"] + goals["without_means"]),
            words.say("goals.without", count=words.number(goals["without_means"])),
        ),
        Figure(words.say("overdue"), words.number(change["overdue"])),
    )
    columns = ("quarter", "actions", "done", "overdue", "beginning")
    members = ("actions", "done", "overdue", "benefits_beginning")
    rows = tuple(
        (
            words.say("quarter.of", quarter=one["quarter"], year=shown["year"]),
            *(words.number(one[member]) for member in members),
        )
        for one in change["quarters"]
    )
    caption = words.say("change.caption", year=shown["year"])
    names = tuple(words.say(f"change.{column}") for column in columns)
    table = Table(caption, names, rows, numeric=frozenset(range(1, len(columns))))
    message = words.say(
        "unit.message",
        benefits=words.number(shown["benefits"]["count"]),
        unconfirmed=words.number(shown["benefits"]["unconfirmed"]),
        overdue=words.number(change["overdue"]),
    )
    title = words.say("unit.title", name=shown["name"])
    return StatusPage("unit-status", words.language, title, message, figures, (table,))


def _benefit_figures(shown: Mapping[str, Any], words: Words) -> tuple[Figure, ...]:
    benefits, unseen = shown["benefits"], shown["without_indicator"]
    return (
        Figure(
            words.say("benefits"),
            words.number(benefits["count"]),
            words.say("benefits.unconfirmed", count=words.number(benefits["unconfirmed"])),
        ),
        Figure(
            words.say("indicators"),
            words.number(shown["indicators"]["count"]),
            words.say("indicators.without", count=words.number(unseen["count"])),
        ),
        *_in_transit(benefits, words),
    )


def _in_transit(benefits: Mapping[str, Any], words: Words) -> tuple[Figure, ...]:
    """B11: what nobody counts, where there is any; the other figures do not have it."""
    moving = benefits["in_transit"]
    return (Figure(words.say("transit"), words.number(moving), words.say("transit.note")),) if moving else ()


def _late(code: str, listed: Mapping[str, Any], words: Words) -> Figure:
    late = words.say("late", count=words.number(listed["late"]))
    return Figure(words.say(code), words.number(listed["count"]), late)


def _named(gate: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    return {**gate, "gate_name": names.get(gate["gate"], gate["gate_name"])}


def _table(code: str, rows: Sequence[Mapping[str, Any]], members: Sequence[str], words: Words) -> Table:
    what, where, when = members
    return Table(
        words.say(f"{code}.caption"),
        (words.say(code), words.say("project"), words.say("by-day")),
        tuple((one[what], one[where], _day(one.get(when), words)) for one in rows[:_MOST_ROWS]),
    )


def _day(text: str | None, words: Words) -> str:
    """Missing is not today: no day was set."""
    return words.say("no-day") if text is None else words.day(date.fromisoformat(text))
