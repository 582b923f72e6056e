"""Two plans side by side: who enters, who leaves, who moves, and what that does to money, load and value."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.capacity import Resource, Taker, loads
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    duration_in_quarters,
    first_quarter,
    need_profiles,
)
from gevinst_portfolio.domain.projects import Need, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Supply
from gevinst_portfolio.domain.scenario_candidates import ForcedBy
from gevinst_portfolio.domain.scenario_plan import first_quarters
from gevinst_portfolio.domain.storms import Placed, years_of_spending
from gevinst_shared.values.money import Money

Plan = Mapping[str, Any]
Document = dict[str, Any]
_NAMED = ("project_id", "project_name", "concept_id", "concept_name")


def plan_comparison(plan: Plan, other: Plan, *, are_values_alike: bool) -> Document:
    """`ComparisonOut` without what belongs to the scenarios: what changes from `plan` to `other`.

    A move is another start, or another concept (P9) where both plans name one. `quarters` of a move is
    positive when the project starts later in `other`. Differences are `other` less
    `plan`; values are compared only when both count them alike.
    """
    before, after = first_quarters(dict(plan)), first_quarters(dict(other))
    here = {one["project_id"]: one for one in plan["selected"]}
    there = {one["project_id"]: one for one in other["selected"]}
    stays = {
        key
        for key in after
        if before.get(key) == after[key] and not _switches(here[str(key)], there[str(key)])
    }
    found = {
        "enters": [_chosen(there[str(key)]) for key in after if key not in before],
        "leaves": [_chosen(here[str(key)]) for key in before if key not in after],
        "moves": [
            _move(here[str(key)], there[str(key)]) for key in after if key in before and key not in stays
        ],
        "stays_count": len(stays),
        "money": _money(plan, other),
        "load": _load(plan, other),
        "cost_difference": _difference(plan["total_cost"], other["total_cost"]),
        "benefit_difference": _difference(plan["total_benefit"], other["total_benefit"]),
    }
    if are_values_alike:
        found["values"] = _values(here, there)
        found["value_difference"] = round(float(other["value"]) - float(plan["value"]), 6)
    return found


def todays_plan(
    portfolio: Portfolio,
    projects: Sequence[ProjectFigures],
    supply: Supply,
    resources: Sequence[Resource],
    *,
    first: Quarter,
    quarters: int,
) -> Document:
    """What is decided today, on its registered days, with the members of `PlanOut` that are compared.

    Money is told for the calendar years of the quarters, load for the quarters.
    """
    last = first.plus(quarters - 1)
    decided = [one for one in projects if one.status in {ProjectStatus.APPROVED, ProjectStatus.RUNNING}]
    placed = [Placed(one, start) for one in decided if (start := first_quarter(one)) is not None]
    years = years_of_spending(supply.money, supply.roll_over, placed)
    current = [one for one in placed if not _is_over(one, first)]

    def money(minor: int) -> Document:
        return _wire(Money.from_minor(minor, portfolio.currency, portfolio.price_year))

    return {
        "selected": [_selected(one, first) for one in current],
        "money": [
            {"year": year.year, "kind": year.kind.value, "spent": money(year.load)}
            for year in years
            if first.year <= year.year <= last.year
        ],
        "load": [
            {
                "resource_id": str(resource.id),
                "resource_name": resource.name,
                "quarters": [
                    {"quarter": str(load.quarter), "used": load.taken}
                    for load in loads(resource, [_taker(one) for one in placed])
                    if first <= load.quarter <= last
                ],
            }
            for resource in resources
        ],
        "total_cost": money(sum(one.project.cost_minor or 0 for one in current)),
        "total_benefit": money(sum(one.project.benefit_minor or 0 for one in current)),
    }


def _is_over(one: Placed, first: Quarter) -> bool:
    assert one.start is not None
    return one.start.plus(duration_in_quarters(one.project) or 1) <= first


def _selected(one: Placed, first: Quarter) -> Document:
    assert one.start is not None
    # A plan tells what is under way from its own first quarter on.
    begins = max(one.start, Quarter.at(first.year, 1))
    reason = ForcedBy.UNDER_WAY if one.project.status is ProjectStatus.RUNNING else ForcedBy.DECISION
    return {
        "project_id": str(one.project.id),
        "project_name": one.project.name,
        "start": str(begins),
        "forced_by": reason.value,
    }


def _taker(one: Placed) -> Taker:
    start = None if one.start is None else one.start.first_day
    needs = tuple(Need(key, amounts) for key, amounts in need_profiles(one.project).items())
    return Taker(one.project.id, one.project.name, start, needs, one.project.status)


def _chosen(selected: Plan) -> Document:
    return _known(selected, (*_NAMED, "start", "forced_by"))


def _switches(here: Plan, there: Plan) -> bool:
    """Whether the project is carried out by another concept; what is decided has none to choose from."""
    concepts = here.get("concept_id"), there.get("concept_id")
    return None not in concepts and concepts[0] != concepts[1]


def _move(here: Plan, there: Plan) -> Document:
    other = _known(there, ("concept_id", "concept_name", "start"))
    return {
        **_known(here, (*_NAMED, "start")),
        **{f"{name}_in_other": value for name, value in other.items()},
        **_known(there, ("forced_by",)),
        "quarters": Quarter.read(there["start"]).index - Quarter.read(here["start"]).index,
    }


def _known(selected: Plan, members: Sequence[str]) -> Document:
    return {name: selected[name] for name in members if selected.get(name) is not None}


def _money(plan: Plan, other: Plan) -> list[Document]:
    before = {(one["year"], one["kind"]): one["spent"] for one in plan["money"]}
    after = {(one["year"], one["kind"]): one["spent"] for one in other["money"]}
    found = []
    for year, kind in sorted({*before, *after}):
        known: Document = before.get((year, kind)) or after[year, kind]
        nothing = {**known, "amount": "0.00"}
        spent = before.get((year, kind), nothing)
        in_other = after.get((year, kind), nothing)
        found.append(
            {
                "year": year,
                "kind": kind,
                "spent": spent,
                "spent_in_other": in_other,
                "difference": _difference(spent, in_other),
            }
        )
    return found


def _load(plan: Plan, other: Plan) -> list[Document]:
    """Every quarter in which one of the plans takes something of a resource."""
    before, after = _used(plan), _used(other)
    names = {one["resource_id"]: one["resource_name"] for one in [*plan["load"], *other["load"]]}
    return [
        {
            "resource_id": key,
            "resource_name": names[key],
            "quarter": quarter,
            "used": before.get((key, quarter), 0.0),
            "used_in_other": after.get((key, quarter), 0.0),
        }
        for key, quarter in sorted({*before, *after})
    ]


def _used(plan: Plan) -> dict[tuple[str, str], float]:
    return {
        (one["resource_id"], each["quarter"]): each["used"]
        for one in plan["load"]
        for each in one["quarters"]
        if each["used"]
    }


def _values(here: Mapping[str, Plan], there: Mapping[str, Plan]) -> list[Document]:
    found = []
    for key in sorted({*here, *there}):
        one = {"project_id": key, "project_name": (here.get(key) or there[key])["project_name"]}
        if key in here:
            one["value"] = here[key]["value"]
        if key in there:
            one["value_in_other"] = there[key]["value"]
        found.append(one)
    return found


def _difference(before: Document, after: Document) -> Document:
    amount = Decimal(after["amount"]) - Decimal(before["amount"])
    return {**before, "amount": f"{amount:.2f}"}


def _wire(money: Money) -> Document:
    return {"amount": f"{money.amount:.2f}", "currency": money.currency, "price_year": money.price_year}
