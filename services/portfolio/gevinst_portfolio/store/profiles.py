"""Profiles (cost per year, needs per period) as the JSON that is stored and answered, and back."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.projects import CostKind, CostOfYear, Need


def costs_json(costs: Sequence[CostOfYear]) -> list[dict[str, Any]]:
    return [{"year": one.year, "kind": one.kind, "amount": f"{one.amount:.2f}"} for one in costs]


def needs_json(needs: Sequence[Need]) -> list[dict[str, Any]]:
    return [
        {"resource_id": str(one.resource_id), "amounts": [float(amount) for amount in one.amounts]}
        for one in needs
    ]


def costs_from(stored: str) -> tuple[CostOfYear, ...]:
    return tuple(
        CostOfYear(one["year"], CostKind(one["kind"]), Decimal(one["amount"])) for one in json.loads(stored)
    )


def needs_from(stored: str) -> tuple[Need, ...]:
    return tuple(
        Need(UUID(one["resource_id"]), tuple(Decimal(str(amount)) for amount in one["amounts"]))
        for one in json.loads(stored)
    )
