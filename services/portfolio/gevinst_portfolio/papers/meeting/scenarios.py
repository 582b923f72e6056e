"""Scenarios on the agenda, side by side and one by one: what goes in and out, money, people, and why (P7)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from gevinst_portfolio.papers.meeting.documents import Json, MeetingDocuments, ScenarioDocuments
from gevinst_shared.papers.amounts import DASH, money, scale_of
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.organisation import day_there

MOST_PROJECTS = 30
MOST_SIDE_BY_SIDE = 4


def side_by_side(documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """What the scenarios that are not decided yet come to, in one table."""
    asked = list(dict.fromkeys(filter(None, map(documents.undecided_scenario, documents.items))))
    shown = [documents.scenarios[one] for one in asked if one in documents.scenarios]
    if not shown:
        return
    yield Heading(words.say("scenarios"))
    found = shown[:MOST_SIDE_BY_SIDE]
    columns = (
        Column(words.say("figure"), 3),
        *(Column(one.scenario["name"], 3, is_number=True) for one in found),
    )
    rows = (
        Row((words.say("chosen-count"), *(str(one.plan["selected_count"]) for one in found))),
        Row((words.say("left-out-of"), *(str(one.plan["left_out_count"]) for one in found))),
        Row((words.say("total-cost"), *(_money(one.plan["total_cost"], words) for one in found))),
        Row((words.say("total-benefit"), *(_money(one.plan["total_benefit"], words) for one in found))),
        Row((words.say("plan-value"), *(_value(one.plan, words) for one in found))),
        Row((words.say("goes-in"), *(str(len(one.comparison["leaves"])) for one in found))),
        Row((words.say("goes-out"), *(str(len(one.comparison["enters"])) for one in found))),
        Row((words.say("moves"), *(str(len(one.comparison["moves"])) for one in found))),
    )
    yield Table(words.say("side-by-side-table"), columns, rows)
    yield from not_shown(len(asked), len(found), words)
    yield Paragraph(words.say("against-today"))
    if documents.bubbles is not None:
        yield documents.bubbles


def scenario_blocks(found: ScenarioDocuments, documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    """One scenario: what it is, what it changes from what is decided, and what it leaves out and why."""
    yield from _about(found, words)
    yield from _changes(found.comparison, words)
    yield from found.pictures
    yield _money_by_year(found, words)
    yield from _people(found.plan, words)
    yield from _left_out(found.plan, documents, words)


def _about(found: ScenarioDocuments, words: Words) -> Iterator[Block]:
    scenario, plan = found.scenario, found.plan
    rows = [
        (words.say("scenario"), scenario["name"]),
        (
            words.say("covers"),
            words.say("quarters-from", count=scenario["quarters"], first=scenario["first_quarter"]),
        ),
        (words.say("made-for"), words.term("value", scenario["assumptions"]["value"])),
        (words.say("plan-value"), _value(plan, words)),
        (words.say("proof"), _proof(plan, words)),
    ]
    if "published_at" in scenario:
        published = day_there(scenario["organisation"], datetime.fromisoformat(scenario["published_at"]))
        rows.append((words.say("published"), words.day(published)))
    yield Facts(tuple(rows))
    if scenario.get("inputs_changed"):
        yield Note(words.say("inputs-changed"))


def _value(plan: Json, words: Words) -> str:
    if "value" not in plan:
        return DASH
    value = Decimal(str(plan["value"]))
    return words.number(value, places=0 if abs(value) >= 1000 else 2)


def _proof(plan: Json, words: Words) -> str:
    """What "best" may mean here: proved, or how far it may be from the best."""
    gap = plan.get("gap")
    if gap is None:
        return words.say("not-proved")
    if gap <= 0:
        return words.say("proved")
    return words.say("within", share=words.number(Decimal(str(gap)) * 100, places=2))


def _changes(comparison: Json, words: Words) -> Iterator[Block]:
    """From what is decided today to this plan: the comparison goes the other way."""
    tables = {"in-table": comparison["leaves"], "out-table": comparison["enters"]}
    for code, found in tables.items():
        if not found:
            continue
        columns = (
            Column(words.say("project"), 7),
            Column(words.say("start"), 3),
            Column(words.say("why"), 5),
        )
        rows = tuple(Row((_named(one), one["start"], _forced(one, words))) for one in found[:MOST_PROJECTS])
        yield Table(words.say(code, count=len(found)), columns, rows)
        yield from _more(found, words)
    moves = comparison["moves"]
    if moves:
        columns = (
            Column(words.say("project"), 7),
            Column(words.say("today"), 3),
            Column(words.say("this-plan"), 3),
        )
        rows = tuple(Row((_named(one), one["start_in_other"], one["start"])) for one in moves[:MOST_PROJECTS])
        yield Table(words.say("moves-table", count=len(moves)), columns, rows)
        yield from _more(moves, words)
    if not moves and not any(tables.values()):
        yield Paragraph(words.say("changes-nothing"))
    yield Paragraph(words.say("stays", count=comparison["stays_count"]))


def _money_by_year(found: ScenarioDocuments, words: Words) -> Table:
    today = {(one["year"], one["kind"]): one["spent_in_other"] for one in found.comparison["money"]}
    rows = found.plan["money"]
    amounts = [Decimal(one[name]["amount"]) for one in rows for name in ("spent", "available") if name in one]
    scale = scale_of(amounts)
    total = found.plan["total_cost"]
    columns = (
        Column(words.say("year"), 2),
        Column(words.say("cost-kind"), 3),
        *(Column(words.say(name), 4, is_number=True) for name in ("today", "this-plan", "available", "left")),
    )

    def written(value: Json | None) -> str:
        return DASH if value is None else scale.write(words, Decimal(value["amount"]))

    unit = scale.unit(words, total["currency"], total["price_year"])
    return Table(
        words.say("money-table", unit=unit),
        columns,
        tuple(
            Row(
                (
                    str(one["year"]),
                    words.term("cost-kind", one["kind"]),
                    written(today.get((one["year"], one["kind"]))),
                    written(one["spent"]),
                    written(one["available"]) if "available" in one else words.say("no-limit"),
                    written(one.get("left")),
                )
            )
            for one in rows
        ),
    )


def _people(plan: Json, words: Words) -> Iterator[Block]:
    """P3, P4: of each shared role and unit the fullest quarter."""
    fullest = [(one, max(one["quarters"], key=_share)) for one in plan["load"] if one["quarters"]]
    if not fullest:
        return
    columns = (
        Column(words.say("resource"), 6),
        Column(words.say("resource-kind"), 4),
        Column(words.say("fullest-quarter"), 3),
        Column(words.say("used"), 3, is_number=True),
        Column(words.say("capacity"), 3, is_number=True),
    )
    fullest.sort(key=lambda pair: -_share(pair[1]))
    rows = tuple(
        Row(
            (
                one["resource_name"],
                words.term("resource", one["kind"]),
                quarter["quarter"],
                words.number(Decimal(str(round(quarter["used"], 2)))),
                words.number(Decimal(str(round(quarter["capacity"], 2)))),
            ),
            is_strong=quarter["used"] > quarter["capacity"],
        )
        for one, quarter in fullest[:MOST_PROJECTS]
    )
    yield Table(words.say("people-table"), columns, rows)
    yield from _more(fullest, words)


def _share(quarter: Json) -> float:
    """How full a quarter is; one without capacity that something is taken of is fullest."""
    used, capacity = float(quarter["used"]), float(quarter["capacity"])
    if capacity <= 0:
        return float("inf") if used > 0 else 0.0
    return used / capacity


def _left_out(plan: Json, documents: MeetingDocuments, words: Words) -> Iterator[Block]:
    found = plan["left_out"]
    if not found:
        return
    columns = (Column(words.say("project"), 5), Column(words.say("why-left-out"), 9))
    rows = tuple(
        Row((_named(one), documents.obstacles(one["obstacles"]) or words.say("not-worth-it")))
        for one in found[:MOST_PROJECTS]
    )
    yield Table(words.say("left-out-table", count=len(found)), columns, rows)
    yield from _more(found, words)


def _named(one: Json) -> str:
    """P9: with the concept that it is to be done by."""
    concept = one.get("concept_name")
    return str(one["project_name"]) if concept is None else f"{one['project_name']}: {concept}"


def _forced(one: Json, words: Words) -> str:
    return words.term("forced", one["forced_by"]) if "forced_by" in one else words.say("by-value")


def _money(value: Json, words: Words) -> str:
    return money(words, Decimal(value["amount"]), value["currency"])


def _more(found: Sequence[object], words: Words) -> Iterator[Block]:
    yield from not_shown(len(found), MOST_PROJECTS, words)
