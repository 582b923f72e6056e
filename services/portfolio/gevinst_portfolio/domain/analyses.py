"""What can be asked of a scenario beyond its plan (P7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.elastic import Lever
from gevinst_portfolio.domain.scenario_solving import Asked
from gevinst_portfolio.domain.scoring import Criterion
from gevinst_shared.values.refusal import Refusal


class AnalysisKind(StrEnum):
    EXPLANATION = "explanation"  # why projects are out, what would bring them in, what forcing displaces
    FRONTIER = "frontier"  # what more or less money would give
    STABILITY = "stability"  # how often each project stays in when weights and estimates vary
    CERTAINTY = "certainty"  # how probable it is that the plan keeps its budgets
    BASELINES = "baselines"  # what a plain ranking would have chosen


class NothingLimited(Refusal):
    code = "nothing-limited"
    title = "No money is limited"
    detail = (
        "The scenario limits no {kind} money, so that more or less of it changes nothing. Set the "
        "portfolio's budget, or give the scenario one."
    )


@dataclass(frozen=True, slots=True)
class Options:
    """How an analysis is to be made; each kind uses what concerns it.

    `levers`: the kinds of change that are looked for. `budget`: the kind of money that the frontier varies,
    all when `None`, from `lowest` to `highest` of today's in `points` steps. `draws` random cases, in which
    criteria weights vary by up to `weight_spread`. `work` limits each single solve (simplex iterations).
    """

    levers: tuple[Lever, ...]
    budget: str | None
    lowest: Fraction
    highest: Fraction
    points: int
    draws: int
    weight_spread: float
    work: int
    seed: int

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Options":
        """From JSON; the same members as `AnalysisOptionsIn`."""
        return cls(
            levers=tuple(Lever(one) for one in said["levers"]),
            budget=said.get("budget"),
            lowest=Fraction(str(said["lowest"])),
            highest=Fraction(str(said["highest"])),
            points=said["points"],
            draws=said["draws"],
            weight_spread=said["weight_spread"],
            work=said["work"],
            seed=said["seed"],
        )


@dataclass(frozen=True, slots=True)
class AnalysisAsked:
    """A scenario's question with what the analysis needs besides; `scores[project][criterion]` as scored.

    `digest` is the hash of all of it: when it differs, the analysis is stale.
    """

    kind: AnalysisKind
    options: Options
    asked: Asked
    criteria: Sequence[Criterion]
    scores: Mapping[UUID, Mapping[UUID, float]]
    currency: str
    price_year: int
    digest: str
