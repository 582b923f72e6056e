"""Lowering the proven bound on a second core while the first one searches for better plans.

The searcher and the prover hear of each other by work done and not by the clock: the prover starts a stage
with the value that the searcher had reached after as much work, and waits until the searcher has come so far.
Thus neither depends on how the machine shares its cores, and the same question gives the same answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Condition, Thread

import numpy as np

from gevinst_portfolio.domain.optimiser.branching import project_parts, with_choices
from gevinst_portfolio.domain.optimiser.highs import (
    Floats,
    Ints,
    LinearAnswer,
    LinearModel,
    WholeAnswer,
    WholeLimits,
    solve_whole,
)
from gevinst_portfolio.domain.optimiser.model import PlanModel

# Into how many spans of time each project's starts are cut, stage by stage; then follows the whole model.
STAGES = (1, 2, 3)
ALL_NODES = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Proof:
    """The whole model was searched to its end after `work`: nothing is better than `x`, when there is one,
    or than the value that the search began with."""

    work: int
    x: Floats | None


class Timeline:
    """The values that the searcher reached, by the work it had done. Shared by two threads."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._changed = Condition()
        self._work = 0
        self._has_ended = False
        self._values: list[tuple[int, float]] = []

    def reach(self, work: int, value: float) -> None:
        """The searcher has come this far, with this value in the model's unit."""
        with self._changed:
            if not self._values or value > self._values[-1][1]:
                self._values.append((work, value))
            self._work = work
            self._changed.notify_all()

    def end(self) -> None:
        """The searcher goes no further."""
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Nobody shall go on."""
        with self._changed:
            self.is_stopped = True
            self._changed.notify_all()

    def work_to(self, value: float) -> int:
        """The work after which this value was reached, 0 when it never was."""
        with self._changed:
            return next((work for work, reached in self._values if reached >= value), 0)

    def value_after(self, work: int) -> float:
        """The value after so much work (the first one at least), once the searcher has done it."""
        with self._changed:
            self._changed.wait_for(lambda: self.is_stopped or self._has_ended or self._work > work)
            return [value for at, value in self._values if at <= work or at == self._values[0][0]][-1]


class Prover:
    """Branch and cut in a thread of its own: over the choices, then over rough times too, then over all."""

    def __init__(
        self,
        model: PlanModel,
        relaxation: LinearAnswer,
        timeline: Timeline,
        *,
        work_limit: int,
        seconds_left: Callable[[], float],
        seed: int,
    ) -> None:
        self.bound = relaxation.value
        # Every bound with the work after which it was there.
        self.bounds: list[tuple[int, float]] = []
        self.proof: Proof | None = None
        self.found: list[Floats] = []
        self.work = 0
        self._model = model
        self._relaxation = relaxation
        self._timeline = timeline
        self._work_limit = work_limit
        self._seconds_left = seconds_left
        self._seed = seed
        # Not a daemon: a process must not end while the solver is at work in it.
        self._thread = Thread(target=self._run, name="prover")

    def start(self) -> None:
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, or so long; whether the end has come."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        project = self._model.project
        choices = len(np.unique(project))
        for parts in STAGES:
            groups = project_parts(project, parts)
            # Groups that are single starts say no more than the whole model.
            if int(groups.max(initial=-1)) + 1 < len(project) and not self._is_over():
                self._stage((groups,) if parts == 1 else (project_parts(project, 1), groups), is_whole=False)
        if not self._is_over():
            self._stage((project_parts(project, 1),) if choices < len(project) else (), is_whole=True)

    def _stage(self, groups: Sequence[Ints], *, is_whole: bool) -> None:
        """Search the whole model, or the one in which the groups alone are whole."""
        width = len(self._model.project)
        least = self._timeline.value_after(self.work) + self._model.least_step / 2
        linear = without_hopeless(self._model, self._relaxation, least)
        linear = with_choices(linear, groups, is_relaxed=not is_whole)
        answer = self._branch(linear, least, is_whole=is_whole)
        self._lower(answer.bound)
        if is_whole and answer.is_ended:
            self.proof = Proof(self.work, None if answer.x is None else answer.x[:width])
        elif answer.is_infeasible:
            # Not even the relaxed model has anything better than what is known.
            self.proof = Proof(self.work, None)

    def _branch(self, linear: LinearModel, least: float, *, is_whole: bool) -> WholeAnswer:
        before = self.work

        def is_over(iterations: int) -> bool:
            self.work = before + iterations
            return self._is_over()

        return solve_whole(
            linear,
            WholeLimits(
                nodes=ALL_NODES,
                seconds=self._seconds_left(),
                gap=self._model.least_step,
                least=least,
                is_over=is_over,
                lowered=self._lower,
                found=self.found.append if is_whole else None,
                is_quick=not is_whole,
            ),
            seed=self._seed,
        )

    def _lower(self, bound: float) -> None:
        if bound < self.bound:
            self.bound = bound
            self.bounds.append((self.work, bound))

    def _is_over(self) -> bool:
        return (
            self.proof is not None
            or self._timeline.is_stopped
            or self.work >= self._work_limit
            or self._seconds_left() <= 0
        )


def without_hopeless(model: PlanModel, relaxation: LinearAnswer, least: float) -> LinearModel:
    """Without the columns whose choice leaves the relaxation less than `least`."""
    room = relaxation.value - least
    upper = model.linear.upper.copy()
    width = len(model.project)
    upper[:width][-relaxation.reduced[:width] > room + 1e-4 * max(1.0, room)] = 0.0
    return replace(model.linear, upper=upper)
