"""What a case comes to and how two differ, in the shape in which it is stored and answered."""

from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gevinst_benefits.domain.case.appraisal import Appraisal
from gevinst_benefits.domain.case.business_case import CaseFrame
from gevinst_benefits.domain.case.case_difference import CaseDifference
from gevinst_benefits.domain.case.case_overview import CaseOverview
from gevinst_benefits.domain.case.case_results import CaseResult
from gevinst_benefits.domain.case.case_sensitivity import Tornado
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.simulation.case_simulation import SimulatedCase

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, Any]


def results_json(result: CaseResult, seen: CaseOverview) -> Json:
    """`CaseResultOut`: what the case comes to, and what it says beside."""
    return {**result_json(result), **overview_json(seen, result.years[0])}


def result_json(result: CaseResult) -> Json:
    found: Json = {
        "years": list(result.years),
        **{name: _figures(getattr(result, name)) for name in _SERIES},
        **{name: f"{getattr(result, name):.2f}" for name in _FIGURES},
        "units": [
            {
                "unit_id": str(unit.unit_id),
                "costs": _figures(unit.costs),
                "benefits": _figures(unit.benefits),
                "net_present_value": f"{unit.net_present_value:.2f}",
            }
            for unit in result.units
        ],
    }
    if result.benefit_cost_ratio is not None:
        found["benefit_cost_ratio"] = f"{result.benefit_cost_ratio:.2f}"
    if result.payback_year is not None:
        found["payback_year"] = result.payback_year
    return found


def overview_json(seen: CaseOverview, base_year: int) -> Json:
    found: Json = {
        "alternatives": [_figured(one) for one in seen.alternatives],
        "freed_time": [
            {"unit_of_measure": one.unit_of_measure, "amounts": _figures(one.amounts)}
            for one in seen.freed_time
        ],
        "quality": [
            {"line_id": str(line_id), "unit_of_measure": unit, "amounts": _figures(amounts)}
            for line_id, unit, amounts in seen.quality
        ],
        "lines": [
            {
                **_figured(one, "switching_factor"),
                **_ratios(one, "switching_factor"),
                "reads": list(one.reads),
            }
            for one in seen.lines
        ],
        "appraisal": _appraisal_json(seen.appraisal, base_year),
    }
    if seen.cover is not None:
        found["cover"] = {
            "need": _figures(seen.cover.need),
            "sources": [
                {"name": one.name, "kind": one.kind.value, "amounts": _figures(one.amounts)}
                for one in seen.cover.sources
            ],
            "gap": _figures(seen.cover.gap),
            "is_covered": seen.cover.is_covered,
        }
    return found


def difference_json(found: CaseDifference) -> Json:
    figures = ("npv_before", "npv_after", "effect_on_npv", "frame_effect")
    return {
        "before_number": found.before_number,
        "after_number": found.after_number,
        **{name: f"{getattr(found, name):.2f}" for name in figures},
        "parts": [_figured(part) for part in found.parts],
        "assumptions": [
            {
                **_figured(one, "lines", "members"),
                "lines": [_figured(line) for line in one.lines],
                "members": _wire_names(one.members),
            }
            for one in found.assumptions
        ],
        "lines": [
            {**_figured(line, "members"), "members": _wire_names(line.members)} for line in found.lines
        ],
    }


def sensitivity_json(case_id: UUID, frame: CaseFrame, found: Tornado) -> Json:
    """`SensitivityOut`."""
    return {
        "business_case_id": str(case_id),
        "currency": frame.currency,
        "price_year": frame.price_year,
        "net_present_value": f"{found.net_present_value:.2f}",
        "assumptions": [
            {
                **_figured(one, "low", "high"),
                "low": decimal_text(one.low),
                "high": decimal_text(one.high),
                **({} if one.swing is None else {"swing": f"{one.swing:.2f}"}),
                "line_ids": [str(line_id) for line_id in one.line_ids],
            }
            for one in found.assumptions
        ],
        "factors": [
            {
                **_figured(one),
                **({} if one.swing is None else {"swing": f"{one.swing:.2f}"}),
                "assumptions": list(one.assumptions),
                "line_ids": [str(line_id) for line_id in one.line_ids],
            }
            for one in found.factors
        ],
    }


def simulation_json(case_id: UUID, frame: CaseFrame, found: SimulatedCase) -> Json:
    """`SimulationOut`."""
    return {
        "business_case_id": str(case_id),
        "currency": frame.currency,
        "price_year": frame.price_year,
        "seed": found.seed,
        "draws": found.draws,
        **drawn_json(found),
    }


def drawn_json(found: SimulatedCase) -> Json:
    """What was found in the draws."""
    above = found.probability_above_zero
    return {
        "computed": found.computed,
        "standard_deviation": f"{found.standard_deviation:.2f}",
        **{name: _figured(getattr(found, name)) for name in ("mean", "p10", "p50", "p90")},
        "probability_above_zero": {
            "value": decimal_text(above.value),
            "standard_error": decimal_text(above.standard_error),
        },
    }


# What the wire calls the members of lines and assumptions, where it is another name.
_MEMBERS = {
    "formulas": "amounts",
    "pattern": "amounts",
    "ramp": "amounts",
    "years": "amounts",
    "measure": "unit",
    "delays": "start_delays",
}
_SERIES = ("costs", "benefits", "net", "accumulated", "tax_financing")
_FIGURES = (
    "present_cost",
    "present_benefit",
    "net_present_value",
    "present_tax_financing",
    "net_present_value_after_tax_financing",
)


def _figures(amounts: Iterable[Decimal]) -> list[str]:
    return [f"{amount:.2f}" for amount in amounts]


def _figured(one: "DataclassInstance", *without: str) -> Json:
    """The members of a dataclass as they are answered: amounts in hundredths, absent rather than null."""
    members = {field.name: getattr(one, field.name) for field in fields(one)}
    return {
        name: _plain(value)
        for name, value in members.items()
        if value is not None and not isinstance(value, tuple) and name not in without
    }


def _ratios(one: object, *names: str) -> Json:
    found = {name: getattr(one, name) for name in names}
    return {name: decimal_text(value) for name, value in found.items() if value is not None}


def _appraisal_json(found: Appraisal, base_year: int) -> Json:
    rate = found.internal_rate_of_return
    members = _ratios(found, "net_present_value_per_invested", "nnk_i", "nnk_idu")
    for name, payback in (("payback", found.payback), ("discounted_payback", found.discounted_payback)):
        if payback is not None:
            members[name] = {"year": base_year + payback.year, "years": decimal_text(payback.years)}
    if rate.rate_per_year is not None:
        members["internal_rate_of_return"] = decimal_text(rate.rate_per_year)
    if rate.reason is not None:
        members["no_rate"] = rate.reason.value
    if found.equivalent_annual_value is not None:
        members["equivalent_annual_value"] = f"{found.equivalent_annual_value:.2f}"
    return members


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return f"{value:.2f}"
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case _:
            return value


def _wire_names(members: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(_MEMBERS.get(member, member) for member in members))
