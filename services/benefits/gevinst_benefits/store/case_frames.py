"""What a case is computed in, as it is stored: JSON in the shape in which it is answered."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from gevinst_benefits.domain.case.business_case import CaseFrame, PriceIndex
from gevinst_benefits.domain.case.discounting import DiscountRegime, RateBand
from gevinst_benefits.domain.decimals import decimal_text

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


def _band_json(band: RateBand) -> Json:
    found: Json = {"first_year": band.first_year, "rate_per_year": decimal_text(band.rate_per_year)}
    return found if band.last_year is None else {**found, "last_year": band.last_year}
