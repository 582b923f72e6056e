"""Scores by the criteria model that a portfolio owns (P6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class Better(StrEnum):
    """Which end of a criterion's scale is the good one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What projects are scored on, from `scale_min` to `scale_max`. `weight` is any positive number."""

    id: UUID
    name: str
    weight: float
    scale_min: float
    scale_max: float
    better: Better


@dataclass(frozen=True, slots=True)
class TotalScore:
    """`points` run from 0 to 100 over what is scored; None when nothing is.

    `coverage` is the share of all weight that is scored, 0 to 1. `missing` are the criteria without a
    score, in the model's order: with any, the total is partial.
    """

    points: float | None
    coverage: float
    missing: tuple[UUID, ...]


class OddScale(Refusal):
    code = "odd-scale"
    title = "The scale has no length"
    detail = "The scale would end at {scale_max}, not above its beginning at {scale_min}. Change one of them."


class ScoredOutsideScale(Refusal):
    code = "scored-outside-scale"
    title = "Outside the scale"
    detail = "{value} is not on the scale of “{criterion}”, which goes from {scale_min} to {scale_max}."


class ScoresOutsideScale(Refusal):
    code = "scores-outside-scale"
    title = "There are scores outside that scale"
    detail = (
        "{count} score(s) lie outside {scale_min} to {scale_max}. Make a new criterion for another scale."
    )


class ScoredTwice(Refusal):
    code = "scored-twice"
    title = "Scored twice"
    detail = "A criterion stands twice in the list. Give one score for each."


def normalised(criterion: Criterion, value: float) -> float:
    """How good `value` is on the criterion's scale: 0 at the bad end, 1 at the good one.

    Check: 2 on a scale from 1 to 5 is 0.25, or 0.75 when lower is better.
    """
    share = (value - criterion.scale_min) / (criterion.scale_max - criterion.scale_min)
    return share if criterion.better is Better.HIGHER else 1 - share


def total_score(criteria: Sequence[Criterion], values: Mapping[UUID, float]) -> TotalScore:
    """The weighted mean of the normalised scores, times 100, over the criteria that have one.

    `values[c]` is the score on criterion `c`, within its scale. Weights count in proportion to their sum,
    so 1, 1, 2 and 25, 25, 50 are the same model. Missing is not zero (B6): a missing score leaves its
    criterion out and makes the total partial.

    Source: additive multi-attribute value model.   Check: weights 3 and 1, scores 5 and 1 on 1–5: 75.
    """
    scored = [criterion for criterion in criteria if criterion.id in values]
    missing = tuple(criterion.id for criterion in criteria if criterion.id not in values)
    if not scored:
        return TotalScore(None, 0.0, missing)
    counted = fsum(criterion.weight for criterion in scored)
    whole = fsum(criterion.weight for criterion in criteria)
    good = fsum(c.weight / counted * normalised(c, values[c.id]) for c in scored)
    return TotalScore(100 * good, counted / whole, missing)


def refuse_odd_scale(scale_min: float, scale_max: float) -> None:
    if scale_min >= scale_max:
        raise OddScale(scale_min=scale_min, scale_max=scale_max, pointer="/body/scale_max")


def refuse_outside_scale(criterion: Criterion, value: float) -> None:
    if not criterion.scale_min <= value <= criterion.scale_max:
        raise ScoredOutsideScale(
            criterion=criterion.name,
            scale_min=criterion.scale_min,
            scale_max=criterion.scale_max,
            value=value,
            pointer="/body/scores",
        )
