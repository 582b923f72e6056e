"""How much changes in a unit in the year, its goals, and its staff (P4, G8, B12)."""

from collections.abc import Iterator
from decimal import Decimal

from gevinst_benefits.papers.benefit_report.documents import Json, ReportOf
from gevinst_shared.papers.amounts import money
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

_COUNTS = ("actions", "changes", "done", "overdue", "benefits_beginning")
MOST_GOALS = 20


def unit_change(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section of a unit; nothing for other scopes."""
    overview = report.overview
    if "change" not in overview:
        return
    yield Heading(words.say("change-in-year", year=overview["year"]))
    columns = (
        Column(words.say("quarter"), 2),
        *(Column(words.say(f"quarter-{name.replace('_', '-')}"), 3, is_number=True) for name in _COUNTS),
    )
    rows = tuple(
        Row((str(one["quarter"]), *(str(one[name]) for name in _COUNTS)))
        for one in overview["change"]["quarters"]
    )
    yield Table(words.say("quarters-table"), columns, rows)
    yield Facts(((words.say("staff"), _staff(overview["staff"], words)),))
    yield from _goals(overview["goals"], words)


def _staff(staff: Json, words: Words) -> str:
    """B6: units that have not said their staff are not units without people."""
    if "fte" not in staff:
        return words.say("staff-unknown")
    fte = words.number(Decimal(staff["fte"]))
    return words.say("staff-known", fte=fte, unknown=staff["unknown_units"])


def _goals(goals: Json, words: Words) -> Iterator[Block]:
    if not goals["first"]:
        return
    columns = (
        Column(words.say("goal"), 5),
        Column(words.say("target"), 4),
        Column(words.say("due"), 2),
        Column(words.say("goal-means"), 4),
    )
    rows = tuple(
        Row(
            (
                one["name"],
                _target(one["target"], words),
                str(one["due_year"]),
                words.say("has-means" if one["has_means"] else "no-means"),
            ),
            is_strong=not one["has_means"],
        )
        for one in goals["first"][:MOST_GOALS]
    )
    yield Table(words.say("goals-table"), columns, rows)
    yield from not_shown(goals["with_means"] + goals["without_means"], len(rows), words)


def _target(target: Json, words: Words) -> str:
    if "money" in target:
        cash = target["money"]
        amount = money(words, Decimal(cash["amount"]), cash["currency"])
        return words.say("in-prices", amount=amount, price_year=cash["price_year"])
    return f"{words.number(Decimal(target['amount']))} {target['unit_of_measure']}"
