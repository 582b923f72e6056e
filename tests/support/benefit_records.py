"""Members of the benefits service's bodies that a schema alone cannot tell, by operation."""

from typing import Any

BENEFIT_MEMBERS: dict[str, dict[str, Any]] = {
    "record_measurement": {"taken_on": "2026-01-15"},
    # B14: in the ledger of the benefit, which is money.
    "record_freed_value_use": {"money": {"amount": "5.00", "currency": "NOK", "price_year": 2026}},
}
