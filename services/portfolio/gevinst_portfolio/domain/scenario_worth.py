"""What a project is worth to a scenario."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.project_profiles import ProjectFigures

# Points for the best there is, where worth is in points.
POINTS = 100_000


class ValueChoice(StrEnum):
    """What a scenario makes as large as possible."""

    SCORE = "score"
    NET_BENEFIT = "net-benefit"
    MIX = "mix"


def worths(projects: Sequence[ProjectFigures], choice: ValueChoice) -> Mapping[UUID, int]:
    """The worth of each project for which it is known (B6: a missing figure is not zero).

    *score*: the weighted score in points, 100 000 for the best on every criterion. *net-benefit*: benefit
    less cost, in whole units of the portfolio's currency. *mix*: half the score's share of the highest
    score plus half the net benefit's share of the highest net benefit, in points.
    Check: scores 1 and 0.5 are 100000 and 50000.
    """
    scores = {one.id: one.score for one in projects if one.score is not None}
    gains = {
        one.id: (one.benefit_minor - _cost(one)) // 100
        for one in projects
        if one.benefit_minor is not None and one.has_known_cost
    }
    match choice:
        case ValueChoice.SCORE:
            return {key: round(score * POINTS) for key, score in scores.items()}
        case ValueChoice.NET_BENEFIT:
            return gains
        case ValueChoice.MIX:
            best_score = max(scores.values(), default=0) or 1
            best_gain = max(gains.values(), default=0) or 1
            return {
                key: round(POINTS * (scores[key] / best_score + gains[key] / best_gain) / 2)
                for key in scores.keys() & gains.keys()
            }


def _cost(project: ProjectFigures) -> int:
    if project.cost_minor is not None:
        return project.cost_minor
    return sum(int(cost.amount.scaleb(2)) for cost in project.cost_by_year)
