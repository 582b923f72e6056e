"""Two plans side by side: who enters, who leaves, who moves, and what that does to money and value."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_plan import first_quarters

Plan = Mapping[str, Any]


def plan_comparison(plan: Plan, other: Plan) -> dict[str, Any]:
    """`ComparisonOut` without what belongs to the scenarios: what changes from `plan` to `other`.

    `quarters` of a move is positive when the project starts later in `other`. Differences are `other` less
    `plan`; values are compared as they stand, and mean something only when both maximise the same.
    """
    before, after = first_quarters(dict(plan)), first_quarters(dict(other))
    names = {one["project_id"]: one["project_name"] for one in [*plan["selected"], *other["selected"]]}

    def project(key: object) -> dict[str, Any]:
        return {"project_id": str(key), "project_name": names[str(key)]}

    return {
        "enters": [project(key) | {"start": str(after[key])} for key in after if key not in before],
        "leaves": [project(key) | {"start": str(before[key])} for key in before if key not in after],
        "moves": [
            project(key) | _move(before[key], after[key])
            for key in after
            if key in before and before[key] != after[key]
        ],
        "stays_count": sum(before.get(key) == start for key, start in after.items()),
        "money": _money(plan, other),
        "cost_difference": _difference(plan["total_cost"], other["total_cost"]),
        "benefit_difference": _difference(plan["total_benefit"], other["total_benefit"]),
        "value_difference": round(float(other["value"]) - float(plan["value"]), 6),
    }


def _move(before: Quarter, after: Quarter) -> dict[str, Any]:
    return {"start": str(before), "start_in_other": str(after), "quarters": after.index - before.index}


def _money(plan: Plan, other: Plan) -> list[dict[str, Any]]:
    before = {(one["year"], one["kind"]): one["spent"] for one in plan["money"]}
    after = {(one["year"], one["kind"]): one["spent"] for one in other["money"]}
    found = []
    for year, kind in sorted(before.keys() | after.keys()):
        known = before.get((year, kind)) or after[year, kind]
        nothing = {**known, "amount": "0.00"}
        pair = before.get((year, kind), nothing), after.get((year, kind), nothing)
        found.append(
            {
                "year": year,
                "kind": kind,
                "spent": pair[0],
                "spent_in_other": pair[1],
                "difference": _difference(*pair),
            }
        )
    return found


def _difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {**after, "amount": f"{Decimal(after['amount']) - Decimal(before['amount']):.2f}"}
