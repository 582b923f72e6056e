"""C5: what the cases of several projects may come to together: they share their factors and nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

import numpy as np

from gevinst_benefits.domain.case.business_case import BusinessCase
from gevinst_benefits.domain.case.case_factors import hanging_on
from gevinst_benefits.domain.case.case_results import in_hundredths
from gevinst_benefits.domain.case.case_weights import model_of
from gevinst_benefits.domain.formulas.vectors import Array
from gevinst_benefits.domain.simulation.case_draws import MILLION, net_present_values
from gevinst_benefits.domain.simulation.case_simulation import NothingToDraw, SimulatedCase, described
from gevinst_shared.values.refusal import Refusal

MOST_CASES = 500


class TooManyCases(Refusal):
    code = "cases-too-many-together"
    title = "There are too many cases to draw together"
    detail = "There are {count} projects with a business case; at most {most} are drawn together."


class LeftOut(StrEnum):
    """Why a project is in no sum: missing is not zero (B6)."""

    NO_CASE = "no-business-case"
    NO_DRAW = "no-draw-computed"


@dataclass(frozen=True, slots=True)
class JointCases:
    """The sum of the net present values of some projects, all in one currency and price year (C1).

    `if_independent` is the standard deviation, in hundredths, that the sum would have if no two of them had a
    factor in common.
    """

    currency: str
    price_year: int
    project_ids: tuple[UUID, ...]
    figures: SimulatedCase
    if_independent: Decimal


@dataclass(frozen=True, slots=True)
class SharedFactor:
    """A factor, by the first name that a case gives it, and the projects where something hangs on it."""

    factor: str
    name: str
    project_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class JointSimulation:
    """A sum for each currency and price year; factors that most projects share first."""

    sums: tuple[JointCases, ...]
    factors: tuple[SharedFactor, ...]
    left_out: tuple[tuple[UUID, LeftOut], ...]


def simulate_together(cases: Sequence[BusinessCase], *, seed: int, draws: int) -> JointSimulation:
    """The cases, one for each project, drawn `draws` times with one seed; the order makes no difference.

    A factor of the same code is the same in all of them, and everything else is each project's own, whatever
    it is called. A case keeps its draws when others come and go. Raises `TooManyCases`.
    """
    if len(cases) > MOST_CASES:
        raise TooManyCases(count=len(cases), most=MOST_CASES)
    sums: dict[tuple[str, int], _Sum] = defaultdict(lambda: _Sum(draws))
    left_out = []
    for case in sorted(cases, key=lambda one: one.project_id):
        own = _seed_of_project(seed, case.project_id)
        values = net_present_values(model_of(case), case.frame, seed=own, draws=draws, factor_seed=seed)
        if np.isfinite(values).any():
            sums[case.frame.currency, case.frame.price_year].add(case.project_id, values)
        else:
            left_out.append((case.project_id, LeftOut.NO_DRAW))
    found = []
    for (currency, price_year), one in sorted(sums.items()):
        try:
            figures = described(one.total, seed=seed)
        except NothingToDraw:
            left_out += [(project_id, LeftOut.NO_DRAW) for project_id in one.project_ids]
            continue
        independent = in_hundredths(Decimal(one.variance**0.5) * MILLION)
        found.append(JointCases(currency, price_year, tuple(one.project_ids), figures, independent))
    return JointSimulation(tuple(found), _shared_factors(cases), tuple(left_out))


class _Sum:
    """The draws of several projects added up, in millions, and their variances."""

    def __init__(self, draws: int) -> None:
        self.project_ids: list[UUID] = []
        self.total: Array = np.zeros(draws)
        self.variance = 0.0

    def add(self, project_id: UUID, values: Array) -> None:
        self.project_ids.append(project_id)
        with np.errstate(invalid="ignore", over="ignore"):
            self.total += values
        computed = values[np.isfinite(values)]
        self.variance += float(computed.var(ddof=1)) if len(computed) > 1 else 0.0


def _seed_of_project(seed: int, project_id: UUID) -> int:
    digest = sha256(seed.to_bytes(8, "big") + project_id.bytes).digest()
    return int.from_bytes(digest[:8], "big")


def _shared_factors(cases: Sequence[BusinessCase]) -> tuple[SharedFactor, ...]:
    names: dict[str, str] = {}
    projects: dict[str, list[UUID]] = defaultdict(list)
    for case in sorted(cases, key=lambda one: one.project_id):
        model = model_of(case)
        for factor in model.factors:
            if hanging_on(factor.code, model.assumptions):
                names.setdefault(factor.code, factor.name)
                projects[factor.code].append(case.project_id)
    shared = [SharedFactor(code, names[code], tuple(ids)) for code, ids in projects.items()]
    return tuple(sorted(shared, key=lambda one: (-len(one.project_ids), one.factor)))
