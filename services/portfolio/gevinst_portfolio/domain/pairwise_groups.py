"""Several people compare the same criteria: what they come to together, and where they differ (P6).

The judgements on each pair are joined by their geometric mean, the only mean that keeps reciprocity (two who
say 9 and 1/9 say 1 together) and that treats all judges alike.

Source: J. Aczél, T. L. Saaty, Procedures for synthesizing ratio judgements, J. Math. Psychology 27 (1983).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log
from uuid import UUID

from gevinst_portfolio.domain.pairwise import (
    ComparisonFallsApart,
    Judgement,
    Pair,
    Priorities,
    Ratios,
    judged,
    parts_of,
    priorities,
)


@dataclass(frozen=True, slots=True)
class PairTogether:
    """A pair as the group sees it: `together` is the geometric mean of `count` judgements.

    `disagreement` is how many times the highest judgement is the lowest, at least 1.
    """

    together: Judgement
    count: int
    disagreement: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison of criteria comes to.

    `own` has what each judge's own judgements come to, and None for one whose judgements do not hang
    together. `group` is None while the judgements of all do not; `parts` then are the groups that do.
    """

    group: Priorities | None
    parts: tuple[tuple[UUID, ...], ...]
    own: Mapping[str, Priorities | None]
    pairs: tuple[PairTogether, ...]

    @property
    def most_disputed(self) -> PairTogether | None:
        """The pair on which the judges differ most; None while they agree."""
        found = max(self.pairs, key=lambda pair: pair.disagreement, default=None)
        return None if found is None or found.disagreement < 1 + 1e-9 else found


def compared(criteria: Sequence[UUID], by_judge: Mapping[str, Ratios]) -> Comparison:
    """The judges' comparison of 2 to 15 criteria."""
    joined = _joined(criteria, by_judge.values())
    together = {pair: exp(fsum(logs) / len(logs)) for pair, logs in joined.items()}
    parts = parts_of(criteria, together)
    own = {
        judge: priorities(criteria, ratios) if len(parts_of(criteria, ratios)) == 1 else None
        for judge, ratios in by_judge.items()
    }
    pairs = tuple(
        PairTogether(judged(pair, together[pair]), len(logs), exp(max(logs) - min(logs)))
        for pair, logs in joined.items()
    )
    return Comparison(priorities(criteria, together) if len(parts) == 1 else None, parts, own, pairs)


def refuse_falling_apart(comparison: Comparison, names: Mapping[UUID, str]) -> Priorities:
    """The group's priorities, or `ComparisonFallsApart` with a pair that would help."""
    if comparison.group is None:
        one, other = comparison.parts[0][0], comparison.parts[1][0]
        raise ComparisonFallsApart(one=names[one], other=names[other])
    return comparison.group


def _joined(criteria: Sequence[UUID], each: Iterable[Ratios]) -> dict[Pair, list[float]]:
    """The logarithms of all judgements on each pair, the pair in the order of the criteria."""
    at = {one: number for number, one in enumerate(criteria)}
    found: dict[Pair, list[float]] = {}
    for ratios in each:
        for (a, b), ratio in ratios.items():
            pair, value = ((a, b), log(ratio)) if at[a] < at[b] else ((b, a), -log(ratio))
            found.setdefault(pair, []).append(value)
    return dict(sorted(found.items(), key=lambda item: (at[item[0][0]], at[item[0][1]])))
