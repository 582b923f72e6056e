"""Frontier, stability, certainty and baselines as their `…Out`, in the words of the register (P7)."""

from collections.abc import Mapping, Sequence

from gevinst_portfolio.domain.optimiser.baselines import Baseline
from gevinst_portfolio.domain.optimiser.certainty import Certainty
from gevinst_portfolio.domain.optimiser.check import Rule, Violation
from gevinst_portfolio.domain.optimiser.estimates import EstimateDraw
from gevinst_portfolio.domain.optimiser.frontier import Frontier, FrontierPoint
from gevinst_portfolio.domain.optimiser.problem import Plan
from gevinst_portfolio.domain.optimiser.stability import Share, Stability
from gevinst_portfolio.domain.register_words import Document, RegisterWords, plain, present

DISTRIBUTION = "triangular"


def frontier_document(words: RegisterWords, found: Frontier, kinds: Sequence[str]) -> Document:
    return {
        "kinds": list(kinds),
        "points": [_point(words, point) for point in found.points],
        "enters": [{**words.project(name), "point": place} for name, place in sorted(found.enters.items())],
    }


def _point(words: RegisterWords, point: FrontierPoint) -> Document:
    return present(
        factor=float(point.factor),
        money=words.money(point.money),
        status=point.status.value,
        value=plain(point.value),
        bound=plain(point.bound),
        gap=point.gap,
        # Money is counted in hundredths.
        marginal_value=None if point.marginal is None else point.marginal * 100,
        selected=words.chosen(point.plan),
    )


def stability_document(words: RegisterWords, found: Stability, draw: EstimateDraw, plan: Plan) -> Document:
    scored: Mapping[str, object] = {} if draw.scores is None else draw.scores.shares
    varied = {"cost": draw.cost, "benefit": draw.value, "score": scored}
    return {
        "draws": found.draws,
        "without_plan": found.without_plan,
        "distribution": DISTRIBUTION,
        "projects": [
            {
                **words.project(name),
                "is_in_plan": name in plan,
                **_share(share),
                "varied": [what for what, known in varied.items() if name in known],
            }
            for name, share in found.shares.items()
        ],
        "not_varied": words.projects(draw.not_varied()),
    }


def certainty_document(words: RegisterWords, found: Certainty) -> Document:
    first = words.question.first.year
    return {
        "draws": found.draws,
        "distribution": DISTRIBUTION,
        "budgets": [
            {
                "kind": one.budget,
                "years": [{"year": first + y, **_share(share)} for y, share in enumerate(one.years)],
                "whole": _share(one.whole),
            }
            for one in found.budgets
            if one.budget in words.question.limited
        ],
        "whole": _share(found.whole),
        "not_varied": words.projects(found.not_varied),
    }


def baselines_document(words: RegisterWords, found: Sequence[Baseline]) -> Document:
    return {"rankings": [_baseline(words, one) for one in found]}


def _baseline(words: RegisterWords, found: Baseline) -> Document:
    return {
        "ranking": found.ranking.value,
        "order": words.projects(found.order),
        "unranked": words.projects(found.unranked),
        "selected": words.chosen(found.plan),
        "value": plain(found.value),
        "is_feasible": not found.violations,
        "left_on_the_table": plain(found.left_on_the_table),
        "share_left": found.share_left,
        "by_money": words.projects(found.by_money),
        "storm": [_violation(words, one) for one in found.storm],
    }


def _violation(words: RegisterWords, one: Violation) -> Document:
    is_money = one.rule is Rule.BUDGET
    return present(
        rule=one.rule.value,
        names=[words.name(name) for name in one.ids],
        quarter=None if one.period is None else words.quarter(one.period),
        lacking=plain(one.lacking) if one.lacking and not is_money else None,
        lacking_money=words.money(one.lacking) if is_money else None,
    )


def _share(share: Share) -> Document:
    return {"share": share.share, "standard_error": share.standard_error}
