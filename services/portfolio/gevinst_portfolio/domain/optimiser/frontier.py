"""What more or less money would give: the best plan over a row of budgets (P7)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import Budget, Number, Problem
from gevinst_portfolio.domain.optimiser.result import Solution, Status
from gevinst_portfolio.domain.optimiser.solver import solve

POINTS = 20
POINT_WORK = 25_000


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best plan found when the budgets are `factor` of today's.

    `money` is what the scaled budgets then have in all. `value` never falls and `bound` never falls from one
    point to the next. `gap` is (bound - value) / bound. `marginal` is the value gained per unit of money
    since the point before, `None` at the first one with a plan. Without a plan, `status` says why.
    """

    factor: Fraction
    money: Number
    status: Status
    plan: Mapping[str, int]
    value: Number | None
    bound: Number | None
    gap: float | None
    marginal: float | None


@dataclass(frozen=True, slots=True)
class Frontier:
    """`enters[id]` is the first point whose plan has the project; those that are in none are no keys."""

    points: tuple[FrontierPoint, ...]
    enters: Mapping[str, int]


def factors_between(lowest: Fraction, highest: Fraction, points: int = POINTS) -> tuple[Fraction, ...]:
    """Equally spaced, both ends among them. Check: 0.5 to 1.5 in 3 points is 0.5, 1, 1.5."""
    step = (highest - lowest) / max(1, points - 1)
    return tuple(lowest + step * i for i in range(points))


def frontier(  # noqa: PLR0913 - the question and its limits
    problem: Problem,
    factors: Sequence[Fraction],
    *,
    budgets: Sequence[str] | None = None,
    work: int = POINT_WORK,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Frontier:
    """The best plan for each factor of the named budgets (all when `None`), in rising order.

    Inflows and initial amounts are scaled and rounded down to whole units; what may roll on is not scaled.
    Each solve (`work` simplex iterations) begins from the plan before it, which is feasible for more money:
    values never fall. A bound for more money holds for less: bounds never fall either. Cancelled, it ends
    with the points that are done.
    """
    solved: list[tuple[Fraction, Problem, Solution]] = []
    start: Mapping[str, int] | None = None
    for factor in sorted(factors):
        scaled = scale_budgets(problem, factor, budgets)
        found = solve(scaled, work_limit=work, seed=seed, start_plan=start, is_cancelled=is_cancelled)
        if is_cancelled is not None and is_cancelled():
            break
        start = found.plan or start
        solved.append((factor, scaled, found))
        if progress is not None:
            progress(len(solved) / len(factors))
    points = _points(solved, budgets)
    enters: dict[str, int] = {}
    for place, point in enumerate(points):
        for name in point.plan:
            enters.setdefault(name, place)
    return Frontier(points, enters)


def scale_budgets(problem: Problem, factor: Fraction, budgets: Sequence[str] | None) -> Problem:
    """The problem with `factor` of the named budgets' money, rounded down."""

    def scaled(budget: Budget) -> Budget:
        if budgets is not None and budget.id not in budgets:
            return budget
        inflow = tuple(amount * factor // 1 for amount in budget.inflow)
        return replace(budget, inflow=inflow, initial=budget.initial * factor // 1)

    return replace(problem, budgets=tuple(map(scaled, problem.budgets)))


def _points(
    solved: Sequence[tuple[Fraction, Problem, Solution]], budgets: Sequence[str] | None
) -> tuple[FrontierPoint, ...]:
    bounds = _falling_back([found.bound for _, _, found in solved])
    points: list[FrontierPoint] = []
    for (factor, scaled, found), bound in zip(solved, bounds, strict=True):
        money = sum(sum(b.inflow) + b.initial for b in scaled.budgets if budgets is None or b.id in budgets)
        plan, value = found.plan, found.value
        last = points[-1] if points else None
        if last is not None and last.value is not None and (value is None or value < last.value):
            assert check_plan(scaled, last.plan).is_feasible
            plan, value = dict(last.plan), last.value
        points.append(
            FrontierPoint(
                factor=factor,
                money=money,
                status=_status(found.status, value, bound),
                plan=plan,
                value=value,
                bound=bound,
                gap=_gap(value, bound),
                marginal=_marginal(last, value, money),
            )
        )
    return tuple(points)


def _falling_back(bounds: Sequence[Number | None]) -> list[Number | None]:
    """From the most money to the least: no bound is above the one for more money."""
    found: list[Number | None] = []
    best: Number | None = None
    for bound in reversed(bounds):
        best = bound if best is None else best if bound is None else min(best, bound)
        found.append(best)
    return found[::-1]


def _status(status: Status, value: Number | None, bound: Number | None) -> Status:
    if value is None:
        return status
    return Status.OPTIMAL if bound is not None and bound <= value else Status.GAP


def _gap(value: Number | None, bound: Number | None) -> float | None:
    if value is None or bound is None:
        return None
    return float(bound - value) / abs(float(bound)) if bound > value else 0.0


def _marginal(last: FrontierPoint | None, value: Number | None, money: Number) -> float | None:
    if last is None or last.value is None or value is None or money <= last.money:
        return None
    return float(value - last.value) / float(money - last.money)
