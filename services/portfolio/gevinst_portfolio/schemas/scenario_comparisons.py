"""Scenarios told and compared, on the wire."""

from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.scenario_candidates import ForcedBy
from gevinst_portfolio.domain.scenario_differences import Supposed
from gevinst_portfolio.domain.scenario_inputs import Figure, InputChange
from gevinst_portfolio.schemas.plans import MOST_PROJECTS, NamedProjectOut, Quantity
from gevinst_portfolio.schemas.runs import PlanValue
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_portfolio.usecases.comparing_scenarios import Compared
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import Id, Maybe, MoneyOut, Name, Out, Year

Say = Callable[..., str]
Sentence = Annotated[str, Field(max_length=20_000, description="In the language that you asked for.")]


class SupposedOut(Out):
    """One thing that a scenario supposes."""

    change: str = Field(max_length=60, examples=["changed-budget"])
    text: Sentence
    ids: list[Id] = Field(
        max_length=100, description="The projects, concepts and resources that it is about."
    )


class SupposedPageOut(Out):
    """Everything that a scenario supposes, as changes over the portfolio."""

    scenario_id: Id
    items: list[SupposedOut] = Field(max_length=10_000)


class ChangedInputOut(Out):
    """Something that a plan was made from, and that is different now."""

    change: InputChange
    text: Sentence
    project_id: Maybe[Id] = None
    project_name: Maybe[Name] = None
    figures: Maybe[list[Figure]] = Field(None, max_length=10, description="What of the project changed.")
    resource_id: Maybe[Id] = None
    resource_name: Maybe[Name] = None
    quarter: Maybe[QuarterText] = None
    amount_before: Maybe[Quantity] = None
    amount_now: Maybe[Quantity] = None
    year: Maybe[Year] = None
    kind: Maybe[CostKind] = None
    money_before: Maybe[MoneyOut] = None
    money_now: Maybe[MoneyOut] = None


class ChangedInputsOut(Out):
    """What has changed since a scenario's plan was made; empty when the plan is up to date."""

    scenario_id: Id
    items: list[ChangedInputOut] = Field(max_length=MOST_PROJECTS)


class ChosenOut(NamedProjectOut):
    """A project that only one of two plans has chosen."""

    start: QuarterText
    forced_by: Maybe[ForcedBy] = Field(None, description="Why it is in there, whatever it is worth.")


class MovedOut(NamedProjectOut):
    """A project that both plans have chosen, at different times or by different concepts."""

    concept_id_in_other: Maybe[Id] = Field(None, description="P9: which concept the other plan has chosen.")
    concept_name_in_other: Maybe[Name] = None
    start: QuarterText
    start_in_other: QuarterText
    quarters: int = Field(ge=-400, le=400, description="Later in the other plan when positive.")
    forced_by: Maybe[ForcedBy] = Field(None, description="Why it is in the other plan.")


class MoneyComparedOut(Out):
    """What two plans spend in a year."""

    year: Year
    kind: CostKind
    spent: MoneyOut
    spent_in_other: MoneyOut
    difference: MoneyOut


class LoadComparedOut(Out):
    """What two plans take of a shared resource in a quarter."""

    resource_id: Id
    resource_name: Name
    quarter: QuarterText
    used: Quantity
    used_in_other: Quantity


class ValueComparedOut(Out):
    """What a project is worth to two plans; absent where it is not chosen."""

    project_id: Id
    project_name: Name
    value: Maybe[PlanValue] = None
    value_in_other: Maybe[PlanValue] = None


class ComparisonOut(Out):
    """What changes from this scenario's plan to the other's. Differences are the other less this."""

    scenario_id: Id
    other_id: Maybe[Id] = Field(None, description="Absent when the other is what is decided today.")
    enters: list[ChosenOut] = Field(max_length=MOST_PROJECTS)
    leaves: list[ChosenOut] = Field(max_length=MOST_PROJECTS)
    moves: list[MovedOut] = Field(max_length=MOST_PROJECTS)
    stays_count: int = Field(ge=0, le=MOST_PROJECTS)
    money: list[MoneyComparedOut] = Field(max_length=1000)
    load: list[LoadComparedOut] = Field(max_length=MOST_PROJECTS)
    values: Maybe[list[ValueComparedOut]] = Field(
        None,
        max_length=MOST_PROJECTS,
        description="Absent, as `value_difference`, when the two do not count the same over the same time.",
    )
    cost_difference: MoneyOut
    benefit_difference: MoneyOut
    value_difference: Maybe[PlanValue] = None
    only_here: list[SupposedOut] = Field(max_length=10_000, description="What only this scenario supposes.")
    only_in_other: list[SupposedOut] = Field(max_length=10_000)


def supposed_members(found: Iterable[Supposed], currency: str, say: Say) -> list[dict[str, Any]]:
    """The members of `SupposedOut`, each told in the reader's language."""
    return [
        {
            "change": one.code,
            "text": say(one.code, **_told(dict(one.values), currency, say)),
            "ids": list(one.ids),
        }
        for one in found
    ]


def comparison_members(compared: Compared, say: Say) -> dict[str, Any]:
    """The members of `ComparisonOut`."""
    currency = compared.portfolio.currency
    return {
        **compared.members,
        "only_here": supposed_members(compared.only_here, currency, say),
        "only_in_other": supposed_members(compared.only_in_other, currency, say),
    }


def changed_input_members(
    change: dict[str, Any], money_of: Callable[[int], Money], say: Say
) -> dict[str, Any]:
    """The members of `ChangedInputOut`."""
    found = {name: value for name, value in change.items() if not name.startswith("minor_")}
    for side in ("before", "now"):
        if f"minor_{side}" in change:
            found[f"money_{side}"] = money_of(change[f"minor_{side}"])
    return found | {"text": say(f"input-{change['change']}", **_words(change, say))}


def _words(change: dict[str, Any], say: Say) -> dict[str, str]:
    return {
        "name": change.get("project_name") or change.get("resource_name", ""),
        "figures": ", ".join(say(f"figure-{name}") for name in change.get("figures", ())),
        "quarter": change.get("quarter", ""),
        "year": str(change.get("year", "")),
        "kind": say(f"kind-{change['kind']}") if "kind" in change else "",
    }


def _told(values: dict[str, str], currency: str, say: Say) -> dict[str, str]:
    if "kind" in values:
        values["kind"] = say(f"kind-{values['kind']}")
    return values | {"currency": currency}
