"""Solving a scenario in a process of its own."""

from gevinst_portfolio.domain.optimiser.problem import Number
from gevinst_portfolio.domain.scenario_solving import Answered, Asked, answer
from gevinst_portfolio.worker.calculation import Ear


def solve_scenario(ear: Ear, *, asked: Asked) -> Answered:
    """The answer; tells value, bound and gap on the way, and ends with the best plan when called off."""

    def progress(value: Number | None, bound: Number | None, gap: float | None, share: float) -> None:
        known = [None if number is None else float(number) for number in (value, bound)]
        ear.progress(share, "searching", value=known[0], bound=known[1], gap=gap)

    return answer(asked, progress=progress, is_cancelled=ear.shall_stop)
