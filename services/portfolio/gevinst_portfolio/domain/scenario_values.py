"""What each project's value in a scenario came from (E2): score version, case version, formula and ranges."""

from collections.abc import Mapping, Sequence
from typing import Any

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.scenario_worth import (
    POINTS,
    Valuation,
    ValueChoice,
    Valued,
    ValuedPart,
    ValuePart,
    ValueRule,
    valuation,
)

Document = dict[str, Any]


def values_document(
    projects: Sequence[ProjectFigures], rule: ValueRule, *, currency: str, price_year: int
) -> Document:
    """`ValuesOut` without what belongs to the scenario, as JSON."""
    found = valuation(projects, rule)
    is_money = rule.choice in {ValueChoice.NET_BENEFIT, ValueChoice.NET_PRESENT_VALUE}
    document = {
        "value": rule.choice.value,
        "percentile": rule.percentile if rule.counts_case else None,
        "unit": "money" if is_money else "points",
        "currency": currency,
        "price_year": price_year,
        "formula": _formula(found),
        "parts": [
            _present({"part": part.value, "weight": float(weight), "range": _text(found.ranges.get(part))})
            for part, weight in rule.weights.items()
        ],
        "projects": [_project(one, found.projects[one.id], rule) for one in projects],
    }
    return _present(document)


def _formula(found: Valuation) -> str:
    terms = [
        f"{float(weight):.3g} x {part.value}" + (f" / {found.ranges[part]}" if part in found.ranges else "")
        for part, weight in found.rule.weights.items()
    ]
    match found.rule.choice:
        case ValueChoice.SCORE:
            return f"{POINTS} x score"
        case ValueChoice.NET_BENEFIT | ValueChoice.NET_PRESENT_VALUE as choice:
            return choice.value
        case ValueChoice.MIX:
            return f"{POINTS} x ({' + '.join(terms)})"


def _project(project: ProjectFigures, valued: Valued, rule: ValueRule) -> Document:
    return _present(
        {
            "project_id": str(project.id),
            "project_name": project.name,
            "worth": valued.worth,
            "unknown": None if valued.unknown is None else valued.unknown.value,
            "parts": [_part(project, one, rule) for one in valued.parts],
        }
    )


def _part(project: ProjectFigures, one: ValuedPart, rule: ValueRule) -> Document:
    found: Document = {
        "part": one.part.value,
        "weight": one.weight,
        "amount": _text(one.amount),
        "normalised": one.normalised,
        "unknown": None if one.unknown is None else one.unknown.value,
    }
    match one.part:
        case ValuePart.SCORE:
            found |= {
                "model_version": project.score_version,
                "score_ids": [str(key) for key in project.scored_by],
            }
        case ValuePart.NET_PRESENT_VALUE if project.case is not None:
            found |= {
                "business_case_id": str(project.case.business_case_id),
                "case_number": project.case.number,
                "case_currency": project.case.currency,
                "case_price_year": project.case.price_year,
                "regime": project.case.regime,
                "percentile": rule.percentile,
                "evaluated_at": project.case.evaluated_at.isoformat(),
            }
        case _:
            pass
    return _present(found)


def _text(amount: object) -> str | None:
    return None if amount is None else str(amount)


def _present(members: Mapping[str, Any]) -> Document:
    return {name: value for name, value in members.items() if value is not None}
