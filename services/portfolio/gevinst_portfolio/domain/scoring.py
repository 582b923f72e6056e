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
class Level:
    """A named place on a scale, such as "medium" at 3, and what it means."""

    name: str
    value: float
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """What projects are scored on, from `scale_min` to `scale_max`.

    `weight` is any number from 0; weights count in proportion to their sum. With `levels`, a scorer gives
    one of them and nothing between. `scale_since` is the version of the model from which the scale, its
    direction and its levels are as they are: scores that were given before do not count.
    """

    id: UUID
    name: str
    weight: float
    scale_min: float
    scale_max: float
    better: Better
    levels: tuple[Level, ...] = ()
    description: str | None = None
    scale_since: int = 1

    def measures_as(self, other: "Criterion") -> bool:
        """Whether a score on one is a score on the other: same scale, direction and values of levels."""
        mine, theirs = (
            (one.scale_min, one.scale_max, one.better, {level.value for level in one.levels})
            for one in (self, other)
        )
        return mine == theirs


@dataclass(frozen=True, slots=True)
class TotalScore:
    """`points` run from 0 to 100 over what is scored; None when nothing is.

    `coverage` is the share of all weight that is scored, 0 to 1. `missing` are the criteria without a
    score, in the model's order. The total is partial, and compares with no other, when any that are missing
    have weight.
    """

    points: float | None
    coverage: float
    missing: tuple[UUID, ...]
    is_partial: bool


class ScoredOutsideScale(Refusal):
    code = "scored-outside-scale"
    title = "Outside the scale"
    detail = "{value} is not on the scale of “{criterion}”, which goes from {scale_min} to {scale_max}."


class ScoredBetweenLevels(Refusal):
    code = "scored-between-levels"
    title = "Not one of the levels"
    detail = "{value} is none of the levels of “{criterion}”. Choose one of {levels}."


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
    whole = fsum(criterion.weight for criterion in criteria)
    counted = fsum(criterion.weight for criterion in scored)
    if not counted:
        return TotalScore(None, 0.0, missing, is_partial=True)
    good = fsum(c.weight / counted * normalised(c, values[c.id]) for c in scored)
    is_partial = any(criterion.weight > 0 for criterion in criteria if criterion.id not in values)
    return TotalScore(100 * good, counted / whole, missing, is_partial)


def refuse_off_scale(criterion: Criterion, value: float) -> None:
    """Refuse a score outside the scale, or between the levels where there are any."""
    if not criterion.scale_min <= value <= criterion.scale_max:
        raise ScoredOutsideScale(
            criterion=criterion.name,
            scale_min=criterion.scale_min,
            scale_max=criterion.scale_max,
            value=value,
            pointer="/body/scores",
        )
    if criterion.levels and value not in {level.value for level in criterion.levels}:
        named = ", ".join(f"{level.value:g} ({level.name})" for level in criterion.levels)
        raise ScoredBetweenLevels(criterion=criterion.name, value=value, levels=named, pointer="/body/scores")
