"""Weights from pairwise comparison: the analytic hierarchy process (P6).

A judgement says how many times more one criterion matters than another, on Saaty's scale: 1 equally, 3
moderately, 5 strongly, 7 very strongly, 9 extremely; what lies between are steps between. The other way
around it is the reciprocal, so that the whole scale runs from 1/9 to 9.

Weights are the principal eigenvector of the matrix of judgements. Not every pair must be judged: where one is
not, Harker's method puts 0 in its place and adds 1 to the diagonal of both rows, which is the same as putting
the ratio of the weights that come out.

Sources: T. L. Saaty, The Analytic Hierarchy Process (1980), and Decision-making with the AHP: Why is the
principal eigenvector necessary, EJOR 145 (2003) 85-91; P. T. Harker, Incomplete pairwise comparisons in the
analytic hierarchy process, Mathematical Modelling 9 (1987) 837-848.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from operator import mul
from uuid import UUID

from gevinst_shared.values.refusal import Refusal, Unknown

STRONGEST = 9.0
MOST_COMPARED = 15
ACCEPTABLE = 0.1
# Mean consistency index of random matrices of 1 to 15 rows. Source: Saaty (1980).
RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
_SQUARINGS = 60
_SETTLED = 1e-13

Pair = tuple[UUID, UUID]
Ratios = Mapping[Pair, float]
"""`ratios[a, b]` is how many times more `a` matters than `b`; each pair stands once, either way around."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`preferred` matters `strength` times as much as `over`, from 1 (equally) to 9 (extremely more)."""

    preferred: UUID
    over: UUID
    strength: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A judgement that fits the others worst.

    `factor` is how many times it is off, at least 1, by the weights that come out. `implied` is what all the
    others together say of the pair (its `strength` may be above 9), and None where they say nothing of it.
    """

    said: Judgement
    factor: float
    implied: Judgement | None


@dataclass(frozen=True, slots=True)
class Priorities:
    """`weights` sum to 1. `largest_eigenvalue` is the number of criteria when nothing contradicts.

    `consistency_ratio` is None where judgements cannot contradict each other: two criteria, or just enough
    judgements to hold the criteria together. `suspects` are the judgements that fit worst, several where they
    are equally far off (as the three of a triangle always are), and none where everything fits.
    """

    weights: Mapping[UUID, float]
    largest_eigenvalue: float
    consistency_ratio: float | None
    suspects: tuple[Suspect, ...]

    @property
    def is_consistent_enough(self) -> bool:
        """Saaty's rule: a ratio of at most 0.1."""
        return self.consistency_ratio is None or self.consistency_ratio <= ACCEPTABLE


class ComparedWithItself(Refusal):
    code = "compared-with-itself"
    title = "Compared with itself"
    detail = "A criterion is compared with itself. Name two different criteria."


class ComparedTwice(Refusal):
    code = "compared-twice"
    title = "Compared twice"
    detail = "“{preferred}” and “{over}” are compared twice. Give one judgement for each pair."


class ComparisonFallsApart(Refusal):
    code = "comparison-falls-apart"
    title = "The comparisons do not hang together"
    detail = (
        "No chain of judgements leads from “{one}” to “{other}”, so their weights cannot be told. Compare "
        "these two."
    )


class OddNumberCompared(Refusal):
    code = "odd-number-compared"
    title = "Too few or too many to compare"
    detail = (
        "Pairwise comparison is for 2 to {most} criteria, and the model has {count}. Change the model, or "
        "set the weights directly."
    )


class CriteriaChangedMeanwhile(Refusal):
    code = "criteria-changed-meanwhile"
    title = "The criteria are others by now"
    detail = "The model has other criteria than the comparison began with. Begin a new comparison."


def ratios_of(criteria: Mapping[UUID, str], judgements: Sequence[Judgement]) -> Ratios:
    """The judgements as ratios. `criteria` are the names of what may be compared.

    Raises `Unknown` for another criterion, `ComparedWithItself` and `ComparedTwice`.
    """
    found: dict[Pair, float] = {}
    for one in judgements:
        if one.preferred not in criteria or one.over not in criteria:
            raise Unknown(pointer="/body/judgements")
        if one.preferred == one.over:
            raise ComparedWithItself(pointer="/body/judgements")
        if (one.preferred, one.over) in found or (one.over, one.preferred) in found:
            names = {"preferred": criteria[one.preferred], "over": criteria[one.over]}
            raise ComparedTwice(**names, pointer="/body/judgements")
        found[one.preferred, one.over] = one.strength
    return found


def parts_of(criteria: Sequence[UUID], ratios: Ratios) -> tuple[tuple[UUID, ...], ...]:
    """The criteria in groups that chains of judgements hold together; weights need a single group."""
    group = {one: {one} for one in criteria}
    for a, b in ratios:
        if group[a] is not group[b]:
            group[a] |= group[b]
            for one in group[b]:
                group[one] = group[a]
    found = {min(members): tuple(one for one in criteria if one in members) for members in group.values()}
    return tuple(sorted(found.values(), key=lambda part: criteria.index(part[0])))


def priorities(criteria: Sequence[UUID], ratios: Ratios) -> Priorities:
    """The weights of 2 to 15 criteria that are held together by `ratios`.

    Check: a over b 2, b over c 3, a over c 6: weights 0.6, 0.3, 0.1, largest eigenvalue 3, ratio 0.
    """
    weights, largest = _principal(criteria, ratios)
    ratio = _consistency_ratio(len(criteria), len(ratios), largest)
    suspects = () if ratio is None else _suspects(criteria, ratios, weights)
    return Priorities(weights, largest, ratio, suspects)


def _consistency_ratio(count: int, judged: int, largest: float) -> float | None:
    """(λ - n) / (n - 1), over what a random matrix of as many judgements has.

    A matrix with `m` pairs missing is more consistent by itself: its random index is Saaty's times
    1 - 2m / ((n - 1)(n - 2)), which is 0 where nothing is left to contradict.

    Source: K. C. Ágoston, L. Csató, Inconsistency thresholds for incomplete pairwise comparison matrices,
    Omega 108 (2022) 102576.
    """
    spare = judged - (count - 1)
    if spare == 0:
        return None
    share = spare / ((count - 1) * (count - 2) / 2)
    index = max(0.0, (largest - count) / (count - 1))
    return index / (RANDOM_INDEX[count - 1] * share)


def _suspects(criteria: Sequence[UUID], ratios: Ratios, weights: Mapping[UUID, float]) -> tuple[Suspect, ...]:
    """Those with the largest deviation of the judgement from the ratio of weights (Saaty 2003)."""
    factors = {}
    for (a, b), ratio in ratios.items():
        off = ratio * weights[b] / weights[a]
        factors[a, b] = max(off, 1 / off)
    worst = max(factors.values())
    if worst < 1 + 1e-6:
        return ()
    pairs = [pair for pair, factor in factors.items() if factor > worst * (1 - 1e-6)]
    return tuple(
        Suspect(judged(pair, ratios[pair]), factors[pair], _implied(criteria, ratios, pair)) for pair in pairs
    )


def _implied(criteria: Sequence[UUID], ratios: Ratios, pair: Pair) -> Judgement | None:
    others = {key: ratio for key, ratio in ratios.items() if key != pair}
    if len(parts_of(criteria, others)) > 1:
        return None
    weights, _ = _principal(criteria, others)
    return judged(pair, weights[pair[0]] / weights[pair[1]])


def judged(pair: Pair, ratio: float) -> Judgement:
    """The ratio as a judgement whose strength is at least 1."""
    return Judgement(*pair, ratio) if ratio >= 1 else Judgement(pair[1], pair[0], 1 / ratio)


def _principal(criteria: Sequence[UUID], ratios: Ratios) -> tuple[Mapping[UUID, float], float]:
    """The principal eigenvector, with sum 1, and its eigenvalue.

    Power iteration by squaring: no entry is negative, so nothing cancels, and 60 squarings are more
    iterations than any comparison of 15 criteria needs.
    """
    count = len(criteria)
    at = {one: number for number, one in enumerate(criteria)}
    matrix = [[0.0] * count for _ in criteria]
    for (a, b), ratio in ratios.items():
        matrix[at[a]][at[b]] = ratio
        matrix[at[b]][at[a]] = 1 / ratio
    for number, row in enumerate(matrix):
        row[number] = 1.0 * count - sum(1 for value in row if value)
    power, before = matrix, [1.0 / count] * count
    for _ in range(_SQUARINGS):
        power = _squared(power)
        vector = _scaled([fsum(row) for row in power])
        if max(abs(new / old - 1) for new, old in zip(vector, before, strict=True)) < _SETTLED:
            break
        before = vector
    largest = fsum(fsum(value * vector[to] for to, value in enumerate(row)) for row in matrix)
    return dict(zip(criteria, vector, strict=True)), largest


def _squared(matrix: list[list[float]]) -> list[list[float]]:
    columns = list(zip(*matrix, strict=True))
    found = [[sum(map(mul, row, column)) for column in columns] for row in matrix]
    highest = max(map(max, found))
    return [[value / highest for value in row] for row in found]


def _scaled(vector: list[float]) -> list[float]:
    whole = fsum(vector)
    return [value / whole for value in vector]
