"""`gevinst optimise`"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from threading import Event
from time import monotonic

from rich.console import Console

from gevinst_portfolio.cli.live_line import LiveLine
from gevinst_portfolio.cli.reading import UNREADABLE, Unreadable, read_plan_file, read_problem_file, say
from gevinst_portfolio.cli.summary import show_answer
from gevinst_portfolio.domain.optimiser.answer import answer_text
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Plan, Problem
from gevinst_portfolio.domain.optimiser.result import Goal, Solution, Status
from gevinst_portfolio.domain.optimiser.second_goals import refine
from gevinst_portfolio.domain.optimiser.solver import solve

FOUND, CONTRADICTORY, NOTHING_FOUND, INTERRUPTED = 0, 3, 4, 130


@dataclass(frozen=True, slots=True)
class Effort:
    """Where to stop, and the seed."""

    seconds: float | None
    work: int
    seed: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to minimise once the value is settled, and the file of the plan to begin with."""

    goals: tuple[Goal, ...]
    epsilon: Fraction
    last_plan: Path | None


def optimise_file(file: Path, effort: Effort, wishes: Wishes, *, out: Path | None, number: int) -> int:
    """Solve the problem in the file and write the answer; the exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        problem = read_problem_file(file, number, errors)
        last_plan = None if wishes.last_plan is None else read_plan_file(wishes.last_plan, errors).starts
    except Unreadable:
        return UNREADABLE
    solution = _solved(problem, effort, wishes, last_plan, errors)
    text = answer_text(problem, solution, seed=effort.seed, work_limit=effort.work)
    if out is not None and str(out) != "-":
        try:
            out.write_text(text, encoding="utf-8")
        except OSError as error:
            say(errors, f"{out} cannot be written: {error.strerror}.")
            return UNREADABLE
    elif out is not None or not sys.stdout.isatty():
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
    show_answer(
        problem, solution, Console(highlight=False) if out is None and sys.stdout.isatty() else errors
    )
    return _exit_code(solution)


def _solved(
    problem: Problem, effort: Effort, wishes: Wishes, last_plan: Plan | None, errors: Console
) -> Solution:
    began = monotonic()
    with _interruptible() as interrupted, LiveLine(errors) as line:
        solution = solve(
            problem,
            work_limit=effort.work,
            seed=effort.seed,
            time_limit=effort.seconds,
            start_plan=last_plan,
            progress=line.heard,
            is_cancelled=interrupted.is_set,
        )
        return refine(
            problem,
            solution,
            wishes.goals,
            epsilon=wishes.epsilon,
            last_plan=last_plan,
            work_limit=effort.work,
            seed=effort.seed,
            time_limit=None if effort.seconds is None else effort.seconds - (monotonic() - began),
            is_cancelled=interrupted.is_set,
        )


@contextmanager
def _interruptible() -> Iterator[Event]:
    """Ctrl-C sets the event, a second one ends the program at once."""
    interrupted = Event()

    def interrupt(number: int, frame: object) -> None:
        interrupted.set()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code(solution: Solution) -> int:
    if solution.ended_by is Ending.CANCELLED:
        return INTERRUPTED
    match solution.status:
        case Status.OPTIMAL | Status.GAP:
            return FOUND
        case Status.INFEASIBLE:
            return CONTRADICTORY
        case Status.UNKNOWN:
            return NOTHING_FOUND
