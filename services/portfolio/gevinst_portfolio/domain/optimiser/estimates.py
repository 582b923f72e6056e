"""Three-point estimates: how much a project's cost or value may differ from what is likely (C1, P7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from gevinst_portfolio.domain.optimiser.problem import Number, Problem, Profile, Project


@dataclass(frozen=True, slots=True)
class Spread:
    """As shares of the likely amount: 0.9 and 1.4 for 90 and 140 where 100 is likely. `low <= 1 <= high`.

    Draws are triangular with the mode at 1, so the mean is (low + 1 + high) / 3.
    """

    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        return float(rng.triangular(self.low, 1.0, self.high)) if self.low < self.high else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one criteria model: `weights[c]`, and `shares[id][c]` from 0 (worst) to 1 on criterion c (P6).

    In a draw each weight is multiplied with a number from `1 - spread` to `1 + spread`, all equally likely.
    """

    weights: tuple[float, ...]
    shares: Mapping[str, tuple[float, ...]]
    spread: float = 0.5


@dataclass(frozen=True, slots=True)
class Parts:
    """What a value is made of today, in one unit: `score + benefit - cost + rest`; the rest does not vary."""

    score: float = 0.0
    benefit: float = 0.0
    cost: float = 0.0
    rest: float = 0.0


@dataclass(frozen=True, slots=True)
class EstimateDraw:
    """Draws problems: costs and values vary within their estimates, values also with the criteria weights.

    Missing is not zero (B6): a project without an estimate is not varied. A project's whole cost profile
    moves with one factor, projects move independently. `value` is the spread of the benefit. A value whose
    `parts` are known is put together anew: the benefit with its own factor, the cost with that of the cost
    profile, the score with what the drawn weights make of it; one whose parts are not known is multiplied
    with the factors of benefit and score.
    """

    problem: Problem
    cost: Mapping[str, Spread] = field(default_factory=dict)
    value: Mapping[str, Spread] = field(default_factory=dict)
    scores: Scores | None = None
    parts: Mapping[str, Parts] = field(default_factory=dict)

    def __call__(self, rng: np.random.Generator) -> Problem:
        """One draw; the same state of `rng` gives the same problem."""
        weights = None if self.scores is None else _drawn_weights(self.scores, rng)
        return replace(
            self.problem,
            projects=tuple(self._drawn(project, rng, weights) for project in self.problem.projects),
        )

    def not_varied(self) -> tuple[str, ...]:
        """The projects of which nothing varies, in the problem's order."""
        known = {*self.cost, *self.value, *(self.scores.shares if self.scores is not None else ())}
        return tuple(project.id for project in self.problem.projects if project.id not in known)

    def _drawn(
        self, project: Project, rng: np.random.Generator, weights: tuple[float, ...] | None
    ) -> Project:
        benefit, cost = (
            spreads[project.id].draw(rng) if project.id in spreads else 1.0
            for spreads in (self.value, self.cost)
        )
        score = 1.0
        if self.scores is not None and weights is not None and project.id in self.scores.shares:
            shares = self.scores.shares[project.id]
            today = _score(self.scores.weights, shares)
            score = _score(weights, shares) / today if today else 1.0
        worth = _worth(self.parts.get(project.id), score=score, benefit=benefit, cost=cost)
        if (worth, cost) == (1.0, 1.0):
            return project
        return replace(
            project,
            value_by_start=_times(project.value_by_start, worth),
            cost={name: _times(profile, cost) for name, profile in project.cost.items()},
        )


def _worth(parts: Parts | None, *, score: float, benefit: float, cost: float) -> float:
    """The drawn value as a share of today's."""
    if parts is None:
        return score * benefit
    today = parts.score + parts.benefit - parts.cost + parts.rest
    drawn = parts.score * score + parts.benefit * benefit - parts.cost * cost + parts.rest
    return drawn / today if today else 1.0


def _drawn_weights(scores: Scores, rng: np.random.Generator) -> tuple[float, ...]:
    factors = rng.uniform(1 - scores.spread, 1 + scores.spread, len(scores.weights))
    return tuple(float(w * f) for w, f in zip(scores.weights, factors, strict=True))


def _score(weights: tuple[float, ...], shares: tuple[float, ...]) -> float:
    whole = sum(weights)
    return sum(w * s for w, s in zip(weights, shares, strict=True)) / whole if whole else 0.0


def _times(profile: Profile, factor: float) -> Profile:
    """Rounded to whole units, so that amounts stay exact; decimals keep the sixth place."""
    return tuple(_rounded(amount, factor) for amount in profile)


def _rounded(amount: Number, factor: float) -> Number:
    if isinstance(amount, int):
        return round(amount * factor)
    return Fraction(round(float(amount) * factor * 1_000_000), 1_000_000)
