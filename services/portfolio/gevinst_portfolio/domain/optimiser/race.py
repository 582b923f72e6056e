"""The searcher's side of the race between better plans and a lower bound."""

from gevinst_portfolio.domain.optimiser.highs import LinearAnswer
from gevinst_portfolio.domain.optimiser.incumbent import Incumbent
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel
from gevinst_portfolio.domain.optimiser.prover import Prover, Timeline

# Seconds between two looks at the caller's wishes while waiting.
BREATH = 0.02
# Seconds that a stopped prover gets to come to its end before it is left alone.
PATIENCE = 0.2


class Race:
    """A prover in a second thread beside the search; it runs until `finish`."""

    def __init__(
        self, model: PlanModel, relaxation: LinearAnswer, incumbent: Incumbent, limits: Limits, *, seed: int
    ) -> None:
        self._model = model
        self._incumbent = incumbent
        self._limits = limits
        self._timeline = Timeline()
        self._prover = Prover(
            model,
            relaxation,
            self._timeline,
            work_limit=limits.work_limit,
            seconds_left=lambda: limits.seconds_left,
            seed=seed,
        )
        self._tell()
        self._prover.start()

    def is_decided(self) -> bool:
        """Tell and hear the news; whether nothing better can be found."""
        self._tell()
        self._incumbent.lower_bound_to(self._prover.bound)
        return self._incumbent.is_proved or self._prover.proof is not None

    def finish(self) -> None:
        """The search has ended: let the prover go on to its own end, unless all is known or called off."""
        self._tell()
        self._timeline.end()
        while not self._prover.wait(BREATH) and not self._limits.is_called_off:
            if self.is_decided():
                break
        self._timeline.stop()
        self._prover.wait(PATIENCE)
        self._incumbent.lower_bound_to(self._prover.bound)
        self._take_plan()
        if self._incumbent.is_proved:
            self._limits.work = self._decided_after()

    def _tell(self) -> None:
        assert self._incumbent.value is not None
        self._timeline.reach(self._limits.work, float(self._incumbent.value) / self._model.value_unit)

    def _take_plan(self) -> None:
        """Take the prover's plan, if it is better than what the search had found by then."""
        proof, found = self._prover.proof, self._prover.found
        if proof is None:
            if found:
                self._incumbent.offer(self._model.plan_of(found[-1]))
            return
        if proof.x is not None:
            value = float(self._model.linear.gain[: len(proof.x)] @ proof.x)
            if self._timeline.value_after(proof.work) < value - self._model.least_step / 2:
                refused = self._incumbent.refused
                self._incumbent.offer(self._model.plan_of(proof.x), is_final=True)
                if self._incumbent.refused > refused:
                    return  # it breaks a rule by a rounding, so the proof is of nothing
        self._incumbent.prove()

    def _decided_after(self) -> int:
        """The work after which value and bound had met, wherever the search stood when it heard of it."""
        assert self._incumbent.value is not None
        value = float(self._incumbent.value) / self._model.value_unit
        reached = self._timeline.work_to(value)
        step = self._model.least_step
        return max([reached, *(work for work, bound in self._prover.bounds if bound > value + step)])
