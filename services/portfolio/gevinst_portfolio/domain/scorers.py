"""What several scorers' scores come to, and where they differ (P6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import median
from uuid import UUID

from gevinst_portfolio.domain.criteria_models import CriteriaModel, Middle
from gevinst_portfolio.domain.scoring import Criterion, TotalScore, normalised, total_score


@dataclass(frozen=True, slots=True)
class GivenScore:
    """One scorer's score of a project on one criterion, by a version of the model."""

    criterion_id: UUID
    value: float
    scored_by: str
    model_version: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Spread:
    """How far `count` scorers are apart.

    `standard_deviation` is that of a sample, None for a single scorer. `disagreement` is the distance
    between the lowest and the highest as a share of the scale, 0 to 1.
    """

    count: int
    lowest: float
    highest: float
    standard_deviation: float | None
    disagreement: float


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """What the project scores on one criterion: the mean or median of its scorers.

    `share` is how good that is, from 0 to 1. Check: 2 and 5 on 1-5: mean 3.5, share 0.625, disagreement 0.75.
    """

    criterion: Criterion
    value: float
    share: float
    spread: Spread


@dataclass(frozen=True, slots=True)
class ProjectScore:
    """A project's scores by one version of the model, resting on the scores with the ids `counted`."""

    version: int
    criteria: Mapping[UUID, CriterionScore]
    total: TotalScore
    counted: tuple[UUID, ...]

    @property
    def most_disputed(self) -> CriterionScore | None:
        """Where the scorers differ most; None while they agree, or there is only one."""
        found = max(self.criteria.values(), key=lambda one: one.spread.disagreement, default=None)
        return None if found is None or found.spread.disagreement == 0 else found


def project_score(model: CriteriaModel, given: Sequence[GivenScore]) -> ProjectScore:
    """What the scores in force come to; at most one per scorer and criterion.

    A score counts while its criterion is in the model and measures as it did when the score was given.
    """
    since = {one.id: one.scale_since for one in model.criteria}
    by_criterion: dict[UUID, list[GivenScore]] = {}
    for score in given:
        if score.model_version >= since.get(score.criterion_id, score.model_version + 1):
            by_criterion.setdefault(score.criterion_id, []).append(score)
    found = {
        one.id: criterion_score(one, (each.value for each in by_criterion[one.id]), model.middle)
        for one in model.criteria
        if one.id in by_criterion
    }
    total = total_score(model.criteria, {key: one.value for key, one in found.items()})
    counted = tuple(sorted(each.id for scores in by_criterion.values() for each in scores))
    return ProjectScore(model.version, found, total, counted)


def criterion_score(criterion: Criterion, values: Iterable[float], middle: Middle) -> CriterionScore:
    """The middle and the spread of at least one value within the criterion's scale."""
    ordered = sorted(values)
    # The mean of equal numbers may miss them by a rounding error, and fall off the scale.
    mean = min(max(fsum(ordered) / len(ordered), ordered[0]), ordered[-1])
    value = mean if middle is Middle.MEAN else median(ordered)
    spread = Spread(
        count=len(ordered),
        lowest=ordered[0],
        highest=ordered[-1],
        standard_deviation=_deviation(ordered, mean),
        disagreement=(ordered[-1] - ordered[0]) / (criterion.scale_max - criterion.scale_min),
    )
    return CriterionScore(criterion, value, normalised(criterion, value), spread)


def _deviation(values: Sequence[float], mean: float) -> float | None:
    if len(values) < 2:
        return None
    return sqrt(fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
