"""A plan explains itself (P7): why a project is out, what would bring it in, and what forcing displaces."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from gevinst_portfolio.domain.optimiser.change import Change
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.displacement import Displacement, displacement
from gevinst_portfolio.domain.optimiser.elastic import Lever, prices_by_share
from gevinst_portfolio.domain.optimiser.probe import Prober
from gevinst_portfolio.domain.optimiser.problem import Number, Problem
from gevinst_portfolio.domain.optimiser.remedy import AmountSearch, Remedy, levers_in
from gevinst_portfolio.domain.optimiser.result import LeftOut, Solution, Status
from gevinst_portfolio.domain.optimiser.substitution import find_leaving_out, find_relaxations

# Simplex iterations of one of the many solves.
PROBE_WORK = 20_000


class Doubt(StrEnum):
    """Why an explanation is not proved."""

    PLAN_HAS_GAP = "plan-has-gap"  # the plan that is explained may itself not be the best
    LIMIT = "limit"  # a further solve ended before its proof
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class WhyOut:
    """Why a project is out.

    `reason` is what blocks it in today's plan. `price` is what the best plan loses when the project is held
    in: `None` when no plan can hold it. `is_tied`: the price is 0, a plan with it is as good.
    `remedies` bring it in: one for each kind of amounts that alone is enough, the cheapest first, or one of
    several kinds when none is; then leaving out others, and the rules that alone keep it out.
    `doubt` is `None` when the price and every remedy are proved.
    """

    project: str
    reason: LeftOut
    price: Number | None
    remedies: tuple[Remedy, ...]
    doubt: Doubt | None

    @property
    def is_tied(self) -> bool:
        return self.price is not None and self.price <= 0

    @property
    def is_proved(self) -> bool:
        return self.doubt is None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Of a whole solution: those left out in the problem's order, and those forced in."""

    left_out: tuple[WhyOut, ...]
    forced: tuple[Displacement, ...]


def explain(  # noqa: PLR0913 - the question and its limits
    problem: Problem,
    solution: Solution,
    *,
    kinds: Collection[Lever] = tuple(Lever),
    prices: Mapping[tuple[Rule, str], float] | None = None,
    work: int = PROBE_WORK,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Explanation:
    """Why the projects that the solution leaves out are out, and what the forced ones displace.

    `kinds` are the kinds of change that are looked for. `prices` is the cost of one unit of a budget or a
    resource; by default its share of all there is. `work` limits each further solve (simplex iterations).
    `progress(share)` hears of each project that is done; when cancelled, the rest is left out of the answer.
    A solution without a plan has nothing to explain. How a change is measured and proved stands in `remedy`.
    """
    if solution.value is None:
        return Explanation((), ())
    shall_stop = is_cancelled or (lambda: False)
    prober = Prober(problem, solution, work, seed, shall_stop)
    priced = prices_by_share(problem) | dict(prices or {})
    left_out, forced = [], []
    todo = len(solution.left_out) + sum(project.is_forced for project in problem.projects)
    for reason in solution.left_out:
        prober.forget()
        found = why_out(prober, reason, kinds, priced)
        if shall_stop():
            break
        left_out.append(found)
        _tell(progress, len(left_out) / todo)
    for project in problem.projects:
        if project.is_forced and not shall_stop():
            prober.forget()
            forced.append(displacement(prober, project.id))
            _tell(progress, (len(left_out) + len(forced)) / todo)
    return Explanation(tuple(left_out), tuple(forced))


def why_out(
    prober: Prober, reason: LeftOut, kinds: Collection[Lever], prices: Mapping[tuple[Rule, str], float]
) -> WhyOut:
    """The price of one project that is out, and what would bring it in."""
    name, base = reason.project, prober.base
    assert base.value is not None
    inside = prober.solve(Change(), name, is_in=True)
    price = None if inside.value is None else max(0, base.value - inside.value)
    remedies: list[Remedy] = []
    if price != 0:
        remedies = list(_remedies(prober, name, kinds, prices))
    doubt = None if inside.status in {Status.OPTIMAL, Status.INFEASIBLE} else Doubt.LIMIT
    return WhyOut(name, reason, price, tuple(remedies), _doubt(prober, remedies) or doubt)


def _remedies(
    prober: Prober, name: str, kinds: Collection[Lever], prices: Mapping[tuple[Rule, str], float]
) -> list[Remedy]:
    asked = [levers for levers in levers_in(prober.problem) if levers <= frozenset(kinds)]
    searches = (AmountSearch(prober, name, levers, prices).find() for levers in asked if len(levers) == 1)
    found = sorted((one for one in searches if one is not None), key=lambda one: one.cost)
    if not found and (together := frozenset().union(*asked)) and len(together) > 1:
        # No kind alone is enough.
        remedy = AmountSearch(prober, name, together, prices).find()
        found += [] if remedy is None else [remedy]
    if Lever.LEAVING_OUT in kinds:
        remedy = find_leaving_out(prober, name)
        found += [] if remedy is None else [remedy]
    if Lever.RULE in kinds:
        found += find_relaxations(prober, name)
    return found


def _doubt(prober: Prober, remedies: list[Remedy]) -> Doubt | None:
    if prober.is_cancelled():
        return Doubt.CANCELLED
    if prober.base.status is not Status.OPTIMAL:
        return Doubt.PLAN_HAS_GAP
    return None if all(remedy.is_proved for remedy in remedies) else Doubt.LIMIT


def _tell(progress: Callable[[float], None] | None, share: float) -> None:
    if progress is not None:
        progress(share)
