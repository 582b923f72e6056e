"""What a sentence about a rule of a scenario's question names (P7): amounts and quarters, not periods."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.problem import Category, Number, Project
from gevinst_portfolio.domain.optimiser.result import Contradiction
from gevinst_portfolio.domain.scenario_problem import Question

Values = dict[str, str]


def rule_values(question: Question, rule: Contradiction) -> Values:
    """By the rule: `amount` (in the resource's measure, per cent, projects or money), or the quarters that
    a project's days leave: `earliest`, `latest` and `deadline`, the last quarter before it.
    """
    find = _FINDERS.get(rule.rule)
    return {} if find is None else find(question, rule)


def _capacity(question: Question, rule: Contradiction) -> Values:
    resource = next(one for one in question.problem.resources if one.id == rule.ids[0])
    assert rule.period is not None
    return {"amount": _plain(resource.capacity[rule.period])}


def _share(member: str) -> Callable[[Question, Contradiction], Values]:
    def find(question: Question, rule: Contradiction) -> Values:
        share: Number | None = getattr(_category(question, rule), member)
        return {"amount": _plain((share or 0) * 100)}

    return find


def _spend(question: Question, rule: Contradiction) -> Values:
    most = _category(question, rule).max_spend or 0
    return {"amount": f"{float(most) / 100:.2f}"}


def _starts(question: Question, rule: Contradiction) -> Values:
    assert rule.period is not None
    # What is under way has started already.
    begun = sum(project.fixed_start == rule.period for project in question.problem.projects)
    return {"amount": str(question.problem.max_starts[rule.period] - begun)}


def _days(question: Question, rule: Contradiction) -> Values:
    project = next(one for one in question.problem.projects if one.id == rule.ids[0])
    return {name: str(question.first.plus(period)) for name, period in _periods(project).items()}


def _periods(project: Project) -> dict[str, int]:
    found = {"earliest": project.earliest} if project.earliest else {}
    if project.latest_start is not None:
        found["latest"] = project.latest_start
    if project.deadline is not None:
        found["deadline"] = project.deadline - 1
    return found


def _category(question: Question, rule: Contradiction) -> Category:
    return next(one for one in question.problem.categories if one.id == rule.ids[0])


def _plain(amount: Number) -> str:
    return f"{float(Fraction(amount)):g}"


_FINDERS: Mapping[Rule, Callable[[Question, Contradiction], Values]] = {
    Rule.RESOURCE: _capacity,
    Rule.MIN_SHARE: _share("min_share"),
    Rule.MAX_SHARE: _share("max_share"),
    Rule.MAX_SPEND: _spend,
    Rule.MAX_STARTS: _starts,
    Rule.WINDOW: _days,
}
