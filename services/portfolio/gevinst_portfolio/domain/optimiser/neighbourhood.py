"""Large-neighbourhood search: free some projects, solve that part exactly, keep what is better."""

from collections.abc import Callable

import numpy as np

from gevinst_portfolio.domain.optimiser.highs import Ints, LinearAnswer, WholeAnswer
from gevinst_portfolio.domain.optimiser.incumbent import Incumbent
from gevinst_portfolio.domain.optimiser.kernel import Kernel
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.nearness import Nearness
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.restriction import Effort, Restriction, solve_part

FIRST_SIZE, FIRST_SHARE, FIRST_COLUMNS = 20, 0.06, 60
NODES, WORK = 500, 800
# Rounds in vain after which each part is searched deeper by as many nodes again.
DEEPER = 10
# The size of the next part after one that was solved in vain, and after one that was not solved to its end.
GROW, SHRINK = 1.1, 0.8
# Rounds in vain after which the search goes on elsewhere, and the columns of the best plan left out.
STALE, LEFT_OUT = 20, 8


def improve(  # noqa: PLR0913 - the search's whole state, and where it ends
    problem: Problem,
    model: PlanModel,
    relaxation: LinearAnswer,
    incumbent: Incumbent,
    limits: Limits,
    *,
    seed: int,
    is_enough: Callable[[int], bool],
) -> None:
    """Raise the incumbent until a limit is met or `is_enough(rounds without improvement)` says so."""
    search = _Search(problem, model, relaxation, incumbent, limits, seed)
    while limits.met() is None and not incumbent.is_proved and not is_enough(search.idle):
        search.step()


class _Search:
    """Parts near a plan; a kernel after several in vain; a move to another plan after many."""

    def __init__(
        self,
        problem: Problem,
        model: PlanModel,
        relaxation: LinearAnswer,
        incumbent: Incumbent,
        limits: Limits,
        seed: int,
    ) -> None:
        # Rounds since the best plan got better, and since the plan here did.
        self.idle = self._stale = 0
        # Work on parts since the best plan got better or a kernel was tried.
        self._in_vain = 0
        self._model = model
        self._incumbent, self._limits = incumbent, limits
        self._rng = np.random.default_rng(seed)
        self._nearness = Nearness(problem, model, relaxation)
        self._size = _first_size(model)
        self._kernel = Kernel(model, relaxation)
        # The columns of the plan near which is searched: the best one, or one that may lead past it.
        self._here = self._best
        self._kernel.see(self._here)

    @property
    def _best(self) -> Ints:
        assert self._incumbent.plan is not None
        return self._model.columns_of(self._incumbent.plan)

    def step(self) -> None:
        """The next round."""
        if self._kernel.is_due(self._in_vain):
            self._try_kernel()
        elif self._stale >= STALE:
            self._move_away()
        else:
            self._try_part()

    def _try_part(self) -> None:
        """Solve a part near the plan; the next is larger when it ended in vain, smaller when it did not."""
        part = self._nearness.part(self._rng, self._model, self._here, int(self._size))
        depth = 1 + self._stale // DEEPER
        plan, answer = self._solved(part, Effort(NODES * depth, self._seed(), WORK * depth), self._here)
        is_better = plan is not None and self._take(plan)
        self._in_vain = 0 if self.idle == 0 else self._in_vain + answer.iterations
        self._stale = 0 if is_better else self._stale + 1
        if not answer.is_ended:
            self._size = max(8.0, self._size * SHRINK)
        elif not is_better:
            self._size = min(float(len(self._model.ids)), self._size * GROW)

    def _try_kernel(self) -> None:
        """Solve the whole problem over its most promising columns."""
        best = self._best
        part = self._kernel.part(self._rng, self._model, best)
        plan, answer = self._solved(part, self._kernel.effort(self._seed()), best)
        self._kernel.learn(part, answer, is_better=plan is not None and self._take(plan))
        self._in_vain = 0

    def _move_away(self) -> None:
        """Go on near the best plan that does without a few columns of the best one."""
        best = self._best
        left_out = self._rng.choice(best, min(LEFT_OUT, len(best)), replace=False)
        kept = np.setdiff1d(best, left_out)
        part = self._nearness.part(self._rng, self._model, kept, int(self._size), without=left_out)
        plan, _ = self._solved(part, Effort(NODES, self._seed(), WORK), None)
        self._here = best if plan is None else self._model.columns_of(plan)
        self._stale = 0

    def _seed(self) -> int:
        return int(self._rng.integers(2**31))

    def _solved(
        self, part: Restriction, effort: Effort, better_than: Ints | None
    ) -> tuple[dict[str, int] | None, WholeAnswer]:
        """The part's plan, offered to the incumbent; `None` when it breaks a rule by a rounding."""
        plan, answer = solve_part(part, self._limits, effort, better_than=better_than)
        refused = self._incumbent.refused
        is_best = plan is not None and self._incumbent.offer(plan)
        self.idle = 0 if is_best else self.idle + 1
        if is_best:
            self._kernel.see(self._best)
        if self._incumbent.refused == refused:
            return plan, answer
        if refused == 0:
            self._model = self._model.tightened()
        return None, answer

    def _take(self, plan: dict[str, int]) -> bool:
        """Go on near this plan when it is better than the one here."""
        columns = self._model.columns_of(plan)
        gain = self._model.linear.gain
        if gain[columns].sum() < gain[self._here].sum() + self._model.least_step / 2:
            return False
        self._here = columns
        return True


def _first_size(model: PlanModel) -> float:
    """Projects that are free at first: few, and more when each has but few starts."""
    count = len(model.ids)
    columns_each = len(model.project) / max(1, count)
    wanted = max(FIRST_SIZE, count * FIRST_SHARE, FIRST_COLUMNS / max(columns_each, 0.01))
    return float(min(count, wanted))
