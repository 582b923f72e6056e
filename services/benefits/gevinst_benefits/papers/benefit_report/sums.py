"""Promised and realised by year, one table for each ledger and unit: nothing is added across them (C7)."""

from collections.abc import Iterator
from decimal import Decimal

from gevinst_benefits.papers.benefit_report.documents import Json, ReportOf
from gevinst_shared.papers.amounts import DASH, Scale, scale_of
from gevinst_shared.papers.model import Block, Column, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_TABLES = 8
MOST_FRAMES = 20


def sums(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section: each year's promises, confirmed by owners and not, and what controllers found."""
    yield Heading(words.say("promised-and-realised"))
    yield report.realised or Note(words.say("picture-mixed"))
    found = [one for one in report.sums if one["years"]]
    if not found:
        yield Note(words.say("no-sums", first=report.first_year, last=report.last_year))
        return
    yield Paragraph(words.say("sums-rule"))
    for one in found[:MOST_TABLES]:
        yield _by_year(one, words)
    yield from not_shown(len(found), MOST_TABLES, words)
    yield from _frames(report, words)


def unit_of(one: Json, words: Words, scale: Scale) -> str:
    """What amounts are counted in: money at one price level, or a unit of measure."""
    if "currency" in one:
        return scale.unit(words, one["currency"], one["price_year"])
    return str(one["unit_of_measure"])


def written(amount: str | None, words: Words, scale: Scale | None) -> str:
    """B6: what is missing is a dash, never a zero."""
    if amount is None:
        return DASH
    return words.number(Decimal(amount)) if scale is None else scale.write(words, Decimal(amount))


def scale_for(one: Json, amounts: list[str]) -> Scale | None:
    """The scale of money; other units are written as they are."""
    return scale_of([Decimal(amount) for amount in amounts]) if "currency" in one else None


def _by_year(one: Json, words: Words) -> Table:
    names = ("confirmed", "unconfirmed", "verified")
    scale = scale_for(one, [year[name] for year in one["years"] for name in names if name in year])
    rows = [
        Row((str(year["year"]), *(written(year.get(name), words, scale) for name in names)))
        for year in one["years"]
    ]
    if len(rows) > 1:
        totals = (_total(one, name) for name in names)
        together = (written(total, words, scale) for total in totals)
        rows.append(Row((words.say("sum"), *together), is_strong=True))
    columns = (
        Column(words.say("year"), 2),
        *(Column(words.say(f"sum-{name}"), 3, is_number=True) for name in names),
    )
    unit = unit_of(one, words, scale or Scale(1, 0))
    return Table(words.say(f"sums-{one['ledger']}", unit=unit), columns, tuple(rows))


def _total(one: Json, name: str) -> str | None:
    """Of the years that are shown; None when none of them has the figure."""
    there = [Decimal(year[name]) for year in one["years"] if name in year]
    return str(sum(there, Decimal(0))) if there else None


def _frames(report: ReportOf, words: Words) -> Iterator[Block]:
    """B1: how the benefits are to be taken out, and of which kind they are."""
    found = report.overview.get("sums", ())
    if not found:
        return
    columns = (
        Column(words.say("mode"), 4),
        Column(words.say("kind"), 3),
        Column(words.say("counted-in"), 3),
        Column(words.say("count-confirmed"), 2, is_number=True),
        Column(words.say("count-unconfirmed-short"), 2, is_number=True),
    )
    rows = tuple(
        Row(
            (
                words.term("mode", one["mode"]),
                words.term("kind", one["kind"]),
                unit_of(one, words, Scale(1, 0)),
                str(one["confirmed_count"]),
                str(one["unconfirmed_count"]),
            )
        )
        for one in found[:MOST_FRAMES]
    )
    yield Table(words.say("frames-table"), columns, rows)
    yield from not_shown(len(found), MOST_FRAMES, words)
