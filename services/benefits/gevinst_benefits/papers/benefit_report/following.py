"""What happens next: gates to be decided, conditions and actions with their days (G7, B8)."""

from collections.abc import Iterator, Mapping
from datetime import date

from gevinst_benefits.papers.benefit_report.documents import Json, ReportOf
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_ROWS = 20
_OPEN = ("planned", "started")


def following(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section; a unit's actions are counted by quarter instead."""
    if "gates" not in report.overview:
        return
    yield Heading(words.say("next"))
    found = [*_gates(report, words), *_conditions(report, words), *_actions(report, words)]
    yield from found
    if not found:
        yield Paragraph(words.say("nothing-next"))


def _gates(report: ReportOf, words: Words) -> Iterator[Block]:
    gates = report.overview["gates"]
    if not gates["count"]:
        return
    columns = (
        Column(words.say("gate"), 4),
        Column(words.say("project"), 4),
        Column(words.say("recommended-outcome"), 3),
        Column(words.say("decide-by"), 3),
    )
    rows = tuple(
        Row(
            (
                f"{one['gate']} {one['gate_name']}",
                one["project_name"],
                words.term("outcome", one["outcome"]),
                _day(one.get("decide_by"), words, is_late=one["is_late"]),
            ),
            is_strong=one["is_late"],
        )
        for one in gates["first"][:MOST_ROWS]
    )
    yield Table(words.say("gates-table", count=gates["count"]), columns, rows)
    yield from not_shown(gates["count"], len(rows), words)


def _conditions(report: ReportOf, words: Words) -> Iterator[Block]:
    conditions = report.overview["conditions"]
    if not conditions["count"]:
        return
    columns = (
        Column(words.say("condition"), 6),
        Column(words.say("project"), 4),
        Column(words.say("condition-owner"), 3),
        Column(words.say("deadline"), 3),
    )
    rows = tuple(
        Row(
            (
                one["text"],
                one["project_name"],
                report.people.get(one["owner_id"], words.say("unknown-person")),
                _day(one["deadline"], words, is_late=one["is_late"]),
            ),
            is_strong=one["is_late"],
        )
        for one in conditions["first"][:MOST_ROWS]
    )
    yield Table(words.say("open-conditions-table", count=conditions["count"]), columns, rows)
    yield from not_shown(conditions["count"], len(rows), words)


def _actions(report: ReportOf, words: Words) -> Iterator[Block]:
    if report.plan is None:
        return
    found = [
        (one, action)
        for one in report.plan.plan["items"]
        for action in one["actions"]
        if action["state"] in _OPEN
    ]
    if not found:
        return
    found.sort(key=lambda pair: pair[1].get("due_on", "9999"))
    columns = (
        Column(words.say("action"), 5),
        Column(words.say("benefit"), 5),
        Column(words.say("condition-owner"), 4),
        Column(words.say("due"), 3),
    )
    rows = tuple(
        Row(
            (
                action["name"],
                one["name"],
                _owner(action["owner"], report, report.plan.units, words),
                _day(action.get("due_on"), words, is_late=action["is_overdue"]),
            ),
            is_strong=action["is_overdue"],
        )
        for one, action in found[:MOST_ROWS]
    )
    yield Table(words.say("open-actions-table", count=len(found)), columns, rows)
    yield from not_shown(len(found), len(rows), words)
    if "next_cursor" in report.plan.plan:
        yield Paragraph(words.say("actions-of-first", count=len(report.plan.plan["items"])))


def _owner(owner: Json, report: ReportOf, units: Mapping[str, str], words: Words) -> str:
    if "person_id" in owner:
        return report.people.get(owner["person_id"], words.say("unknown-person"))
    unit = units.get(owner["unit_id"], words.say("unknown-unit"))
    return words.say("owner-in-unit", role=words.term("role", owner["role"]), unit=unit)


def _day(day: str | None, words: Words, *, is_late: bool) -> str:
    if day is None:
        return DASH
    written = words.day(date.fromisoformat(day))
    return words.say("overdue-by", day=written) if is_late else written
