"""What the case comes to: key figures, the picture of its cash flow, and a table by year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gevinst_benefits.papers.gate.facts import CaseFacts, GateFacts
from gevinst_shared.papers.amounts import Scale, money, scale_of
from gevinst_shared.papers.model import Block, Column, Facts, Heading, Note, Row, Table
from gevinst_shared.papers.wording import Words

MOST_ROWS = 20
_SPANS = (1, 2, 5, 10, 20, 50)


@dataclass(frozen=True, slots=True)
class Span:
    """Some years that are shown as one: their sums, and the accumulated net at their end."""

    first_year: int
    last_year: int
    costs: Decimal
    benefits: Decimal
    net: Decimal
    accumulated: Decimal


def figures(facts: GateFacts, words: Words) -> Iterator[Block]:
    """The section; a project without a case says that its figures are missing, which is not zero."""
    yield Heading(words.say("figures"))
    case = facts.case
    if case is None:
        yield Note(words.say("no-case"))
        return
    yield Facts(tuple(_key_figures(case, words)))
    shown = spans(case)
    if facts.cash_flow is not None:
        yield facts.cash_flow
    yield _by_year(case, shown, words)


def spans(case: CaseFacts) -> tuple[Span, ...]:
    """The case's years, one by one or, when there are more than twenty, some together."""
    wide = next((one for one in _SPANS if len(case.years) <= one * MOST_ROWS), _SPANS[-1])
    return tuple(
        _span(case, first, min(first + wide, len(case.years))) for first in range(0, len(case.years), wide)
    )


def _span(case: CaseFacts, first: int, end: int) -> Span:
    costs, benefits, net = (
        sum(amounts[first:end], Decimal(0)) for amounts in (case.costs, case.benefits, case.net)
    )
    return Span(case.years[first], case.years[end - 1], costs, benefits, net, case.accumulated[end - 1])


def _key_figures(case: CaseFacts, words: Words) -> Iterator[tuple[str, str]]:
    amounts = {
        "npv": case.net_present_value,
        "present-cost": case.present_cost,
        "present-benefit": case.present_benefit,
    }
    for said, amount in amounts.items():
        yield words.say(said), money(words, amount, case.currency)
    if case.present_tax_financing:
        yield words.say("after-tax"), money(words, case.after_tax_financing, case.currency)
    ratio = case.benefit_cost_ratio
    yield words.say("ratio"), words.say("missing") if ratio is None else words.number(ratio, places=2)
    never = words.say("not-paid-back", last_year=case.years[-1])
    yield words.say("payback"), never if case.payback_year is None else str(case.payback_year)
    discounted = case.discounted_payback_year
    yield words.say("discounted-payback"), never if discounted is None else str(discounted)
    yield words.say("rate-of-return"), _rate(case, words)
    yield from _drawn(case, words)
    years = words.say(
        "years-and-prices", first=case.years[0], last=case.years[-1], price_year=case.price_year
    )
    yield words.say("years"), years


def _rate(case: CaseFacts, words: Words) -> str:
    """C5: the internal rate of return, or why there is none; never a wrong root."""
    if case.internal_rate_of_return is not None:
        return words.say("percent", share=words.number(case.internal_rate_of_return * 100, places=1))
    return words.say("missing") if case.no_rate is None else words.term("no-rate", case.no_rate)


def _drawn(case: CaseFacts, words: Words) -> Iterator[tuple[str, str]]:
    drawn = case.drawn
    if drawn is None:
        yield words.say("uncertainty"), words.say("no-ranges")
        return
    p10, p50, p90 = (money(words, amount, case.currency) for amount in (drawn.p10, drawn.p50, drawn.p90))
    draws = words.number(Decimal(drawn.draws))
    yield words.say("uncertainty"), words.say("percentiles", p10=p10, p50=p50, p90=p90, draws=draws)
    share = words.number(drawn.above_zero * 100, places=0)
    yield words.say("above-zero"), words.say("percent", share=share)
    if case.factors:
        named = (words.say("factor", name=name, count=count) for name, count in case.factors)
        yield words.say("factors"), "\n".join(named)


def _by_year(case: CaseFacts, shown: Sequence[Span], words: Words) -> Table:
    scale = scale_of([one for span in shown for one in (span.costs, span.benefits, span.accumulated)])
    rows = [
        Row((_years(span), *_amounts((span.costs, span.benefits, span.net, span.accumulated), scale, words)))
        for span in shown
    ]
    totals = [sum(amounts, Decimal(0)) for amounts in (case.costs, case.benefits, case.net)]
    rows.append(Row((words.say("sum"), *_amounts(totals, scale, words), ""), is_strong=True))
    names = ("costs", "gains", "net", "accumulated")
    columns = (Column(words.say("year"), 2), *(Column(words.say(name), 3, is_number=True) for name in names))
    unit = scale.unit(words, case.currency, case.price_year)
    return Table(words.say("by-year", unit=unit), columns, tuple(rows))


def _amounts(amounts: Sequence[Decimal], scale: Scale, words: Words) -> tuple[str, ...]:
    return tuple(scale.write(words, amount) for amount in amounts)


def _years(span: Span) -> str:
    if span.first_year == span.last_year:
        return str(span.first_year)
    return f"{span.first_year}–{span.last_year}"
