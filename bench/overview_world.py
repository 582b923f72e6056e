"""An organisation of 300 projects, 6,000 benefits and 300,000 measurements, for overviews."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.support.organisations import new_organisation

from gevinst_shared.values.ids import new_id

PROJECTS, BENEFITS_EACH, MEASUREMENTS_EACH = 300, 20, 50
UNITS = 60
_MODES = ("budget-reduction", "redeployed", "public-elsewhere", "society", "non-priced")
_KINDS = ("avoided-cost", "saved-time", "quality", "revenue", "risk-and-compliance")
_NOW = datetime.now(UTC)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OverviewWorld:
    """The organisation with its one portfolio and programme; `owner` holds the benefit owner's role in the
    unit `unit_id`, `leader` in `top`, the unit above all others."""

    organisation: str
    portfolio_id: UUID
    programme_id: UUID
    top: UUID
    unit_id: UUID
    owner: str = "olav"
    leader: str = "liv"


async def seed_world(connection: Any, *, projects: int = PROJECTS) -> OverviewWorld:  # noqa: ANN401 - asyncpg's
    """Fill the benefits database, by COPY; the same seed makes the same figures, but for ids and days."""
    rng = random.Random(4)
    world = OverviewWorld(new_organisation(), new_id(), new_id(), new_id(), new_id())
    units = [world.top, world.unit_id, *(new_id() for _ in range(UNITS - 1))]
    await _put(connection, world, "unit", [_unit(one, world.top) for one in units])
    roles = [_role(world.owner, world.unit_id), _role(world.leader, world.top)]
    await _put(connection, world, "role_assignment", roles)
    made = [_project(world, rng, units) for _ in range(projects)]
    await _put(connection, world, "project", made)
    benefits = [_benefit(one, rng, units) for one in made for _ in range(BENEFITS_EACH)]
    await _put(connection, world, "benefit", benefits)
    await _put(connection, world, "action", [_action(one, rng) for one in benefits for _ in range(2)])
    confirmed = [one for one in benefits if one["state"] == "confirmed"]
    await _put(
        connection,
        world,
        "verification",
        [_verification(one, year, rng) for one in confirmed for year in (2024, 2025)],
    )
    shared = rng.sample(benefits, len(benefits) // 20)
    await _put(connection, world, "agreement_entry", [_agreement(one) for one in shared])
    indicators = [_indicator(one) for one in benefits if rng.random() < 0.95]
    await _put(connection, world, "indicator", indicators)
    each = round(len(benefits) * MEASUREMENTS_EACH / len(indicators))
    for start in range(0, len(indicators), 1000):
        taken = [_measurement(one, n, rng) for one in indicators[start : start + 1000] for n in range(each)]
        await _put(connection, world, "measurement", taken)
    await connection.execute("VACUUM ANALYZE")
    return world


async def _put(connection: Any, world: OverviewWorld, table: str, rows: list[Row]) -> None:  # noqa: ANN401
    columns = list(rows[0])
    records = [(world.organisation, *(row[name] for name in columns)) for row in rows]
    await connection.copy_records_to_table(table, records=records, columns=["organisation_id", *columns])


def _unit(unit_id: UUID, top: UUID) -> Row:
    path = [top] if unit_id == top else [top, unit_id]
    return {"id": unit_id, "name": "Home care", "parent_id": None, "path": path}


def _role(subject: str, unit_id: UUID) -> Row:
    place = {"scope": "unit", "scope_id": unit_id}
    return {"id": new_id(), "person_id": new_id(), "subject": subject, "role": "benefit-owner", **place}


def _project(world: OverviewWorld, rng: random.Random, units: list[UUID]) -> Row:
    start = date(2022, 1, 1) + timedelta(rng.randrange(1500))
    return {
        "id": new_id(),
        "portfolio_id": world.portfolio_id,
        "programme_id": world.programme_id,
        "name": "Digital post",
        "status": "running",
        "start": start,
        "end": start + timedelta(rng.randrange(300, 900)),
        "unit_id": rng.choice(units),
    }


def _benefit(project: Row, rng: random.Random, units: list[UUID]) -> Row:
    is_money, is_confirmed = rng.random() < 0.6, rng.random() < 0.7
    return {
        "id": new_id(),
        "project_id": project["id"],
        "name": "Less time spent on each application",
        "mode": rng.choice(_MODES),
        "kind": rng.choice(_KINDS),
        "owner_role": "benefit-owner",
        "owner_unit_id": rng.choice(units),
        "ledger": "money" if is_money else "time",
        "money_minor": rng.randrange(1_000_000, 90_000_000) if is_money else None,
        "currency": "NOK" if is_money else None,
        "price_year": 2026 if is_money else None,
        "amount": None if is_money else Decimal(rng.randrange(50, 5000)),
        "unit_of_measure": None if is_money else "hours",
        "state": "confirmed" if is_confirmed else "proposed",
        "confirmed_by": "olav" if is_confirmed else None,
        "confirmed_at": _NOW if is_confirmed else None,
        "created_by": "kari",
        "created_at": _NOW,
    } | _ramp(rng)


def _ramp(rng: random.Random) -> Row:
    ramp = rng.choice(("immediate", "immediate", "linear", "s-curve"))
    return {"ramp": ramp, "ramp_months": 0 if ramp == "immediate" else rng.choice((12, 24))}


def _action(benefit: Row, rng: random.Random) -> Row:
    return {
        "id": new_id(),
        "benefit_id": benefit["id"],
        "kind": rng.choice(("training", "work-process", "communication")),
        "name": "Close the counter",
        "owner_role": benefit["owner_role"],
        "owner_unit_id": benefit["owner_unit_id"],
        "hangs_on": "end",
        "offset_months": rng.randrange(-6, 12),
        "state": "planned",
        "created_by": "kari",
        "created_at": _NOW,
    }


def _verification(benefit: Row, year: int, rng: random.Random) -> Row:
    minor = benefit["money_minor"]
    return {
        "id": new_id(),
        "benefit_id": benefit["id"],
        "year": year,
        "money_minor": None if minor is None else round(minor * rng.random()),
        "currency": benefit["currency"],
        "price_year": benefit["price_year"],
        "amount": None if minor is not None else Decimal(rng.randrange(5000)),
        "unit_of_measure": benefit["unit_of_measure"],
        "evidence": "The accounts",
        "verified_by": "vera",
        "verified_at": _NOW,
    }


def _agreement(benefit: Row) -> Row:
    return {
        "id": new_id(),
        "benefit_id": benefit["id"],
        "body": "0192:991825827",
        "body_name": "Digitaliseringsdirektoratet",
        "state": "shared",
        "happened_on": date(2025, 1, 1),
        "share_kept": Decimal("0.4"),
        "recorded_by": "kari",
        "created_at": _NOW,
    }


def _indicator(benefit: Row) -> Row:
    return {
        "id": new_id(),
        "benefit_id": benefit["id"],
        "name": "Minutes per application",
        "unit_of_measure": "minutes",
        "direction": "down",
        "baseline": Decimal(42),
        "target": Decimal(20),
        "action": "Move cases to the form",
        "due_days": [date(2025, month, 1) for month in (1, 4, 7, 10)],
        "starts_on": date(2023, 1, 1),
        "target_on": date(2027, 12, 31),
        "curve": "linear",
        "created_by": "kari",
        "created_at": _NOW,
    }


def _measurement(indicator: Row, number: int, rng: random.Random) -> Row:
    return {
        "id": new_id(),
        "indicator_id": indicator["id"],
        "taken_on": date(2021, 6, 1) + timedelta(30 * number),
        "value": Decimal(rng.randrange(20, 42)),
        "measured_by": "olav",
        "created_at": _NOW,
    }
