"""A scenario's three-point estimates and scores, as the optimiser's draws take them (C1, P6)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from gevinst_portfolio.domain.optimiser.estimates import EstimateDraw, Parts, Scores, Spread
from gevinst_portfolio.domain.optimiser.problem import Number
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.scenario_solving import Asked
from gevinst_portfolio.domain.scenario_worth import ValuedPart, ValuePart, ValueRule, valuation
from gevinst_portfolio.domain.scoring import Criterion, normalised

Values = Mapping[UUID, Mapping[UUID, float]]


def inputs_digest(asked: Asked, criteria: Sequence[Criterion], scores: Values) -> str:
    """Of everything that an analysis is made from: question, plan, estimates, weights and scores."""
    estimates = [
        (
            str(one.id),
            (one.cost_minor, one.cost_low_minor, one.cost_high_minor),
            (one.benefit_minor, one.benefit_low_minor, one.benefit_high_minor),
        )
        for one in asked.projects
    ]
    scored = sorted((str(key), sorted((str(c), v) for c, v in one.items())) for key, one in scores.items())
    weights = [(str(one.id), one.weight, one.scale_min, one.scale_max, one.better.value) for one in criteria]
    chosen = sorted(asked.last_plan.items())
    question = json.dumps(asked.inputs, sort_keys=True, default=str)
    found = (question, estimates, scored, weights, chosen)
    return hashlib.sha256(repr(found).encode()).hexdigest()


def cost_spreads(projects: Sequence[ProjectFigures]) -> dict[str, Spread]:
    """Of the projects whose cost has an estimate. Check: 8, 10 and 14 are 0.8 and 1.4."""
    found = {str(one.id): _spread(one.cost_low_minor, _cost(one), one.cost_high_minor) for one in projects}
    return {key: spread for key, spread in found.items() if spread is not None}


def benefit_spreads(projects: Sequence[ProjectFigures]) -> dict[str, Spread]:
    """Of the projects whose benefit has an estimate."""
    found = {
        str(one.id): _spread(one.benefit_low_minor, one.benefit_minor, one.benefit_high_minor)
        for one in projects
    }
    return {key: spread for key, spread in found.items() if spread is not None}


def scenario_draw(
    asked: Asked, criteria: Sequence[Criterion], scores: Values, *, weight_spread: float
) -> EstimateDraw:
    """Draws of the scenario's problem. What the scenario does not count as value does not vary it."""
    rule = asked.scenario.assumptions.value
    known = Scores(
        weights=tuple(one.weight for one in criteria),
        shares=score_shares(criteria, scores),
        spread=weight_spread,
    )
    return EstimateDraw(
        problem=asked.question.problem,
        cost=cost_spreads(asked.projects),
        value=benefit_spreads(asked.projects) if ValuePart.NET_BENEFIT in rule.weights else {},
        scores=known if ValuePart.SCORE in rule.weights and known.shares else None,
        parts=_parts(asked.projects, rule),
    )


def score_shares(criteria: Sequence[Criterion], scores: Values) -> dict[str, tuple[float, ...]]:
    """From 0 to 1 on each criterion, of the projects that are scored on all of them (B6)."""
    return {
        str(key): tuple(normalised(one, values[one.id]) for one in criteria)
        for key, values in scores.items()
        if criteria and all(one.id in values for one in criteria)
    }


def points_of_five(criteria: Sequence[Criterion], scores: Values) -> dict[str, Number]:
    """The sum of five criteria scored from 1 to 5, as it is made today without weights: 5 to 25.

    Each scale is stretched to 1-5; with more or fewer than five criteria the sum is scaled to five.
    Check: the middle of every scale gives 15.
    """
    return {
        key: round(5 * sum(1 + 4 * share for share in shares) / len(shares))
        for key, shares in score_shares(criteria, scores).items()
    }


def _parts(projects: Sequence[ProjectFigures], rule: ValueRule) -> dict[str, Parts]:
    found = valuation(projects, rule)
    return {
        str(one.id): _parts_of(one, found.projects[one.id].parts, found.ranges)
        for one in projects
        if found.projects[one.id].worth is not None
    }


def _parts_of(
    project: ProjectFigures, valued: Iterable[ValuedPart], ranges: Mapping[ValuePart, Decimal]
) -> Parts:
    """The parts in proportion to each other; nothing varies a net present value."""
    score = benefit = cost = rest = 0.0
    for one in valued:
        unit = one.weight / float(ranges.get(one.part, 1) or 1)
        match one.part:
            case ValuePart.SCORE:
                score = unit * float(one.amount or 0)
            case ValuePart.NET_BENEFIT:
                benefit = unit * (project.benefit_minor or 0) / 100
                cost = unit * (_cost(project) or 0) / 100
            case ValuePart.NET_PRESENT_VALUE:
                rest = unit * float(one.amount or 0)
    return Parts(score, benefit, cost, rest)


def _cost(project: ProjectFigures) -> int | None:
    if project.cost_minor is not None:
        return project.cost_minor
    years = project.cost_by_year
    return sum(int(cost.amount.scaleb(2)) for cost in years) if years else None


def _spread(low: int | None, likely: int | None, high: int | None) -> Spread | None:
    if likely is None or likely <= 0 or (low is None and high is None):
        return None
    shares = (likely if low is None else low) / likely, (likely if high is None else high) / likely
    return Spread(min(1.0, shares[0]), max(1.0, shares[1]))
