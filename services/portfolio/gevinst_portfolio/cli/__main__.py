"""`gevinst optimise` and `gevinst check`: the optimiser and the judge on files, without any server."""

from fractions import Fraction
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gevinst_portfolio.cli.checking import check_files
from gevinst_portfolio.cli.optimising import Effort, Wishes, optimise_file
from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.optimiser.solver import DEFAULT_WORK

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)

ProblemNumber = Annotated[int, typer.Option("--problem", min=1, help="Which of several in a knapsack file.")]


@app.command()
def optimise(  # noqa: PLR0913, PLR0917 - a parameter for each option
    file: Annotated[Path, typer.Argument(help="gevinst-plan/1, or an OR-Library knapsack; - for input.")],
    time: Annotated[float | None, typer.Option(min=0, help="Seconds at most.")] = None,
    work: Annotated[int, typer.Option(min=0, help="Simplex iterations at most.")] = DEFAULT_WORK,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another search.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Where to write the answer; - for output.")] = None,
    problem: ProblemNumber = 1,
    last_plan: Annotated[Path | None, typer.Option(help="A plan to begin with, repaired if need be.")] = None,
    goal: Annotated[list[Goal] | None, typer.Option(help="Then minimise this; may be given again.")] = None,
    epsilon: Annotated[str, typer.Option(help="The share of the value that goals may cost.")] = "0",
) -> None:
    """Solve a portfolio problem, with a live line of value, bound and gap on standard error.

    The goals are minimised one after the other, within the share of the value that they may cost: spread
    lessens the load above four fifths of the capacity, keep-starts the moves and drops against --last-plan.

    The answer is JSON when it is asked for with --out or the output is no terminal. Exit code 0: a plan was
    found. 2: the file cannot be read or means nothing. 3: no plan keeps all rules, and the answer names those
    that contradict each other. 4: a limit came before any plan. 130: interrupted, with the best plan so far.
    """
    if time is not None and not isfinite(time):
        raise typer.BadParameter("give seconds, or leave it away to go on", param_hint="--time")
    try:
        share = Fraction(epsilon)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= 1:
        raise typer.BadParameter("give a share from 0 to 1, such as 0.01", param_hint="--epsilon")
    wishes = Wishes(tuple(goal or ()), share, last_plan)
    raise typer.Exit(optimise_file(file, Effort(time, work, seed), wishes, out=out, number=problem))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The problem.")],
    plan: Annotated[Path, typer.Argument(help="An answer, or an object of starts by project.")],
    problem: ProblemNumber = 1,
) -> None:
    """Judge a plan independently of the optimiser, rule by rule, and count what it is worth.

    Exit code 0: the plan keeps every rule and is worth what its file claims. 1: it does not, and every
    reason is said. 2: a file cannot be read or means nothing.
    """
    raise typer.Exit(check_files(file, plan, Console(highlight=False), number=problem))


if __name__ == "__main__":
    app(prog_name="gevinst")
