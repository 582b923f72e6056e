"""What changed since the gate that was decided before (G4): the case's figures, its lines, the benefits."""

from collections.abc import Iterator
from decimal import Decimal

from gevinst_benefits.papers.gate.benefit_changes import benefit_changes
from gevinst_benefits.papers.gate.facts import BeforeFacts, CaseChange, CaseFacts, GateFacts, LineFacts
from gevinst_shared.papers.amounts import DASH, Scale, scale_of
from gevinst_shared.papers.model import Block, Column, Heading, Note, Paragraph, Row, Table
from gevinst_shared.papers.wording import Words

# More than a board reads; the others are summed in a row of their own.
MOST_LINES = 12


def changes(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section; a first gate says that there is nothing to compare with."""
    yield Heading(words.say("changes"))
    before = facts.before
    if before is None:
        yield Paragraph(words.say("first-gate"))
        return
    outcome = words.term("outcome", before.outcome)
    day = words.day(before.decided_on)
    yield Paragraph(words.say("compared-with", gate=before.gate, day=day, outcome=outcome))
    if before.change is not None and facts.case is not None:
        yield from _case_changes(facts.case, before.case, before.change, words)
    else:
        yield Note(_why_not(facts.case, before, words))
    yield from benefit_changes(before.benefits, facts.benefits, words)


def _why_not(case: CaseFacts | None, before: BeforeFacts, words: Words) -> str:
    if before.not_comparable is not None:
        return words.say("not-comparable", reason=words.term("why", before.not_comparable))
    if case is None:
        return words.say("case-missing-now")
    return words.say("case-missing-then")


def _case_changes(
    case: CaseFacts, earlier: CaseFacts | None, change: CaseChange, words: Words
) -> Iterator[Block]:
    pairs = {
        "npv": change.net_present_value,
        "present-cost": change.present_cost,
        "present-benefit": change.present_benefit,
    }
    scale = scale_of([amount for pair in pairs.values() for amount in pair])
    unit = scale.unit(words, case.currency, case.price_year)
    rows = [
        Row(
            (
                words.say(said),
                scale.write(words, then),
                scale.write(words, now),
                scale.change(words, now - then),
            )
        )
        for said, (then, now) in pairs.items()
    ]
    titles = (Column(words.say(said), 2, is_number=True) for said in ("before", "now", "change"))
    if earlier is not None:
        rows += _dates(case, earlier, words)
    yield Table(
        words.say("changed-figures", unit=unit), (Column(words.say("figure"), 3), *titles), tuple(rows)
    )
    if change.lines or change.frame_effect:
        yield _lines(change, scale, unit, words)
    else:
        yield Paragraph(words.say("no-line-changed"))


def _dates(case: CaseFacts, earlier: CaseFacts, words: Words) -> Iterator[Row]:
    then, now = earlier.payback_year, case.payback_year
    moved = DASH if then == now else words.say("moved")
    if then is not None and now is not None:
        moved = words.change(Decimal(now - then), places=0)
    never = words.say("never")
    yield Row((words.say("payback"), str(then or never), str(now or never), moved))
    spans = [f"{one.years[0]}–{one.years[-1]}" for one in (earlier, case)]
    yield Row((words.say("years"), *spans, DASH if spans[0] == spans[1] else words.say("moved")))


def _lines(change: CaseChange, scale: Scale, unit: str, words: Words) -> Table:
    """The parts add up to the whole: the lines, the rest of them in one row, and what the frame did."""
    ordered = sorted(change.lines, key=lambda line: -abs(line.effect))
    rows = [_line(line, scale, words) for line in ordered[:MOST_LINES]]
    rest = ordered[MOST_LINES:]
    if rest:
        effect = sum((line.effect for line in rest), Decimal(0))
        rows.append(_sum(words.say("other-lines", count=len(rest)), scale.change(words, effect)))
    if change.frame_effect:
        rows.append(_sum(words.say("frame"), scale.change(words, change.frame_effect)))
    rows.append(_sum(words.say("together"), scale.change(words, change.effect), is_strong=True))
    columns = (
        Column(words.say("line"), 5),
        Column(words.say("change"), 2),
        *(Column(words.say(said), 3, is_number=True) for said in ("total-before", "total-now", "effect")),
    )
    return Table(words.say("changed-lines", unit=unit), columns, tuple(rows))


def _line(line: LineFacts, scale: Scale, words: Words) -> Row:
    # What was not there, or is there no more, is missing: it is not zero.
    before = DASH if line.change == "added" else scale.write(words, line.before)
    after = DASH if line.change == "removed" else scale.write(words, line.after)
    return Row((line.name, words.term("line", line.change), before, after, scale.change(words, line.effect)))


def _sum(said: str, effect: str, *, is_strong: bool = False) -> Row:
    return Row((said, "", "", "", effect), is_strong)
