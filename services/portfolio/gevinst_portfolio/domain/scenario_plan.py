"""The optimiser's answer in the words of the register: who starts when, and why the others do not (P7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.optimiser.check import budget_left
from gevinst_portfolio.domain.optimiser.problem import Number, Profile, Project, Resource
from gevinst_portfolio.domain.optimiser.result import Alone, Binding, Contradiction, LeftOut, Solution
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_contradiction import rule_values
from gevinst_portfolio.domain.scenario_problem import Question
from gevinst_shared.values.money import Money

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlanReport:
    """Writes one solution as `PlanOut`, as JSON. Money is in the portfolio's currency and price year."""

    question: Question
    solution: Solution
    projects: Mapping[str, ProjectFigures]
    currency: str
    price_year: int

    @classmethod
    def of(
        cls,
        question: Question,
        solution: Solution,
        projects: Sequence[ProjectFigures],
        *,
        currency: str,
        price_year: int,
    ) -> "PlanReport":
        by_id = {str(project.id): project for project in projects}
        return cls(question, solution, by_id, currency, price_year)

    def summary(self) -> Document:
        """`PlanSummaryOut`."""
        solution = self.solution
        found = {
            "status": solution.status.value,
            "ended_by": solution.ended_by.value,
            "value": _plain(solution.value),
            "bound": _plain(solution.bound),
            "gap": solution.gap,
            "work": solution.work,
            "selected_count": len(solution.plan),
            "left_out_count": len(self._unchosen()),
            "not_considered_count": len(self.question.omitted),
        }
        return _without_absent(found)

    def document(self) -> Document:
        """`PlanOut` without what belongs to the scenario."""
        cost, benefit = self._whole(lambda one: one.cost_minor), self._whole(lambda one: one.benefit_minor)
        return {
            **self.summary(),
            "selected": [self._selected(project) for project in self._chosen()],
            "left_out": [self._left_out(reason) for reason in self._unchosen()],
            "not_considered": [
                {"project_id": str(key), "project_name": self._name(str(key)), "reason": reason.value}
                for key, reason in self.question.omitted.items()
            ],
            "binding": [self._binding(limit) for limit in self.solution.binding],
            "contradictions": [self._contradiction(one) for one in self.solution.contradictions],
            "second_goals": [
                {
                    "goal": one.goal.value,
                    "before": float(one.before),
                    "after": float(one.after),
                    "is_least": one.is_least,
                }
                for one in self.solution.second_goals
            ],
            "money": list(self._money_per_year()),
            "load": list(self._load_per_quarter()),
            "total_cost": cost,
            "total_benefit": benefit,
        }

    def _unchosen(self) -> list[LeftOut]:
        """One for each project; of several concepts that are all left out, the least blocked one (P9)."""
        found: dict[str, LeftOut] = {}
        chosen = {self._project_id(key) for key in self.solution.plan}
        for reason in self.solution.left_out:
            name = self._project_id(reason.project)
            if name not in chosen and (name not in found or _is_closer(reason, found[name])):
                found[name] = reason
        return list(found.values())

    def _project_id(self, key: str) -> str:
        return str(self.question.options[key].figures.id)

    def _chosen(self) -> list[Project]:
        plan = self.solution.plan
        chosen = [project for project in self.question.problem.projects if project.id in plan]
        return sorted(chosen, key=lambda project: (plan[project.id], project.id))

    def _selected(self, project: Project) -> Document:
        start = self.solution.plan[project.id]
        option = self.question.options[project.id]
        known = option.figures
        begins = self.question.first.plus(start)
        ends = begins.plus(project.duration - 1)
        found = {
            "project_id": str(known.id),
            "project_name": self._name(str(known.id)),
            **option.concept_members(),
            "start": str(begins),
            "end": str(ends),
            "starts_on": begins.first_day.isoformat(),
            "ends_on": ends.last_day.isoformat(),
            "is_forced": project.is_forced,
            "is_under_way": project.fixed_start is not None,
            "forced_by": self.question.forced_by.get(project.id),
            "value": _plain(project.value_by_start[start]),
            "cost": None if known.cost_minor is None else self._money(known.cost_minor),
            "benefit": None if known.benefit_minor is None else self._money(known.benefit_minor),
        }
        return _without_absent(found)

    def _left_out(self, reason: LeftOut) -> Document:
        obstacles = [
            {
                "rule": one.rule.value,
                "names": [self._name(name) for name in one.ids],
                **self._quarter(one.period),
                **self._amount("lacking", one.rule, one.lacking),
            }
            for one in reason.obstacles
        ]
        found = {
            "project_id": self._project_id(reason.project),
            "project_name": self._name(self._project_id(reason.project)),
            **self.question.options[reason.project].concept_members(),
            "least_blocked_start": None
            if reason.start is None
            else str(self.question.first.plus(reason.start)),
            "obstacles": obstacles,
        }
        return _without_absent(found)

    def _binding(self, limit: Binding) -> Document:
        return {
            "rule": limit.rule.value,
            "names": [self._name(name) for name in limit.ids],
            **self._quarter(limit.period),
            **({} if limit.left is None else self._amount("left", limit.rule, limit.left)),
            "price": round(limit.price, 6),
        }

    def _contradiction(self, one: Contradiction) -> Document:
        """`ContradictionOut` but for its text: everything that a sentence about it needs, in any language."""
        return {
            "rule": one.rule.value,
            "names": [self._name(key) for key in one.ids],
            **self._quarter(one.period),
            "values": rule_values(self.question, one),
            **({} if one.alone is None else self._alone(one.alone)),
        }

    def _alone(self, alone: Alone) -> Document:
        """Where a forced project lacks least even by itself, and what."""
        lacking = [
            {
                "rule": more.rule.value,
                "names": [self._name(more.id)],
                **self._quarter(more.period),
                **self._amount("lacking", more.rule, more.amount),
            }
            for more in alone.lacking
        ]
        return {"start_alone": str(self.question.first.plus(alone.start)), "lacking_alone": lacking}

    def _money_per_year(self) -> Iterable[Document]:
        problem = self.question.problem
        spent = {name for project in self._chosen() for name in project.cost}
        kinds = sorted(spent | self.question.limited)
        budgets = {budget.id: budget for budget in problem.budgets if budget.id in self.question.limited}
        for kind in kinds:
            spending = self._piled((project.cost.get(kind, ()), project) for project in self._chosen())
            budget = budgets.get(kind)
            left = None if budget is None else budget_left(budget, list(spending))
            for period in range(0, problem.periods, 4):
                last = min(period + 4, problem.periods)
                found = {
                    "year": self.question.first.plus(period).year,
                    "kind": kind,
                    "spent": self._money(int(sum(spending[period:last]))),
                    "available": None if budget is None else self._money(int(budget.inflow[period])),
                    "left": None if left is None else self._money(int(left[last - 1])),
                }
                yield _without_absent(found)

    def _load_per_quarter(self) -> Iterable[Document]:
        for resource in self.question.problem.resources:
            used = self._piled((project.demand.get(resource.id, ()), project) for project in self._chosen())
            yield {
                "resource_id": resource.id,
                "resource_name": resource.name,
                "kind": resource.kind,
                "quarters": list(self._quarters_of(resource, used)),
            }

    def _quarters_of(self, resource: Resource, used: Sequence[Number]) -> Iterable[Document]:
        for period, (load, capacity) in enumerate(zip(used, resource.capacity, strict=True)):
            yield {
                "quarter": str(self.question.first.plus(period)),
                "used": float(load),
                "capacity": float(capacity),
            }

    def _piled(self, profiles: Iterable[tuple[Profile, Project]]) -> list[Number]:
        piled: list[Number] = [0] * self.question.problem.periods
        for profile, project in profiles:
            for period, amount in enumerate(profile, self.solution.plan[project.id]):
                if period < len(piled):
                    piled[period] += amount
        return piled

    def _whole(self, amount_of: Any) -> Document:  # noqa: ANN401 - a getter
        amounts = [amount_of(self.question.options[project.id].figures) for project in self._chosen()]
        return self._money(sum(amount for amount in amounts if amount is not None))

    def _name(self, key: str) -> str:
        if key in self.projects:
            return self.projects[key].name
        if key in self.question.options:
            return self.question.options[key].figures.name
        names = {resource.id: resource.name for resource in self.question.problem.resources}
        return names.get(key, key)

    def _quarter(self, period: int | None) -> Document:
        return {} if period is None else {"quarter": str(self.question.first.plus(period))}

    def _amount(self, member: str, rule: str, amount: Number) -> Document:
        """Money as money, everything else as a number."""
        if rule == "budget":
            return {f"{member}_money": self._money(int(amount))}
        return {member: float(amount)} if amount else {}

    def _money(self, minor: int) -> Document:
        money = Money.from_minor(minor, self.currency, self.price_year)
        return {"amount": f"{money.amount:.2f}", "currency": money.currency, "price_year": money.price_year}


def _is_closer(one: LeftOut, other: LeftOut) -> bool:
    """Whether less stands in the way of `one`; what has no start at all is furthest away."""
    return (one.start is None, len(one.obstacles)) < (other.start is None, len(other.obstacles))


def chosen_concepts(plan: Document) -> dict[UUID, UUID]:
    """The concept that a stored plan has chosen, of each project that it chose one of."""
    selected = (one for one in plan["selected"] if "concept_id" in one)
    return {UUID(one["project_id"]): UUID(one["concept_id"]) for one in selected}


def first_quarters(plan: Document) -> dict[UUID, Quarter]:
    """The start of each project that a stored plan has chosen."""
    return {UUID(one["project_id"]): Quarter.read(one["start"]) for one in plan["selected"]}


def _plain(number: Number | None) -> float | None:
    return None if number is None else float(number)


def _without_absent(found: Document) -> Document:
    return {name: value for name, value in found.items() if value is not None}
