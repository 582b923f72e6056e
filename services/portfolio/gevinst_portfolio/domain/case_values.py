"""What a project is worth by its business case, as the benefits service announced it (C5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.gate_outcomes import OddFactError

CASE_EVALUATED = "gevinst.benefits.case-evaluated.v1"
_LARGEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class CaseValue:
    """One evaluated version of a project's business case; money in `currency` at `price_year` prices.

    `percentiles` is by whole percent (50 is P50) and may be empty: then only the case's own net present
    value is known.
    """

    project_id: UUID
    business_case_id: UUID
    number: int
    currency: str
    price_year: int
    regime: str
    net_present_value: Decimal
    percentiles: Mapping[int, Decimal]
    evaluated_at: datetime

    def amount(self, percentile: int | None) -> Decimal | None:
        """The net present value at that percentile (None: the case's own); None when it is not known."""
        return self.net_present_value if percentile is None else self.percentiles.get(percentile)

    def is_in(self, currency: str, price_year: int) -> bool:
        """C1: money of another currency or price year is not mixed in silently."""
        return (self.currency, self.price_year) == (currency, price_year)


def case_value(data: Mapping[str, Any], evaluated_at: datetime) -> CaseValue:
    """From the event's data; members that we do not know are ignored. Raises `OddFactError`."""
    try:
        return CaseValue(
            project_id=UUID(data["project_id"]),
            business_case_id=UUID(data["business_case_id"]),
            number=_whole(data["number"]),
            currency=_text(data["currency"]),
            price_year=_whole(data["price_year"]),
            regime=_text(data["regime"]),
            net_present_value=amount_of(data["net_present_value"]),
            percentiles=percentiles_of(data.get("percentiles") or {}),
            evaluated_at=evaluated_at,
        )
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise OddFactError(repr(error)) from error


def percentiles_of(said: Mapping[str, Any]) -> dict[int, Decimal]:
    """Amounts by whole percent, 1 to 99."""
    found = {int(percent): amount_of(value) for percent, value in said.items()}
    if not all(1 <= percent <= 99 for percent in found):
        raise ValueError("percentiles")
    return found


def amount_of(said: object) -> Decimal:
    """An amount as text; finite, and below a thousand million million."""
    amount = Decimal(_text(said))
    if not amount.is_finite() or abs(amount) >= _LARGEST:
        raise ValueError("amount")
    return amount


def _text(said: object) -> str:
    if not isinstance(said, str) or not said.strip():
        raise ValueError("text")
    return said


def _whole(said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool):
        raise TypeError("whole number")
    return said
