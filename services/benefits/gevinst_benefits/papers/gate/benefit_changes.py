"""Which benefits are new, gone, or promise something else than at the gate before."""

from collections.abc import Iterator, Mapping

from gevinst_benefits.papers.gate.benefits import estimate
from gevinst_benefits.papers.gate.facts import BenefitFacts
from gevinst_shared.papers.amounts import DASH
from gevinst_shared.papers.model import Block, Column, Paragraph, Row, Table
from gevinst_shared.papers.wording import Words

MOST_BENEFITS = 10


def benefit_changes(
    before: Mapping[str, BenefitFacts], now: Mapping[str, BenefitFacts], words: Words
) -> Iterator[Block]:
    """A table of what changed, or the sentence that nothing did."""
    ids = [
        one for one in dict.fromkeys([*before, *now]) if _promise(before.get(one)) != _promise(now.get(one))
    ]
    if not ids:
        yield Paragraph(words.say("no-benefit-changed"))
        return
    rows = tuple(_row(before.get(one), now.get(one), words) for one in ids[:MOST_BENEFITS])
    columns = (
        Column(words.say("benefit"), 10),
        Column(words.say("change"), 4),
        Column(words.say("before"), 6),
        Column(words.say("now"), 6),
    )
    yield Table(words.say("changed-benefits"), columns, rows)
    if len(ids) > MOST_BENEFITS:
        yield Paragraph(words.say("more-benefits", count=len(ids) - MOST_BENEFITS))


def _promise(benefit: BenefitFacts | None) -> tuple[object, ...] | None:
    """What a board must hear of when it changes."""
    if benefit is None:
        return None
    amount = (benefit.ledger, benefit.amount, benefit.unit_of_measure, benefit.price_year)
    return (*amount, benefit.state, benefit.owner, benefit.mode)


def _row(before: BenefitFacts | None, now: BenefitFacts | None, words: Words) -> Row:
    change = "added" if before is None else "removed" if now is None else "changed"
    shown = now or before
    assert shown is not None
    cells = (_told(one, (before, now), words) for one in (before, now))
    return Row((shown.name, words.term("line", change), *cells))


def _told(
    benefit: BenefitFacts | None, both: tuple[BenefitFacts | None, BenefitFacts | None], words: Words
) -> str:
    """Estimate and state, with owner and realisation when they moved: the plan's table has them too."""
    if benefit is None:
        return DASH
    parts = [estimate(benefit, words), words.term("state", benefit.state)]
    others = [one for one in both if one is not None]
    if len({one.owner for one in others}) > 1:
        parts.append(benefit.owner)
    if len({one.mode for one in others}) > 1:
        parts.append(words.term("mode", benefit.mode))
    return "\n".join(parts)
