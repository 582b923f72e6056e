"""Ids and periods of a scenario's question in the words of the register: names, quarters and money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gevinst_portfolio.domain.optimiser.problem import Number, Plan
from gevinst_portfolio.domain.scenario_problem import Question
from gevinst_shared.values.money import Money

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RegisterWords:
    """`names` of projects and resources by id; money in one currency and price year."""

    question: Question
    names: Mapping[str, str]
    currency: str
    price_year: int

    def name(self, key: str) -> str:
        return self.names.get(key, key)

    def project(self, key: str) -> Document:
        """`NamedProjectOut`."""
        option = self.question.options.get(key)
        if option is None:
            return {"project_id": key, "project_name": self.name(key)}
        project_id = str(option.figures.id)
        return {"project_id": project_id, "project_name": self.name(project_id), **option.concept_members()}

    def projects(self, keys: Iterable[str]) -> list[Document]:
        return [self.project(key) for key in keys]

    def chosen(self, plan: Plan) -> list[Document]:
        """`ChosenOut` of each project of a plan, by start."""
        ordered = sorted(plan.items(), key=lambda one: (one[1], one[0]))
        return [{**self.project(key), "start": self.quarter(start)} for key, start in ordered]

    def quarter(self, period: int) -> str:
        return str(self.question.first.plus(period))

    def year(self, period: int) -> int:
        return self.question.first.plus(period).year

    def money(self, minor: Number) -> Document:
        money = Money.from_minor(int(minor), self.currency, self.price_year)
        return {"amount": f"{money.amount:.2f}", "currency": money.currency, "price_year": money.price_year}


def plain(number: Number | None) -> float | None:
    """As JSON writes it."""
    return None if number is None else float(number)


def present(**members: Any) -> Document:
    """The members that have a value: missing is absent."""
    return {name: value for name, value in members.items() if value is not None}
