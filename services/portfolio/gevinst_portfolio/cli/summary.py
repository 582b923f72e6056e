"""The answer in a few lines for a person."""

from rich.console import Console

from gevinst_portfolio.cli.reading import say
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Problem, amount_text
from gevinst_portfolio.domain.optimiser.result import Solution, Status

ENDINGS = {
    Ending.PROVED: "proved",
    Ending.EXHAUSTED: "the search found nothing better any more",
    Ending.WORK: "the work limit was met",
    Ending.TIME: "the time was up",
    Ending.CANCELLED: "interrupted",
}


def show_answer(problem: Problem, solution: Solution, console: Console) -> None:
    """What was found and how good it is; on a terminal also who starts when."""
    match solution.status:
        case Status.OPTIMAL | Status.GAP:
            _show_plan(problem, solution, console)
        case Status.INFEASIBLE:
            say(console, "No plan keeps all rules. These contradict each other:")
            for rule in solution.contradictions:
                say(console, f"- {rule.text}")
            if not solution.is_minimal:
                say(console, "(Not all of them may be needed for that: the limit came before it was known.)")
        case Status.UNKNOWN:
            say(console, f"No plan was found: {ENDINGS[solution.ended_by]}.")


def _show_plan(problem: Problem, solution: Solution, console: Console) -> None:
    assert solution.value is not None
    quality = "the best there is"
    if solution.status is Status.GAP and solution.bound is not None and solution.gap is not None:
        quality = f"at most {amount_text(solution.bound)} is possible, gap {100 * solution.gap:.2f} %"
    plan = solution.plan
    say(
        console,
        f"Value {amount_text(solution.value)}: {quality}. {len(plan)} of {len(solution.starts)} chosen, "
        f"{ENDINGS[solution.ended_by]}, work {solution.work}.",
    )
    for reached in solution.second_goals:
        least = ", the least there is" if reached.is_least else ""
        say(
            console,
            f"{reached.goal}: {float(reached.before):.6g} before, {float(reached.after):.6g} after{least}.",
        )
    if console.stderr:
        return
    names = {project.id: project.name for project in problem.projects}
    for name, start in sorted(plan.items(), key=lambda item: (item[1], item[0])):
        label = name if names[name] == name else f"{name}  {names[name]}"
        say(console, f"  period {start:3}  {label}")
