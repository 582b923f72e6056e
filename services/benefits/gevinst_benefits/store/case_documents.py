"""A version of a business case as it is stored: JSON in the shape in which it is answered."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from gevinst_benefits.domain.business_case import CaseFrame, PriceIndex
from gevinst_benefits.domain.case_difference import CaseDifference
from gevinst_benefits.domain.case_overview import CaseOverview
from gevinst_benefits.domain.case_results import CaseResult
from gevinst_benefits.domain.case_sensitivity import Tornado
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.discounting import DiscountRegime, RateBand

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Json = dict[str, Any]


def regime_json(regime: DiscountRegime) -> Json:
    found: Json = {
        "id": regime.id,
        "country": regime.country,
        "authority": regime.authority,
        "source": regime.source,
        "valid_from": regime.valid_from.isoformat(),
        "bands": [_band_json(band) for band in regime.bands],
    }
    if regime.valid_until is not None:
        found["valid_until"] = regime.valid_until.isoformat()
    if regime.tax_financing_rate is not None:
        found["tax_financing_rate"] = decimal_text(regime.tax_financing_rate)
    return found


def regime_from(stored: Mapping[str, Any]) -> DiscountRegime:
    until, rate = stored.get("valid_until"), stored.get("tax_financing_rate")
    return DiscountRegime(
        id=stored["id"],
        country=stored["country"],
        authority=stored["authority"],
        source=stored["source"],
        valid_from=date.fromisoformat(stored["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
        bands=tuple(
            RateBand(band["first_year"], band.get("last_year"), Decimal(band["rate_per_year"]))
            for band in stored["bands"]
        ),
        tax_financing_rate=None if rate is None else Decimal(rate),
    )


def index_json(index: PriceIndex | None) -> Json | None:
    if index is None:
        return None
    values = [{"year": year, "value": decimal_text(value)} for year, value in sorted(index.values.items())]
    return {"name": index.name, "source": index.source, "values": values}


def index_from(stored: Mapping[str, Any] | None) -> PriceIndex | None:
    if stored is None:
        return None
    values = {point["year"]: Decimal(point["value"]) for point in stored["values"]}
    return PriceIndex(stored["name"], stored["source"], values)


def frame_from(row: Mapping[str, Any], stored: Mapping[str, Any]) -> CaseFrame:
    """`row` is the scalar columns; `stored` the JSON ones, read."""
    return CaseFrame(
        base_year=row["base_year"],
        horizon_years=row["horizon_years"],
        price_year=row["price_year"],
        currency=row["currency"],
        regime=regime_from(stored["regime"]),
        index=index_from(stored["price_index"]),
    )


def results_json(result: CaseResult, seen: CaseOverview) -> Json:
    """`CaseResultOut`: what the case comes to, and what it says beside."""
    return {**result_json(result), **overview_json(seen)}


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


def overview_json(seen: CaseOverview) -> Json:
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
        "lines": [{**_figured(one), "reads": list(one.reads)} for one in seen.lines],
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


def _band_json(band: RateBand) -> Json:
    found: Json = {"first_year": band.first_year, "rate_per_year": decimal_text(band.rate_per_year)}
    return found if band.last_year is None else {**found, "last_year": band.last_year}
