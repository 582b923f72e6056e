"""`gevinst check`"""

from pathlib import Path

from rich.console import Console

from gevinst_portfolio.cli.reading import UNREADABLE, Unreadable, read_plan_file, read_problem_file, say
from gevinst_portfolio.domain.optimiser.answer import claim_faults
from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import amount_text
from gevinst_portfolio.domain.optimiser.result import Status

KEPT, BROKEN = 0, 1


def check_files(file: Path, plan: Path, console: Console, *, number: int) -> int:
    """Say whether the plan keeps every rule of the problem; the exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        problem = read_problem_file(file, number, errors)
        claimed = read_plan_file(plan, errors)
    except Unreadable:
        return UNREADABLE
    if not claimed.starts and claimed.status in (Status.INFEASIBLE, Status.UNKNOWN):
        say(console, f"The file has no plan to judge: its status is {claimed.status}.")
        return BROKEN
    verdict = check_plan(problem, claimed.starts)
    reasons = [violation.text for violation in verdict.violations]
    reasons += claim_faults(claimed, verdict.value)
    if not reasons:
        claim = "" if claimed.value is None else ", as the file claims"
        say(console, f"Feasible: {len(claimed.starts)} chosen, value {amount_text(verdict.value)}{claim}.")
        return KEPT
    kind = "Not feasible" if verdict.violations else "Feasible, but not what it claims to be"
    say(console, f"{kind}: {len(claimed.starts)} chosen, value {amount_text(verdict.value)}.")
    for reason in reasons:
        say(console, f"- {reason}")
    return BROKEN
