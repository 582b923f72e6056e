"""A version of a business case as it is stored: JSON in the shape in which it is answered."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.business_case import (
    BusinessCase,
    CaseFrame,
    CaseLine,
    PriceIndex,
    Recurring,
    Side,
    Yearly,
)
from gevinst_benefits.domain.case_difference import CaseDifference
from gevinst_benefits.domain.case_results import CaseResult
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.discounting import DiscountRegime, RateBand

Json = dict[str, Any]


def line_json(line: CaseLine) -> Json:
    return {
        "id": str(line.id),
        "name": line.name,
        "side": line.side.value,
        "kind": line.kind,
        "unit_id": str(line.unit_id),
        "first_year": line.first_year,
        "price_year": line.price_year,
        "amounts": _amounts_json(line.amounts),
        "is_public_money": line.is_public_money,
    }


def line_from(stored: Mapping[str, Any]) -> CaseLine:
    return CaseLine(
        id=UUID(stored["id"]),
        name=stored["name"],
        side=Side(stored["side"]),
        kind=stored["kind"],
        unit_id=UUID(stored["unit_id"]),
        first_year=stored["first_year"],
        price_year=stored["price_year"],
        amounts=_amounts_from(stored["amounts"]),
        is_public_money=stored["is_public_money"],
    )


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


def case_from(
    project_id: UUID, number: int, frame: Mapping[str, Any], stored: Mapping[str, Any]
) -> BusinessCase:
    """`frame` is the row's scalar columns; `stored` its JSON: regime, price_index and lines."""
    return BusinessCase(
        project_id,
        number,
        CaseFrame(
            base_year=frame["base_year"],
            horizon_years=frame["horizon_years"],
            price_year=frame["price_year"],
            currency=frame["currency"],
            regime=regime_from(stored["regime"]),
            index=index_from(stored["price_index"]),
        ),
        tuple(line_from(line) for line in stored["lines"]),
    )


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


def difference_json(found: CaseDifference) -> Json:
    figures = ("npv_before", "npv_after", "effect_on_npv", "frame_effect")
    return {
        "before_number": found.before_number,
        "after_number": found.after_number,
        **{name: f"{getattr(found, name):.2f}" for name in figures},
        "lines": [
            {
                "line_id": str(line.line_id),
                "name": line.name,
                "change": line.change.value,
                "total_before": f"{line.total_before:.2f}",
                "total_after": f"{line.total_after:.2f}",
                "effect_on_npv": f"{line.effect_on_npv:.2f}",
            }
            for line in found.lines
        ],
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


def _band_json(band: RateBand) -> Json:
    found: Json = {"first_year": band.first_year, "rate_per_year": decimal_text(band.rate_per_year)}
    return found if band.last_year is None else {**found, "last_year": band.last_year}


def _amounts_json(amounts: Yearly | Recurring) -> Json:
    if isinstance(amounts, Yearly):
        return {"pattern": "yearly", "amounts": _figures(amounts.amounts)}
    found: Json = {
        "pattern": "recurring",
        "amount_per_year": f"{amounts.amount_per_year:.2f}",
        "ramp": [decimal_text(share) for share in amounts.ramp],
    }
    return found if amounts.years is None else {**found, "years": amounts.years}


def _amounts_from(stored: Mapping[str, Any]) -> Yearly | Recurring:
    if stored["pattern"] == "yearly":
        return Yearly(tuple(Decimal(amount) for amount in stored["amounts"]))
    ramp = tuple(Decimal(share) for share in stored["ramp"])
    return Recurring(Decimal(stored["amount_per_year"]), ramp, stored.get("years"))
