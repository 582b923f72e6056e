"""Is a project in the answer after a change? Asked by further solves, and said with what is proved (P7)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from gevinst_portfolio.domain.optimiser.change import Change, apply_change, hold_in, hold_out
from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem
from gevinst_portfolio.domain.optimiser.result import Solution, Status
from gevinst_portfolio.domain.optimiser.solver import solve


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a project is in, and whether the solves that say so were proofs.

    **In** means: the best plan with the project is worth at least as much as the best plan without it. A tie
    counts as in. `with_it` and `without_it` are the values found, `None` where no plan was found.
    """

    is_in: bool
    is_proved: bool
    with_it: Number | None
    without_it: Number | None


@dataclass(slots=True)
class Prober:
    """Solves changed problems, each at most once, from plans that are known.

    `work` (simplex iterations) limits each solve; `is_cancelled` ends all of them.
    """

    problem: Problem
    base: Solution
    work: int
    seed: int = 1
    is_cancelled: Callable[[], bool] = field(default=lambda: False)
    _solved: dict[tuple[Change, str, bool | None], Solution] = field(default_factory=dict)
    _plans: list[dict[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._plans.append(self.base.plan)

    def ask(self, name: str, change: Change) -> Verdict:
        """Whether the project is in after the change."""
        known = self._best_known(name, change)
        # A plan without it that is worth more than any with it settles the matter in one solve.
        inside = self.solve(change, name, is_in=True)
        if inside.status is Status.INFEASIBLE:
            return Verdict(is_in=False, is_proved=True, with_it=None, without_it=known)
        if known is not None and inside.bound is not None and inside.bound < known:
            return Verdict(is_in=False, is_proved=True, with_it=inside.value, without_it=known)
        outside = self.solve(change, name, is_in=False)
        return _compared(inside, outside)

    def solve(self, change: Change, name: str, *, is_in: bool | None) -> Solution:
        """The best plan after the change with the project held in or out, or left free."""
        key = (change, "" if is_in is None else name, is_in)
        if key not in self._solved:
            changed = apply_change(self.problem, change)
            if is_in is not None:
                changed = hold_in(changed, name) if is_in else hold_out(changed, [name])
            found = solve(
                changed,
                work_limit=self.work,
                seed=self.seed,
                start_plan=self._start(changed),
                is_cancelled=self.is_cancelled,
            )
            if found.plan:
                self._plans.append(found.plan)
            self._solved[key] = found
        return self._solved[key]

    def learn(self, plan: Plan) -> None:
        """A plan that later solves may begin from."""
        self._plans.append(dict(plan))

    def forget(self) -> None:
        """What was solved for one project is of little use for the next."""
        self._solved.clear()
        del self._plans[1:]

    def _start(self, problem: Problem) -> dict[str, int] | None:
        return max(
            (plan for plan in self._plans if check_plan(problem, plan).is_feasible),
            key=lambda plan: check_plan(problem, plan).value,
            default=None,
        )

    def _best_known(self, name: str, change: Change) -> Number | None:
        changed = hold_out(apply_change(self.problem, change), [name])
        verdicts = (check_plan(changed, plan) for plan in self._plans if name not in plan)
        return max((verdict.value for verdict in verdicts if verdict.is_feasible), default=None)


def _compared(inside: Solution, outside: Solution) -> Verdict:
    """Of two solves, one with the project and one without it."""
    mine, other = inside.value, outside.value
    if mine is None:
        return Verdict(is_in=False, is_proved=False, with_it=None, without_it=other)
    if outside.status is Status.INFEASIBLE:
        return Verdict(is_in=True, is_proved=True, with_it=mine, without_it=None)
    if other is None or mine >= other:
        is_proved = outside.bound is not None and mine >= outside.bound
        return Verdict(is_in=True, is_proved=is_proved, with_it=mine, without_it=other)
    is_proved = inside.bound is not None and inside.bound < other
    return Verdict(is_in=False, is_proved=is_proved, with_it=mine, without_it=other)
