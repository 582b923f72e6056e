"""`gevinst check`"""

from pathlib import Path

from rich.console import Console

from gevinst_portfolio.cli.reading import (
    UNREADABLE,
    Unreadable,
    read_bytes,
    read_problem_file,
    say,
    say_faults,
)
from gevinst_portfolio.domain.optimiser.answer import ClaimedPlan, claim_faults, plan_from_text
from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import amount_text
from gevinst_portfolio.domain.optimiser.refusals import PlanMalformed

KEPT, BROKEN = 0, 1


def check_files(file: Path, plan: Path, console: Console, *, number: int) -> int:
    """Say whether the plan keeps every rule of the problem; the exit code."""
    errors = Console(stderr=True, highlight=False)
    try:
        problem = read_problem_file(file, number, errors)
        claimed = _read_plan(plan, errors)
    except Unreadable:
        return UNREADABLE
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


def _read_plan(plan: Path, errors: Console) -> ClaimedPlan:
    try:
        return plan_from_text(read_bytes(plan, errors))
    except PlanMalformed as fault:
        say_faults((fault,), plan, errors)
        raise Unreadable from None
