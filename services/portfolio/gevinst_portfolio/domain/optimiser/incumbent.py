"""The best plan so far and the proven bound: every plan passes the independent judge before it counts."""

from collections.abc import Callable
from fractions import Fraction
from math import floor, isfinite

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem

# progress(value, bound, gap, work_share); value and gap are None before the first plan.
Progress = Callable[[Number | None, Number | None, float | None, float], None]


class Incumbent:
    """Values rise and bounds fall; both are exact numbers of the problem."""

    def __init__(self, problem: Problem, model: PlanModel, limits: Limits, progress: Progress | None) -> None:
        self.plan: dict[str, int] | None = None
        self.value: Number | None = None
        self.bound: Number | None = None
        self.refused = 0
        self._problem = problem
        self._model = model
        self._limits = limits
        self._progress = progress

    def offer(self, plan: Plan, *, is_final: bool = False) -> bool:
        """Take the plan if it keeps every rule exactly and is worth more than the best so far.

        A final one is also taken when it is worth as much.
        """
        verdict = check_plan(self._problem, plan)
        if not verdict.is_feasible:
            self.refused += 1
            return False
        if self.value is not None:
            is_worth = verdict.value >= self.value if is_final else verdict.value > self.value
            if not is_worth:
                return False
        self.plan, self.value = dict(plan), verdict.value
        self._report()
        return True

    def lower_bound_to(self, model_bound: float) -> None:
        """Take a bound of the model, in the model's unit; rounded down to what a plan can be worth."""
        if not isfinite(model_bound):
            return
        # The solver's own tolerance is left in the bound, so that it never falls below the truth.
        exact = Fraction(model_bound + 1e-6 * max(1.0, abs(model_bound))) * Fraction(self._model.value_unit)
        step = self._model.value_step
        bound = step * floor(exact / step) if step else exact
        self._lower(bound)

    def prove(self) -> None:
        """Nothing better exists."""
        if self.value is not None:
            self._lower(self.value)

    @property
    def is_proved(self) -> bool:
        return self.value is not None and self.bound is not None and self.bound <= self.value

    @property
    def gap(self) -> float | None:
        """(bound - value) / bound; 0 when proved, `None` without a plan or a bound."""
        if self.value is None or self.bound is None:
            return None
        return float(self.bound - self.value) / abs(float(self.bound)) if self.bound > self.value else 0.0

    def _lower(self, bound: Number) -> None:
        if self.value is not None:
            bound = max(bound, self.value)
        if self.bound is None or bound < self.bound:
            self.bound = int(bound) if bound == int(bound) else bound
            self._report()

    def _report(self) -> None:
        if self._progress is not None:
            self._progress(self.value, self.bound, self.gap, self._limits.share)
