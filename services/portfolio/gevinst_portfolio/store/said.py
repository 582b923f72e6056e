"""What a proposer has said of a project so far, as it can be said again."""

from decimal import Decimal
from typing import Any

import asyncpg

from gevinst_portfolio.store.profiles import closing_from, costs_from, lags_from, needs_from

_AS_IT_IS = (
    "name",
    "source",
    "programme_id",
    "need",
    "zero_alternative",
    "category",
    "is_statutory",
    "owner_id",
    "manager_id",
    "unit_id",
    "start",
    "end",
    "earliest_start",
    "latest_start",
    "deadline",
)
_LISTS = ("receiving_unit_ids", "depends_on", "excludes")

_ESTIMATES = ("cost_low", "cost_high", "benefit_low", "benefit_high")


def said_so_far(row: asyncpg.Record) -> dict[str, Any]:
    """The members of a proposal that a proposer may change, from the project's row."""
    closing = closing_from(row["closing"])
    return {
        **{name: row[name] for name in _AS_IT_IS},
        **{name: tuple(row[name]) for name in _LISTS},
        "cost": _amount(row["cost_minor"]),
        # P11: the benefit of a closing follows from its saving.
        "benefit": _amount(row["benefit_minor"]) if closing is None else None,
        **{name: _amount(row[f"{name}_minor"]) for name in _ESTIMATES},
        "cost_by_year": costs_from(row["cost_by_year"]),
        "needs": needs_from(row["needs"]),
        "dependency_lags": lags_from(row["dependency_lags"]),
        "closing": closing,
    }


def _amount(minor: int | None) -> Decimal | None:
    return None if minor is None else Decimal(minor).scaleb(-2)
