"""What others, and the organisation itself, require of a project of this cost (G11)."""

from collections.abc import Iterator

from gevinst_benefits.domain.gates.thresholds import Verdict
from gevinst_benefits.papers.gate.facts import GateFacts, RequirementFacts
from gevinst_shared.papers.amounts import money
from gevinst_shared.papers.model import Block, Column, Heading, Paragraph, Row, Table
from gevinst_shared.papers.overflow import not_shown
from gevinst_shared.papers.wording import Words

# The paper's length is bounded; what applies stands first.
MOST_REQUIREMENTS = 20


def requirements(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section: the investment, and each threshold of the day with its source and what it means here."""
    yield Heading(words.say("requirements"))
    if facts.case is not None and facts.investment is not None:
        amount = money(words, facts.investment, facts.case.currency)
        yield Paragraph(words.say("investment", amount=amount, price_year=facts.case.price_year))
    found = sorted(facts.requirements, key=lambda one: (one.verdict != Verdict.APPLIES, one.amount))
    if not found:
        yield Paragraph(words.say("no-requirements", day=words.day(facts.proposed_on)))
        return
    columns = (
        Column(words.say("requirement"), 7),
        Column(words.say("limit"), 5),
        Column(words.say("applies"), 4),
        Column(words.say("requirement-source"), 6),
    )
    rows = tuple(_row(one, words) for one in found[:MOST_REQUIREMENTS])
    yield Table(words.say("requirements-on", day=words.day(facts.proposed_on)), columns, rows)
    yield from not_shown(len(found), len(rows), words)


def _row(one: RequirementFacts, words: Words) -> Row:
    verdict = words.term("verdict", one.verdict)
    applies = verdict if one.exemption is None else f"{verdict}: {one.exemption}"
    source = words.say("in-force-since", source=one.source, day=words.day(one.valid_from))
    return Row((one.name, _limit(one, words), applies, source), is_strong=one.verdict == Verdict.APPLIES)


def _limit(one: RequirementFacts, words: Words) -> str:
    amount = money(words, one.amount, one.currency)
    limit = words.say("limit-from" if one.is_inclusive else "limit-above", amount=amount)
    if one.below is None:
        return limit
    upper = "limit-below" if one.is_inclusive else "limit-to"
    return f"{limit} {words.say(upper, amount=money(words, one.below, one.currency))}"
