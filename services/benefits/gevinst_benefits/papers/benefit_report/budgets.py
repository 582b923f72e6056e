"""What became of budgets: planned, agreed, booked, verified and realised, and why they differ (M1, E2)."""

from collections.abc import Iterator
from decimal import Decimal

from gevinst_benefits.papers.benefit_report.documents import Json, PlanDocuments, ReportOf
from gevinst_shared.papers.amounts import DASH, Scale, money, scale_of
from gevinst_shared.papers.model import Block, Column, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_ROWS = 40
_FIGURES = ("planned", "agreed", "booked", "verified", "realised")


def budgets(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section; only budget reductions in money are taken out of budgets (B1)."""
    if report.plan is None:
        yield from _booked(report, words)
        return
    yield Heading(words.say("budgets"))
    found = [
        (one, year)
        for one in report.plan.reconciled
        for year in one["years"]
        if report.first_year <= year["year"] <= report.last_year and _is_told(year, report)
    ]
    if not found:
        yield Paragraph(words.say("no-budgets", first=report.first_year, last=report.last_year))
        yield from _unread(report.plan, words)
        return
    yield Paragraph(words.say("budgets-rule"))
    units = dict.fromkeys(_unit(year) for _, year in found)
    for unit in units:
        rows = [(one, year) for one, year in found if _unit(year) == unit]
        yield _table(rows[:MOST_ROWS], unit, words)
        yield from not_shown(len(rows), MOST_ROWS, words)
    yield from _unread(report.plan, words)


def _unread(plan: PlanDocuments, words: Words) -> Iterator[Block]:
    if plan.unread_count:
        yield Paragraph(words.say("benefits-unread", count=plan.unread_count))


def _is_told(year: Json, report: ReportOf) -> bool:
    """Up to next year, and later ones of which there is more than the plan."""
    is_near = year["year"] <= report.today.year + 1
    return is_near or any(name in year for name in _FIGURES if name != "planned")


def _unit(year: Json) -> tuple[str, int]:
    """Every year has what was reversed of it, though it be nothing."""
    return year["reversed"]["currency"], year["reversed"]["price_year"]


def _table(found: list[tuple[Json, Json]], unit: tuple[str, int], words: Words) -> Table:
    amounts = [Decimal(year[name]["amount"]) for _, year in found for name in _FIGURES if name in year]
    scale = scale_of(amounts)
    columns = (
        Column(words.say("benefit"), 13),
        Column(words.say("year"), 5),
        *(Column(words.say(f"budget-{name}"), 9, is_number=True) for name in _FIGURES),
        Column(words.say("why-different"), 9),
    )
    rows = tuple(_row(one, year, scale, words) for one, year in found)
    return Table(words.say("budgets-table", unit=scale.unit(words, *unit)), columns, rows)


def _row(one: Json, year: Json, scale: Scale, words: Words) -> Row:
    figures = (
        scale.write(words, Decimal(year[name]["amount"])) if name in year else DASH for name in _FIGURES
    )
    gaps = "\n".join(words.term("gap", gap["reason"]) for gap in year["differences"])
    return Row((one["name"], str(year["year"]), *figures, gaps or DASH))


def _booked(report: ReportOf, words: Words) -> Iterator[Block]:
    """What was booked to a unit's budgets, without what was reversed; below zero they shrink."""
    found = report.overview.get("booked", ())
    if not found:
        return
    yield Heading(words.say("budgets"))
    columns = (
        Column(words.say("year"), 2),
        Column(words.say("booked-change"), 4, is_number=True),
        Column(words.say("entries"), 2, is_number=True),
    )
    rows = tuple(
        Row((str(one["year"]), _amount(one, words), str(one["entries"]))) for one in found[:MOST_ROWS]
    )
    yield Table(words.say("booked-table"), columns, rows)
    yield from not_shown(len(found), len(rows), words)


def _amount(one: Json, words: Words) -> str:
    amount = money(words, Decimal(one["amount"]), one["currency"])
    return words.say("in-prices", amount=amount, price_year=one["price_year"])
