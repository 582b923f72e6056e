"""The benefits of the plan, one table for each of the three ledgers (C7), with owner and state (B2)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gevinst_benefits.papers.gate.facts import BenefitFacts, GateFacts
from gevinst_shared.papers.amounts import money
from gevinst_shared.papers.model import Block, Column, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.wording import Words

LEDGERS = ("money", "time", "quality")
# Per ledger; the plan itself has all of them.
MOST_BENEFITS = 12


def benefits(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section. C7: what is counted in money, in time and in quality is never added up."""
    yield Heading(words.say("benefits"))
    # What has been closed or moved elsewhere is no longer promised here.
    plan = [one for one in facts.benefits.values() if one.state not in ("closed", "moved")]
    if not plan:
        yield Note(words.say("no-benefits"))
        return
    yield Paragraph(words.say("three-ledgers"))
    without = sum(benefit.indicator_count == 0 for benefit in plan)
    unconfirmed = sum(benefit.state == "proposed" for benefit in plan)
    if without or unconfirmed:
        yield Note(words.say("weak-benefits", count=len(plan), unconfirmed=unconfirmed, without=without))
    for ledger in LEDGERS:
        yield from _ledger(ledger, [one for one in plan if one.ledger == ledger], words)


def estimate(benefit: BenefitFacts, words: Words) -> str:
    """What is expected per year; a benefit without estimate says so."""
    if benefit.amount is None:
        return words.say("no-estimate")
    if benefit.ledger != "money":
        return f"{words.number(benefit.amount)} {benefit.unit_of_measure}"
    amount = money(words, benefit.amount, benefit.unit_of_measure)
    return words.say("in-prices", amount=amount, price_year=benefit.price_year)


def _ledger(ledger: str, found: Sequence[BenefitFacts], words: Words) -> Iterator[Block]:
    if not found:
        return
    ordered = sorted(found, key=_attention)
    rows = tuple(_row(benefit, words) for benefit in ordered[:MOST_BENEFITS])
    columns = (
        Column(words.say("benefit"), 12),
        Column(words.say("owner"), 8),
        Column(words.say("state"), 6),
        Column(words.say("indicators"), 6),
        Column(words.say("per-year"), 11, is_number=True),
    )
    yield Table(words.say(f"ledger-{ledger}"), columns, rows)
    if len(ordered) > MOST_BENEFITS:
        yield Paragraph(words.say("more-benefits", count=len(ordered) - MOST_BENEFITS))


def _attention(benefit: BenefitFacts) -> tuple[bool, bool, Decimal]:
    """B6: without indicator first; then what the owner has not confirmed, then the largest."""
    return benefit.indicator_count > 0, benefit.state != "proposed", -(benefit.amount or Decimal(0))


def _row(benefit: BenefitFacts, words: Words) -> Row:
    name = f"{benefit.name}\n{words.term('mode', benefit.mode)}"
    indicators = str(benefit.indicator_count) if benefit.indicator_count else words.say("no-indicator")
    state = words.term("state", benefit.state)
    return Row((name, benefit.owner, state, indicators, estimate(benefit, words)))
