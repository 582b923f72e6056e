"""Bodies that exchange plans, cases and status over a real PostgreSQL, each with one record of every kind."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.store.shared_kinds import KINDS
from gevinst_benefits.tables.every import metadata
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.engine import Database
from gevinst_shared.sync.partners import Partners
from gevinst_shared.sync.receiving import Receiving
from gevinst_shared.sync.serving import Serving
from gevinst_shared.values.ids import new_id
from tests.benefits.origins import origin
from tests.support.exchange import SECRET, START, UNTIL, Body

SERVED = [kind for kind in KINDS if kind.is_served]
ALL_FIELDS = {kind.name: tuple(kind.fields) for kind in SERVED}
RESULTS = {
    "years": [2026, 2027],
    "costs": ["1000.00", "0.00"],
    "benefits": ["0.00", "1200.50"],
    "net_present_value": "180.25",
    "payback_year": 2027,
    "units": [{"unit_id": str(UUID(int=7)), "costs": ["1000.00", "0.00"]}],
}
DOCUMENT = {
    "format": "gevinst-general-case/1",
    "general_case_id": str(UUID(int=1)),
    "publisher": "0192:958935420",
    "edition": 1,
    "name": "Digital post",
    "base_year": 2026,
    "horizon_years": 3,
    "price_year": 2026,
    "currency": "NOK",
    "assumptions": [],
    "lines": [],
    "alternatives": [],
    "recommended": "zero",
    "financing": [],
    "sha256": "0" * 64,
}


@dataclass
class BenefitBody(Body):
    """A body as its benefits service sees it."""

    serving: Serving = field(default_factory=lambda: Serving("benefits", sync, KINDS, secret=SECRET))
    receiving: Receiving = field(default_factory=lambda: Receiving(sync, KINDS))
    store: Partners = field(default_factory=lambda: Partners(sync))

    async def settle_in(self) -> None:
        """The organisation is known by its records alone."""

    async def share(
        self,
        other: Body,
        kind: str,
        record_id: UUID,
        fields: Mapping[str, Sequence[str]] = ALL_FIELDS,
        until: date = UNTIL,
    ) -> UUID:
        return await super().share(other, kind, record_id, fields, until)

    async def add(self, table: str, **values: Any) -> UUID:
        """Insert a row; its id."""
        given = {"organisation_id": self.organisation, "id": new_id(), **values}
        names = ", ".join(f'"{name}"' for name in given)
        places = ", ".join(f"${place}" for place in range(1, len(given) + 1))
        ready = [_ready(table, name, one) for name, one in given.items()]
        await self.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', *ready)
        found: UUID = given["id"]
        return found


def _ready(table: str, name: str, value: Any) -> Any:
    is_json = isinstance(metadata.tables[table].columns[name].type, JSONB)
    return json.dumps(value) if is_json else value


@dataclass
class Plan:
    """One record of every kind, all of one project in one programme."""

    body: BenefitBody
    programme: UUID
    project: UUID
    unit: UUID
    benefit: UUID
    indicator: UUID
    measurement: UUID
    goal: UUID
    general_case: UUID
    gate: UUID
    delivery: UUID

    def ids(self) -> dict[str, UUID]:
        """The id of the record of each kind."""
        return {
            "goal": self.goal,
            "benefit": self.benefit,
            "indicator": self.indicator,
            "measurement": self.measurement,
            "business_case": self.project,
            "general_case": self.general_case,
            "status": self.project,
        }


def written() -> dict[str, Any]:
    """What most rows say of how they came."""
    return {"created_by": "kari", "created_at": START}


async def make_plan(body: BenefitBody) -> Plan:
    """A project with one of everything, every field filled in."""
    programme, unit = new_id(), new_id()
    await body.add("unit", id=unit, name="Home care", path=[unit])
    project = await body.add(
        "project",
        name="Digital post",
        programme_id=programme,
        start=date(2026, 1, 1),
        end=date(2027, 1, 1),
        status="approved",
    )
    earlier = await _benefit(body, project, unit, name="Earlier")
    await body.execute("DELETE FROM sync_mark")
    delivery = await body.add(
        "delivery", project_id=project, name="First", due_on=date(2026, 8, 1), **written()
    )
    benefit = await _benefit(
        body,
        project,
        unit,
        name="Less postage",
        description="Kari said so",
        ends_on=date(2030, 1, 1),
        effort="low",
        continues_id=earlier,
        budget_line="4711",
        hangs_on="milestone",
        delivery_id=delivery,
    )
    indicator = await make_indicator(body, benefit)
    first = await make_measurement(body, indicator, unit, date(2026, 5, 1))
    measurement = await make_measurement(
        body, indicator, unit, date(2026, 6, 1), corrects_id=first, reason="Wrong"
    )
    goal = await _goal(body, unit, benefit)
    general_case = await make_cases(body, project)
    gate = await _steering(body, project)
    await body.add("curve_watch", id=indicator, colour="green", next_on=date(2026, 10, 1))
    await make_verification(body, benefit, 2026, 5000)
    return Plan(
        body,
        programme,
        project,
        unit,
        benefit,
        indicator,
        measurement,
        goal,
        general_case,
        gate,
        delivery,
    )


async def _benefit(body: BenefitBody, project: UUID, unit: UUID, **members: Any) -> UUID:
    values = {
        "project_id": project,
        "mode": "budget-reduction",
        "kind": "avoided-cost",
        "owner_role": "benefit-owner",
        "owner_unit_id": unit,
        "ledger": "money",
        "money_minor": 125050,
        "currency": "NOK",
        "price_year": 2026,
        "state": "confirmed",
        "confirmed_by": "olav",
        "confirmed_at": START,
        **written(),
    }
    return await body.add("benefit", **(values | members))


async def make_indicator(body: BenefitBody, benefit: UUID) -> UUID:
    return await body.add(
        "indicator",
        benefit_id=benefit,
        name="Letters",
        unit_of_measure="letters",
        direction="down",
        baseline=Decimal("100.5"),
        target=Decimal(20),
        action="Kari calls Ola",
        act_at=Decimal(80),
        frequency="monthly",
        first_on=date(2026, 2, 1),
        until=date(2028, 1, 1),
        starts_on=date(2026, 2, 1),
        target_on=date(2027, 2, 1),
        curve="linear",
        **written(),
    )


async def make_measurement(body: BenefitBody, indicator: UUID, unit: UUID, day: date, **members: Any) -> UUID:
    return await body.add(
        "measurement",
        indicator_id=indicator,
        taken_on=day,
        value=Decimal(90),
        weight=Decimal(3),
        unit_id=unit,
        measured_by="kari",
        created_at=START,
        **members,
    )


async def make_verification(body: BenefitBody, benefit: UUID, year: int, minor: int) -> UUID:
    return await body.add(
        "verification",
        benefit_id=benefit,
        year=year,
        money_minor=minor,
        currency="NOK",
        price_year=2026,
        evidence="Invoices that Kari has",
        verified_by="kari",
        verified_at=START,
    )


async def _goal(body: BenefitBody, unit: UUID, benefit: UUID) -> UUID:
    goal = await body.add(
        "goal",
        unit_id=unit,
        name="Shorter queues",
        description="Kari wants it",
        kind="service-goal",
        amount=Decimal(5),
        unit_of_measure="days",
        due_year=2028,
        state="met",
        reason="Seen by Ola",
        ended_by="kari",
        ended_at=START,
        **written(),
    )
    await body.execute(
        "INSERT INTO goal_means (organisation_id, goal_id, benefit_id, linked_by, linked_at) "
        "VALUES ($1, $2, $3, 'kari', now())",
        body.organisation,
        goal,
        benefit,
    )
    return goal


async def make_case(body: BenefitBody, project: UUID, number: int, **members: Any) -> UUID:
    values = {
        "project_id": project,
        "number": number,
        "currency": "NOK",
        "base_year": 2026,
        "horizon_years": 3,
        "price_year": 2026,
        "regime": {},
        "assumptions": [],
        "lines": [],
        "alternatives": [],
        "recommended": "digital",
        "financing": [],
        "factors": [],
        "results": RESULTS,
        "note": "Ola disagrees",
        **written(),
    }
    return await body.add("business_case", **(values | members))


async def make_cases(body: BenefitBody, project: UUID) -> UUID:
    """The project's first case, and the general case that was made of it."""
    general_case = new_id()
    case = await make_case(body, project, 1, general_case_id=general_case, origin=origin(1))
    await body.add(
        "general_case",
        id=general_case,
        publisher=body.organisation,
        published_as=general_case,
        project_id=project,
        name="Digital post",
        summary="Kari can tell more",
        edition=1,
        withdrawn_at=START,
        withdrawal_reason="Kari left",
        changed_at=START,
        **written(),
    )
    await make_edition(body, general_case, 1, case)
    return general_case


async def make_edition(body: BenefitBody, general_case: UUID, number: int, case: UUID) -> UUID:
    document = DOCUMENT | {
        "general_case_id": str(general_case),
        "publisher": body.organisation,
        "edition": number,
    }
    return await body.add(
        "general_case_edition",
        general_case_id=general_case,
        number=number,
        business_case_id=case,
        document=document,
        sha256="0" * 64,
        published_by="kari",
        published_at=START,
    )


async def _steering(body: BenefitBody, project: UUID) -> UUID:
    """Where the project is, a gate that waits and a condition that is open; the gate's id."""
    await body.add(
        "progress",
        id=project,
        phase_model="prosjektveiviseren",
        phase_model_version="2024",
        phase="plan",
        round=1,
        state="running",
        created_at=START,
    )
    gate = await make_gate(body, project)
    person = await body.add("person", subject="kari", name="Kari")
    await body.add(
        "condition",
        project_id=project,
        gate_id=gate,
        gate="BP2",
        text="Kari must",
        owner_id=person,
        deadline=date(2026, 12, 1),
        needs_confirmation=False,
        state="open",
        **written(),
    )
    return gate


async def make_gate(body: BenefitBody, project: UUID) -> UUID:
    return await body.add(
        "gate",
        project_id=project,
        gate="BP2",
        gate_name="BP2",
        phase="plan",
        round=1,
        state="running",
        skipped_phases=[],
        reviewer_ids=[],
        outcome="go",
        reason="Ola likes it",
        conditions=[],
        answers=[],
        basis_sha256="0" * 64,
        proposed_by="kari",
        proposed_at=START,
    )


@asynccontextmanager
async def benefit_bodies(url: str, count: int) -> AsyncIterator[list[BenefitBody]]:
    """So many bodies that have all met each other."""
    database = await Database.open(url, size=2)
    try:
        found = [BenefitBody(database) for _ in range(count)]
        for body in found:
            for other in found:
                if other is not body:
                    await body.meet(other)
        yield found
    finally:
        await database.close()
