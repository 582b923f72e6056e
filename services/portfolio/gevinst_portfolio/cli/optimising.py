"""`gevinst optimise`"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from rich.console import Console

from gevinst_portfolio.cli.live_line import LiveLine
from gevinst_portfolio.cli.reading import UNREADABLE, Unreadable, read_problem_file, say
from gevinst_portfolio.cli.summary import show_answer
from gevinst_portfolio.domain.optimiser.answer import answer_text
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.result import Solution, Status
from gevinst_portfolio.domain.optimiser.solver import solve

FOUND, CONTRADICTORY, NOTHING_FOUND, INTERRUPTED = 0, 3, 4, 130


@dataclass(frozen=True, slots=True)
class Effort:
    """Where to stop, and the seed."""

    seconds: float | None
    work: int
    seed: int


def optimise_file(file: Path, effort: Effort, *, out: Path | None, number: int) -> int:
    """Solve the problem in the file and write the answer; the exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        problem = read_problem_file(file, number, errors)
    except Unreadable:
        return UNREADABLE
    solution = _solved(problem, effort, errors)
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


def _solved(problem: Problem, effort: Effort, errors: Console) -> Solution:
    with _interruptible() as interrupted, LiveLine(errors) as line:
        return solve(
            problem,
            work_limit=effort.work,
            seed=effort.seed,
            time_limit=effort.seconds,
            progress=line.heard,
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
