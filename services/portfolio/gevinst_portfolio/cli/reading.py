"""Reading files, and saying every fault of them in one sentence with its place."""

import sys
from pathlib import Path

from rich.console import Console

from gevinst_portfolio.domain.optimiser.answer import ClaimedPlan, plan_from_text
from gevinst_portfolio.domain.optimiser.file import Reading, reading_of_text
from gevinst_portfolio.domain.optimiser.orlib import is_knapsack_text, knapsack
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed
from gevinst_shared.values.refusal import Refusal

MOST_FAULTS = 50
UNREADABLE = 2


class Unreadable(Exception):  # noqa: N818 - said to the person who gave the file
    """The file cannot be read or means nothing; the reasons have been said."""


def read_problem_file(file: Path, number: int, console: Console) -> Problem:
    """The problem in the file, in either format.

    Raises `Unreadable`.
    """
    content = read_bytes(file, console)
    reading = _knapsack(content, number) or reading_of_text(content)
    if reading.problem is None:
        say_faults(reading.faults, file, console)
        raise Unreadable
    if reading.ignored:
        say(console, f"{file}: not part of the format and ignored: {', '.join(reading.ignored)}")
    return reading.problem


def read_plan_file(file: Path, console: Console) -> ClaimedPlan:
    """The plan in the file.

    Raises `Unreadable`.
    """
    try:
        return plan_from_text(read_bytes(file, console))
    except PlanMalformed as fault:
        say_faults((fault,), file, console)
        raise Unreadable from None


def read_bytes(file: Path, console: Console) -> bytes:
    """What is in the file, or comes in for `-`.

    Raises `Unreadable`.
    """
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        say(console, f"{file} cannot be read: {error.strerror}.")
        raise Unreadable from None


def say_faults(faults: tuple[Refusal, ...], file: Path, console: Console) -> None:
    for fault in faults[:MOST_FAULTS]:
        say(console, f"{file}: {fault.pointer or '/'}: {fault}")
    if len(faults) > MOST_FAULTS:
        say(console, f"{file}: and {len(faults) - MOST_FAULTS} more.")


def say(console: Console, sentence: str) -> None:
    """One line, with nothing in it taken for markup or for a command to the terminal."""
    printable = "".join(letter if letter.isprintable() else "\ufffd" for letter in sentence)
    console.print(printable, markup=False, highlight=False, soft_wrap=True)


def _knapsack(content: bytes, number: int) -> Reading | None:
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        return None
    if not is_knapsack_text(text):
        return None
    try:
        return Reading(knapsack(text, number), ())
    except PlanMalformed as fault:
        return Reading(None, (fault,))
