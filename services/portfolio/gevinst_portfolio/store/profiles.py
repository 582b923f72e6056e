"""Profiles (cost per year, needs per period, waves) as the JSON that is stored and answered, and back."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.closings import Closing, FreedPerQuarter
from gevinst_portfolio.domain.projects import CostKind, CostOfYear, Lag, Need
from gevinst_portfolio.domain.waves import Wave, WaveState


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
    return _needs(json.loads(stored))


def closing_json(closing: Closing) -> dict[str, Any]:
    return {
        "yearly_saving": f"{closing.yearly_saving:.2f}",
        "saving_years": closing.saving_years,
        "frees": [
            {"resource_id": str(one.resource_id), "amount": float(one.amount)} for one in closing.frees
        ],
    }


def closing_from(stored: str | None) -> Closing | None:
    if stored is None:
        return None
    found = json.loads(stored)
    frees = tuple(
        FreedPerQuarter(UUID(one["resource_id"]), Decimal(str(one["amount"]))) for one in found["frees"]
    )
    return Closing(Decimal(found["yearly_saving"]), found["saving_years"], frees)


def lags_from(stored: str) -> tuple[Lag, ...]:
    return tuple(Lag(UUID(one["project_id"]), one["lag_quarters"]) for one in json.loads(stored))


def wave_json(wave: Wave) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": wave.name,
        "unit_ids": [str(one) for one in wave.unit_ids],
        "quarters_after": wave.quarters_after,
        "quarters": wave.quarters,
        "cost_kind": wave.cost_kind.value,
        "needs": needs_json(wave.needs),
        "state": wave.state.value,
    }
    if wave.cost_minor is not None:
        found["cost"] = f"{Decimal(wave.cost_minor).scaleb(-2):.2f}"
    if wave.stopped_because is not None:
        found["stopped_because"] = wave.stopped_because
    return found


def waves_from(stored: str) -> tuple[Wave, ...]:
    return tuple(
        Wave(
            name=one["name"],
            unit_ids=tuple(map(UUID, one["unit_ids"])),
            quarters=one["quarters"],
            quarters_after=one["quarters_after"],
            cost_minor=int(Decimal(one["cost"]).scaleb(2)) if "cost" in one else None,
            cost_kind=CostKind(one["cost_kind"]),
            needs=_needs(one["needs"]),
            state=WaveState(one["state"]),
            stopped_because=one.get("stopped_because"),
        )
        for one in json.loads(stored)
    )


def _needs(found: Sequence[dict[str, Any]]) -> tuple[Need, ...]:
    return tuple(
        Need(UUID(one["resource_id"]), tuple(Decimal(str(amount)) for amount in one["amounts"]))
        for one in found
    )
