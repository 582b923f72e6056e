"""What the board decided: outcome, case number, reasons, what it did to projects, what it freed (P8)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gevinst_portfolio.papers.meeting.documents import Json, MeetingDocuments
from gevinst_shared.papers.amounts import DASH, money
from gevinst_shared.papers.model import Block, Column, Facts, Note, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_PROJECTS = 60


def decision_blocks(decision: Json, documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """One decision whole: never changed afterwards, only followed by another."""
    kind = words.term("decision", decision["kind"])
    yield Note(words.say("decided-as", kind=kind, case=decision["case_number"]))
    rows = [
        (words.say("decided-on"), words.day(date.fromisoformat(decision["decided_on"]))),
        (words.say("deciders"), ", ".join(decision["deciders"])),
        (words.say("reasons"), decision["reasons"]),
    ]
    if "until" in decision:
        rows.append((words.say("until"), words.day(date.fromisoformat(decision["until"]))))
    if "condition" in decision:
        rows.append((words.say("ends-when"), decision["condition"]))
    if "followed_by_id" in decision:
        rows.append((words.say("followed"), words.say("followed-by-another")))
    yield Facts(tuple(rows))
    yield from _effects(decision, words)
    for release in documents.releases:
        if release.get("decision_id") == decision["id"]:
            yield from released(release, words)


def released(release: Json, words: Words) -> Iterator[Block]:
    """G6: what is free again, in money and people."""
    total = release.get("total")
    written = words.say("cost-unknown") if total is None else _money(total, words)
    rows = [(words.say("freed-money"), written)]
    rows += [
        (one["resource_name"], f"{words.number(Decimal(str(one['total'])))} {one['measure']}")
        for one in release["resources"]
    ]
    yield Paragraph(words.say("freed-by", project=release["project_name"]))
    yield Facts(tuple(rows))


def _effects(decision: Json, words: Words) -> Iterator[Block]:
    found = decision["projects"]
    if not found:
        return
    columns = (
        Column(words.say("project"), 8),
        Column(words.say("outcome"), 4),
        Column(words.say("start"), 6),
        Column(words.say("end"), 6),
        Column(words.say("cost"), 5, is_number=True),
        Column(words.say("benefit"), 5, is_number=True),
    )
    rows = tuple(_effect(one, words) for one in found[:MOST_PROJECTS])
    yield Table(words.say("effects-table"), columns, rows)
    yield from not_shown(len(found), MOST_PROJECTS, words)
    if decision["left_out"]:
        yield Paragraph(words.say("left-out-count", count=len(decision["left_out"])))


def _effect(one: Json, words: Words) -> Row:
    cells = (
        one["project_name"],
        words.term("effect", one["effect"]),
        _moved(one, "start", words),
        _moved(one, "end", words),
        DASH if "cost" not in one else _money(one["cost"], words),
        DASH if "benefit" not in one else _money(one["benefit"], words),
    )
    return Row(cells)


def _moved(one: Json, name: str, words: Words) -> str:
    """The day, with the one before when it is another."""
    now, before = one.get(name), one.get(f"{name}_before")
    if now is None:
        return DASH
    written = words.day(date.fromisoformat(now))
    if before is None or before == now:
        return written
    return words.say("moved-from", day=written, before=words.day(date.fromisoformat(before)))


def _money(value: Json, words: Words) -> str:
    return money(words, Decimal(value["amount"]), value["currency"])
