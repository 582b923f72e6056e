"""An explanation as `ExplanationOut`, without its sentences (P7)."""

from collections.abc import Iterable

from gevinst_portfolio.domain.optimiser.change import Addition
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.displacement import Displacement
from gevinst_portfolio.domain.optimiser.elastic import lever_of
from gevinst_portfolio.domain.optimiser.explanation import Explanation, WhyOut
from gevinst_portfolio.domain.optimiser.problem import Number
from gevinst_portfolio.domain.optimiser.remedy import Remedy
from gevinst_portfolio.domain.optimiser.result import Solution
from gevinst_portfolio.domain.optimiser.room import Obstacle
from gevinst_portfolio.domain.register_words import Document, RegisterWords, plain, present
from gevinst_portfolio.domain.scenario_money import QUARTERS_OF_YEAR, rise_of_year


def explanation_document(words: RegisterWords, solution: Solution, found: Explanation) -> Document:
    return present(
        status=solution.status.value,
        value=plain(solution.value),
        gap=solution.gap,
        left_out=[_why_out(words, one) for one in found.left_out],
        forced=[_forced(words, one) for one in found.forced],
    )


def _why_out(words: RegisterWords, why: WhyOut) -> Document:
    start = why.reason.start
    return words.project(why.project) | present(
        price=plain(why.price),
        is_tied=why.is_tied,
        is_proved=why.is_proved,
        doubt=None if why.doubt is None else why.doubt.value,
        least_blocked_start=None if start is None else words.quarter(start),
        obstacles=[_obstacle(words, one) for one in why.reason.obstacles],
        remedies=[_remedy(words, why.project, one) for one in why.remedies],
    )


def _obstacle(words: RegisterWords, obstacle: Obstacle) -> Document:
    is_money = obstacle.rule is Rule.BUDGET
    return present(
        rule=obstacle.rule.value,
        names=[words.name(name) for name in obstacle.ids],
        quarter=None if obstacle.period is None else words.quarter(obstacle.period),
        lacking=plain(obstacle.lacking) if obstacle.lacking and not is_money else None,
        lacking_money=words.money(obstacle.lacking) if is_money else None,
    )


def _remedy(words: RegisterWords, project: str, remedy: Remedy) -> Document:
    start = remedy.plan.get(project)
    return present(
        levers=sorted(remedy.used or remedy.levers),
        money=[_more_money(words, a) for a in remedy.change.additions if a.rule is Rule.BUDGET],
        capacity=list(_more_capacity(words, remedy.change.additions)),
        leaving_out=words.projects(remedy.change.without),
        relaxed=[
            {"rule": one.rule.value, "names": [words.name(name) for name in one.ids]}
            for one in remedy.change.relaxed
        ],
        start=None if start is None else words.quarter(start),
        cost_share=remedy.cost,
        value_gain=plain(remedy.gain),
        is_enough=remedy.is_enough,
        is_least=remedy.is_least,
        is_cheapest=remedy.is_cheapest,
    )


def _more_money(words: RegisterWords, addition: Addition) -> Document:
    question, year, more = words.question, words.year(addition.period), int(addition.amount)
    # A budget is set for a whole year, of which the scenario may reach a part.
    quarters = question.quarters_within(addition.period)
    rise = rise_of_year(question.money[year, addition.id], quarters, more)
    is_part = quarters < QUARTERS_OF_YEAR
    return present(
        kind=addition.id,
        year=year,
        amount=words.money(rise),
        quarters_within=quarters if is_part else None,
        amount_within=words.money(more) if is_part else None,
    )


def _more_capacity(words: RegisterWords, additions: Iterable[Addition]) -> Iterable[Document]:
    kinds = {resource.id: resource.kind for resource in words.question.problem.resources}
    for one in additions:
        if one.rule is Rule.RESOURCE:
            yield {
                "resource_id": one.id,
                "resource_name": words.name(one.id),
                "lever": lever_of(kinds[one.id]).value,
                "quarter": words.quarter(one.period),
                "amount": float(one.amount),
            }


def _forced(words: RegisterWords, found: Displacement) -> Document:
    return words.project(found.project) | present(
        is_needed=found.is_needed,
        is_proved=found.is_proved,
        enters=words.chosen(found.enters),
        leaves=words.projects(found.leaves),
        moves=[
            {
                **words.project(name),
                "start": words.quarter(before),
                "start_in_other": words.quarter(after),
                "quarters": after - before,
            }
            for name, (before, after) in found.moves.items()
        ],
        value_gain=plain(found.value_gain),
        money=list(_money(words, found.money.items())),
    )


def _money(words: RegisterWords, money: Iterable[tuple[str, Number]]) -> Iterable[Document]:
    for kind, amount in money:
        yield {"kind": kind, "difference": words.money(amount)}
