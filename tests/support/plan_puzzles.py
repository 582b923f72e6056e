"""Tiny random portfolio problems in which every kind of rule occurs, for brute force."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Category,
    Number,
    Precedence,
    Problem,
    Profile,
    Project,
    Resource,
)

CENT = Fraction(1, 100)


def puzzle(seed: int) -> Problem:
    """Two to five projects over one to four periods. Every third seed has amounts in hundredths."""
    return _Puzzle(random.Random(seed), has_cents=seed % 3 == 0).problem(f"puzzle {seed}")


class _Puzzle:
    def __init__(self, rng: random.Random, *, has_cents: bool) -> None:
        self.rng = rng
        self.has_cents = has_cents
        self.periods = rng.choice((1, 2, 3, 3, 4, 4))
        self.longer = rng.choice((0, 0, 0, 1, 2))

    def problem(self, name: str) -> Problem:
        rng = self.rng
        projects = self._with_concepts([self._project(f"p{i}") for i in range(rng.randint(2, 5))])
        names = sorted({p.id for p in projects} | {p.concept_of for p in projects if p.concept_of})
        pairs = [pair for pair in combinations(self._in_order(projects, names), 2) if rng.random() < 0.12]
        return Problem(
            name=name,
            periods=self.periods,
            horizon=self.periods + self.longer if self.longer else None,
            must_finish=rng.random() < 0.75,
            projects=tuple(projects),
            resources=tuple(
                Resource(kind, kind, kind, self._profile(self._length(), 3, 9)) for kind in ("role", "unit")
            ),
            budgets=(self._budget("invest"), self._budget("run")),
            categories=(self._category("new"), self._category("old")),
            precedence=tuple(Precedence(*pair, lag=rng.choice((0, 0, 1))) for pair in pairs),
            exclusive=self._groups(names, 0.25),
            all_or_none=self._groups(names, 0.25),
            max_starts=tuple(rng.randint(0, 2) for _ in range(self.periods)) if rng.random() < 0.25 else (),
        )

    def _with_concepts(self, projects: list[Project]) -> list[Project]:
        if self.rng.random() < 0.5:
            return projects
        count = self.rng.randint(2, min(3, len(projects)))
        chosen = set(self.rng.sample(range(len(projects)), count))
        return [replace(p, concept_of="hall") if j in chosen else p for j, p in enumerate(projects)]

    def _in_order(self, projects: list[Project], names: list[str]) -> list[str]:
        """Names so that waiting from left to right is no circle: an undertaking beside its concepts."""
        of = {p.id: p.concept_of or p.id for p in projects}
        order = sorted(dict.fromkeys(of.get(name, name) for name in names), key=lambda _: self.rng.random())
        return [self.rng.choice([n for n in names if of.get(n, n) == one]) for one in order]

    def _project(self, name: str) -> Project:
        rng = self.rng
        duration = rng.randint(1, min(3, self.periods))
        last = self.periods - duration
        return Project(
            id=name,
            name=name,
            duration=duration,
            value_by_start=self._profile(rng.choice((self.periods, self.periods, last + 1)), -2, 20),
            category=rng.choice((None, "new", "old")),
            earliest=rng.choice((0, 0, 0, 1)) if self.periods > 1 else 0,
            latest_start=rng.choice((None, None, None, max(1, last - 1))),
            deadline=rng.choice((None, None, self.periods, max(duration, self.periods - 1))),
            is_mandatory=rng.random() < 0.2,
            fixed_start=rng.randint(0, last) if rng.random() < 0.1 else None,
            # P11: what is proposed for closing gives money back.
            cost={
                "invest": self._profile(duration, 0, 4),
                "run": self._profile(duration, rng.choice((0, 0, -3)), 4),
            },
            demand={
                "role": self._profile(duration, 0, 4),
                "unit": self._profile(rng.randint(1, duration), 0, 4),
            },
        )

    def _budget(self, name: str) -> Budget:
        rng = self.rng
        return Budget(
            name,
            name,
            self._profile(self._length(), 0, 10),
            self._amount(0, 3),
            rng.choice(list(Carry)),
            self._amount(0, 3),
            rng.choice((1, 2, 3)),
        )

    def _category(self, name: str) -> Category:
        rng = self.rng
        return Category(
            name,
            name,
            min_share=rng.choice((None, None, None, Fraction(1, 5), Fraction(1, 3))),
            max_share=rng.choice((None, None, None, Fraction(2, 3))),
            max_spend=rng.choice((None, None, self._amount(3, 12))),
        )

    def _groups(self, names: list[str], chance: float) -> tuple[tuple[str, ...], ...]:
        if self.rng.random() > chance:
            return ()
        return (tuple(self.rng.sample(names, min(len(names), self.rng.choice((2, 2, 3))))),)

    def _length(self) -> int:
        return self.periods + self.rng.randint(0, self.longer)

    def _profile(self, length: int, least: int, most: int) -> Profile:
        return tuple(self._amount(least, most) for _ in range(length))

    def _amount(self, least: int, most: int) -> Number:
        if not self.has_cents:
            return self.rng.randint(least, most)
        exact = self.rng.randint(least * 100, most * 100) * CENT
        return exact.numerator if exact.denominator == 1 else exact
