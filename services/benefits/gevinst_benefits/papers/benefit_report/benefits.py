"""A project's benefits one by one: who owns them, what they promise and from when, what was verified (B2)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gevinst_benefits.papers.benefit_report.documents import Json, PlanDocuments, ReportOf
from gevinst_benefits.papers.gate.benefits import LEDGERS
from gevinst_shared.papers.amounts import money
from gevinst_shared.papers.model import Block, Column, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

MOST_BENEFITS = 25
_ENDED = ("closed", "moved")


def benefits(report: ReportOf, words: Words) -> Iterator[Block]:
    """The section of a project; of a larger scope, the benefits that nothing will show and vacant owners."""
    if report.plan is None:
        yield from _missing(report, words)
        return
    yield Heading(words.say("benefits"))
    plan = report.plan.plan
    if not plan["items"]:
        yield Paragraph(words.say("no-benefits"))
        return
    for ledger in LEDGERS:
        found = [one for one in plan["items"] if one["planned_years"]["ledger"] == ledger]
        yield from _ledger(ledger, found, report.plan, words)
    if "next_cursor" in plan:
        yield Paragraph(words.say("more-rows", count=plan["benefit_count"] - len(plan["items"])))
    yield from _flags(plan["items"], words)


def _ledger(ledger: str, found: Sequence[Json], plan: PlanDocuments, words: Words) -> Iterator[Block]:
    if not found:
        return
    columns = (
        Column(words.say("benefit"), 12),
        Column(words.say("owner"), 8),
        Column(words.say("state"), 6),
        Column(words.say("from"), 4),
        Column(words.say("per-year"), 8, is_number=True),
        Column(words.say("last-verified"), 6, is_number=True),
        Column(words.say("light"), 4),
    )
    rows = tuple(_row(one, plan, words) for one in found[:MOST_BENEFITS])
    yield Table(words.say(f"ledger-{ledger}"), columns, rows)
    yield from not_shown(len(found), MOST_BENEFITS, words)


def _row(one: Json, plan: PlanDocuments, words: Words) -> Row:
    years = one["planned_years"]
    owner = one["owner"]
    unit = plan.units.get(owner["unit_id"], words.say("unknown-unit"))
    told = words.say("owner-in-unit", role=words.term("role", owner["role"]), unit=unit)
    if "owner-vacant" in one["flags"]:
        told = "\n".join((told, words.say("vacant")))
    if one["state"] in _ENDED:
        begins = words.term("state", one["state"])
    else:
        begins = years.get("starts_on", "")[:4] or words.say(f"begins-{years['state']}")
    cells = (
        f"{one['name']}\n{words.term('mode', one['mode'])}",
        told,
        words.term("state", one["state"]),
        begins,
        _estimate(one, words),
        _verified(years, words),
        _lights(one["id"], plan, words),
    )
    return Row(cells)


def _estimate(one: Json, words: Words) -> str:
    estimate = one["estimate"]
    if "money_per_year" in estimate:
        cash = estimate["money_per_year"]
        amount = money(words, Decimal(cash["amount"]), cash["currency"])
        return words.say("in-prices", amount=amount, price_year=cash["price_year"])
    return f"{words.number(Decimal(estimate['amount_per_year']))} {estimate['unit_of_measure']}"


def _verified(years: Json, words: Words) -> str:
    """G3: what the controller found in the last year that was verified."""
    found = [one for one in years["years"] if one["is_verified"]]
    if not found:
        return words.say("not-verified")
    last = found[-1]
    if "verified" not in last:
        return words.say("verified-elsewise", year=last["year"])
    amount = Decimal(last["verified"])
    said = (
        money(words, amount, years["currency"])
        if "currency" in years
        else f"{words.number(amount)} {years['unit_of_measure']}"
    )
    return words.say("verified-in", amount=said, year=last["year"])


def _lights(benefit_id: str, plan: PlanDocuments, words: Words) -> str:
    its = [one["id"] for one in plan.indicators if one["benefit_id"] == benefit_id]
    if not its:
        return words.say("no-indicator")
    colours = dict.fromkeys(plan.lights.get(one, ("none", False))[0] for one in its)
    return ", ".join(words.term("light", one) for one in colours)


def _flags(items: Sequence[Json], words: Words) -> Iterator[Block]:
    """B4, B11, B12, B15: what somebody should look at, benefit by benefit."""
    rows = [
        Row((one["name"], "\n".join(words.term("flag", flag) for flag in one["flags"])))
        for one in items
        if one["flags"]
    ]
    if rows:
        columns = (Column(words.say("benefit"), 5), Column(words.say("what-to-look-at"), 6))
        yield Table(words.say("flags-table"), columns, tuple(rows[:MOST_BENEFITS]))
    yield from not_shown(len(rows), MOST_BENEFITS, words)


def _missing(report: ReportOf, words: Words) -> Iterator[Block]:
    """B2, B6: what nothing will show, and owners that nobody is."""
    unseen, vacant = report.overview["without_indicator"], report.overview["vacant_owners"]
    if not unseen["count"] and not vacant["count"]:
        return
    yield Heading(words.say("what-is-missing"))
    if unseen["count"]:
        columns = (
            Column(words.say("benefit"), 5),
            Column(words.say("project"), 4),
            Column(words.say("state"), 3),
        )
        rows = tuple(
            Row((one["name"], one["project_name"], words.term("state", one["state"])))
            for one in unseen["first"][:MOST_BENEFITS]
        )
        yield Table(words.say("unseen-table", count=unseen["count"]), columns, rows)
        yield from not_shown(unseen["count"], len(rows), words)
    if vacant["count"]:
        columns = (
            Column(words.say("role"), 4),
            Column(words.say("unit"), 5),
            Column(words.say("benefits"), 2, is_number=True),
        )
        rows = tuple(
            Row((words.term("role", one["role"]), one["unit_name"], str(one["benefits"])))
            for one in vacant["first"][:MOST_BENEFITS]
        )
        yield Table(words.say("vacant-table", count=vacant["count"]), columns, rows)
        yield from not_shown(vacant["count"], len(rows), words)
