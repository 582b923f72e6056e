"""The optimiser's answer as a `gevinst-answer/1` document, and reading a plan from one."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gevinst_portfolio.domain.optimiser.document import DocumentPart, Faults, decoded
from gevinst_portfolio.domain.optimiser.problem import Number, Problem, amount_text
from gevinst_portfolio.domain.optimiser.result import Binding, Contradiction, GoalReached, LeftOut, Solution
from gevinst_portfolio.domain.optimiser.room import Obstacle

FORMAT = "gevinst-answer/1"
Document = dict[str, Any]
# An exact decimal number on its way through a writer that knows only floats.
_MARK = "exact number "
_MARKED = re.compile(f'"{_MARK}([-0-9.]+)"')


@dataclass(frozen=True, slots=True)
class ClaimedPlan:
    """The plan in a file, and what the file says of its worth and status, when it does."""

    starts: Mapping[str, int]
    value: Number | None
    status: str | None


def answer_text(problem: Problem, solution: Solution, *, seed: int, work_limit: int) -> str:
    """The answer as JSON, the same for the same answer: it has no time of day and no duration in it.

    Amounts are exact. Members without a value are absent, and a project that is left out has no start: null.
    """
    document = {
        "schema": FORMAT,
        "problem": problem.name,
        "status": solution.status.value,
        "ended_by": solution.ended_by.value,
        "value": _number(solution.value),
        "bound": _number(solution.bound),
        "gap": solution.gap,
        "work": solution.work,
        "work_limit": work_limit,
        "seed": seed,
        "starts": dict(solution.starts),
        "concepts": dict(solution.concepts),
        "second_goals": [_goal(reached) for reached in solution.second_goals],
        "left_out": [_left_out(reason) for reason in solution.left_out],
        "binding": [_binding(limit) for limit in solution.binding],
        "contradictions": [_contradiction(rule) for rule in solution.contradictions],
        "is_minimal": solution.is_minimal if solution.contradictions else None,
    }
    text = json.dumps(_present(document), indent=1, ensure_ascii=False)
    return _MARKED.sub(r"\1", text) + "\n"


def plan_from_text(text: str | bytes) -> ClaimedPlan:
    """The plan in an answer, or in a plain object of starts by project.

    Raises `PlanMalformed`.
    """
    faults = Faults()
    document = decoded(text)
    part = DocumentPart(document, (), faults)
    value = status = None
    if isinstance(document, dict) and isinstance(document.get("schema"), str):
        if part.text("schema") != FORMAT:
            part.refuse("schema", wanted=FORMAT)
        value, status = part.find_number("value"), part.find_text("status")
        part = part.part("starts")
    starts = part.wholes()
    for fault in faults.found:
        raise fault
    return ClaimedPlan(starts, value, status)


def claim_faults(claimed: ClaimedPlan, value: Number) -> Iterable[str]:
    """What the file says of its plan's value that is not so."""
    if claimed.value is not None and claimed.value != value:
        yield f"the file claims a value of {amount_text(claimed.value)}, and it is {amount_text(value)}"


def _goal(reached: GoalReached) -> Document:
    # A sum of shares has no end of decimals: 12 significant digits say enough.
    before, after = float(f"{float(reached.before):.12g}"), float(f"{float(reached.after):.12g}")
    return {"goal": reached.goal.value, "before": before, "after": after, "is_least": reached.is_least}


def _left_out(reason: LeftOut) -> Document:
    return _present(
        {
            "project": reason.project,
            "start": reason.start,
            "obstacles": [_obstacle(obstacle) for obstacle in reason.obstacles],
        }
    )


def _obstacle(obstacle: Obstacle) -> Document:
    return _present(
        {
            "rule": obstacle.rule.value,
            "ids": list(obstacle.ids),
            "period": obstacle.period,
            "lacking": _number(obstacle.lacking) if obstacle.lacking else None,
        }
    )


def _binding(limit: Binding) -> Document:
    return _present(
        {
            "rule": limit.rule.value,
            "ids": list(limit.ids),
            "period": limit.period,
            "left": _number(limit.left),
            "price": float(f"{limit.price:.9g}"),
        }
    )


def _contradiction(rule: Contradiction) -> Document:
    return _present(
        {"rule": rule.rule.value, "ids": list(rule.ids), "period": rule.period, "text": rule.text}
    )


def _number(amount: Number | None) -> int | str | None:
    if amount is None or isinstance(amount, int):
        return amount
    exact = Fraction(amount)
    return exact.numerator if exact.denominator == 1 else _MARK + amount_text(exact)


def _present(members: Document) -> Document:
    return {name: value for name, value in members.items() if value is not None}
