"""How the indicators stand: counted by light and state, and one by one for a project (B6, B7)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from gevinst_benefits.papers.benefit_report.documents import Json, PlanDocuments, ReportOf
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_INDICATORS = 30
_ORDER = ("red", "yellow", "none", "green")


def indicators(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section; what has nothing to show says why, which is never green and never zero."""
    found = report.overview["indicators"]
    yield Heading(words.say("indicators"))
    if not found["count"]:
        yield Paragraph(words.say("no-indicators"))
        return
    lights = {one["light"]: one["count"] for one in found["lights"]}
    states = [
        words.say("state-count", state=words.term("sign", one["state"]), count=one["count"])
        for one in found["states"]
    ]
    counted = [
        words.say("state-count", state=words.term("light", light), count=lights[light])
        for light in _ORDER
        if light in lights
    ]
    rows = [(words.say("lights"), "\n".join(counted)), (words.say("states"), "\n".join(states))]
    if found["overruled"]:
        rows.append((words.say("overruled"), str(found["overruled"])))
    yield Facts(tuple(rows))
    if report.plan is not None:
        yield from _one_by_one(report.plan, words)


def _one_by_one(plan: PlanDocuments, words: Words) -> Iterator[Block]:
    names = {one["id"]: one["name"] for one in plan.plan["items"]}
    shown = [one for one in plan.indicators if one["id"] in plan.lights]
    shown.sort(key=lambda one: _ORDER.index(plan.lights[one["id"]][0]))
    columns = (
        Column(words.say("indicator"), 8),
        Column(words.say("light"), 4),
        Column(words.say("state"), 4),
        Column(words.say("baseline"), 3, is_number=True),
        Column(words.say("target"), 3, is_number=True),
        Column(words.say("now"), 4, is_number=True),
        Column(words.say("way-done"), 3, is_number=True),
    )
    rows = tuple(_row(one, names, plan, words) for one in shown[:MOST_INDICATORS])
    if rows:
        yield Table(words.say("indicators-table"), columns, rows)
    yield from not_shown(len(plan.lights), len(rows), words)


def _row(one: Json, names: Json, plan: PlanDocuments, words: Words) -> Row:
    colour, is_overruled = plan.lights[one["id"]]
    light = words.term("light", colour)
    value = one.get("value")
    now = DASH if value is None else words.number(Decimal(value))
    if value is not None and "latest" in one:
        now = f"{now}\n{words.day(date.fromisoformat(one['latest']['taken_on']))}"
    share = one.get("realised_share")
    cells = (
        f"{one['name']} ({one['unit_of_measure']})\n{names.get(one['benefit_id'], '')}".strip(),
        "\n".join((light, words.say("said-by-person"))) if is_overruled else light,
        words.term("sign", one["state"]),
        words.number(Decimal(one["baseline"])) if "baseline" in one else DASH,
        words.number(Decimal(one["target"])),
        now,
        DASH if share is None else words.say("percent", share=words.number(Decimal(share) * 100, places=0)),
    )
    return Row(cells, is_strong=colour == "red")
