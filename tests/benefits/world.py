"""An organisation whose project, units, people and roles have arrived by the portfolio service's feed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from gevinst_benefits.usecases.following import apply
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.plans import shipped
from tests.support.callers import Desk

MODEL = "prosjektveiviseren"
OWNER = "olav"  # holds the benefit owner's role in the unit below


@dataclass(frozen=True, slots=True)
class World:
    """`top` is the upper unit, `unit` the one below it; `other_id` is a second project of the portfolio."""

    desk: Desk
    office: httpx.AsyncClient
    board: httpx.AsyncClient
    project_id: str
    other_id: str
    portfolio_id: UUID = field(default_factory=new_id)
    top: UUID = field(default_factory=new_id)
    unit: UUID = field(default_factory=new_id)
    owner_id: UUID = field(default_factory=new_id)

    async def tell(self, kind: str, **data: Any) -> None:
        """Apply one event of the portfolio service, as its consumer does."""
        async with connection_of(self.desk) as connection:
            await apply(connection, event(self.desk.organisation, kind, **data))

    async def assign(self, subject: str, role: Role, scope: str, scope_id: Any, **data: Any) -> UUID:
        """Have `subject` hold a role at a place."""
        assignment_id = new_id()
        await self.tell(
            "role-assigned",
            assignment_id=assignment_id,
            person_id=new_id(),
            subject=subject,
            role=role.value,
            scope=scope,
            scope_id=scope_id,
            **data,
        )
        return assignment_id

    def case(self, **members: Any) -> dict[str, Any]:
        """A business case: 1000 now, 600 a year for the two years after, in 2026 prices."""
        return {
            "base_year": 2026,
            "horizon_years": 3,
            "price_year": 2026,
            "currency": "NOK",
            "lines": [self.cost(), self.gain()],
        } | members

    def cost(self, **members: Any) -> dict[str, Any]:
        amounts = {"pattern": "yearly", "amounts": ["1000.00"]}
        return self._line("Licences", "cost", "investment", 2026, amounts) | members

    def gain(self, **members: Any) -> dict[str, Any]:
        amounts = {"pattern": "recurring", "amount_per_year": "600.00"}
        return self._line("Less postage", "benefit", "avoided-cost", 2027, amounts) | members

    def benefit(self, **members: Any) -> dict[str, Any]:
        """A benefit whose owner is the line manager of the unit below."""
        return {
            "name": "Less time spent on each application",
            "mode": "redeployed",
            "kind": "saved-time",
            "owner": {"role": "benefit-owner", "unit_id": str(self.unit)},
            "estimate": {"ledger": "time", "amount_per_year": "1200", "unit_of_measure": "hours"},
        } | members

    async def planned(self, **members: Any) -> dict[str, Any]:
        return await made(self.office, f"/projects/{self.project_id}/benefits", self.benefit(**members))

    async def planned_in(self, project_id: str, **members: Any) -> dict[str, Any]:
        return await made(self.office, f"/projects/{project_id}/benefits", self.benefit(**members))

    async def started(self, project_id: str | None = None) -> dict[str, Any]:
        """The project at the beginning of its phase model."""
        path = f"/projects/{project_id or self.project_id}/progress"
        return await made(self.office, path, {"phase_model": MODEL})

    def gate(self, gate: str = "BP1", outcome: str = "go", **members: Any) -> dict[str, Any]:
        """A gate whose checklist is answered with yes throughout."""
        gates = {phase.gate.code: phase.gate for phase in shipped(MODEL).phases}
        answers = [{"item": item.code, "value": "yes"} for item in gates[gate].items] if gate in gates else []
        return {"gate": gate, "outcome": outcome, "reason": "It holds", "answers": answers} | members

    async def proposed(self, **members: Any) -> dict[str, Any]:
        return await made(self.office, f"/projects/{self.project_id}/gates", self.gate(**members))

    async def decided(self, gate_id: str, outcome: str = "go", **members: Any) -> dict[str, Any]:
        body = {"outcome": outcome, "reason": "The board agrees"} | members
        return await made(self.board, f"/gates/{gate_id}/decision", body)

    def _line(
        self, name: str, side: str, kind: str, first_year: int, amounts: dict[str, Any]
    ) -> dict[str, Any]:
        return {
            "name": name,
            "side": side,
            "kind": kind,
            "unit_id": str(self.unit),
            "first_year": first_year,
            "price_year": 2026,
            "amounts": amounts,
        }


def event(organisation: str, kind: str, **data: Any) -> Event:
    """An event of the portfolio service, as it is read from its feed."""
    found = {name: _wire(value) for name, value in data.items()}
    type_name = f"gevinst.portfolio.{kind}.v1"
    return Event(new_id(), organisation, type_name, "a/b", datetime(2026, 11, 2, tzinfo=UTC), found)


@asynccontextmanager
async def connection_of(desk: Desk) -> AsyncIterator[Any]:
    """A transaction of the service, bound to the test's organisation."""
    house = desk.app.state.house
    assert isinstance(house, House)
    async with house.database.transaction(desk.organisation) as connection:
        yield connection


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a POST made; anything but 201 fails the test."""
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def make_world(desk: Desk) -> World:
    """Two projects in one portfolio, two units, and the benefit owner of the lower one."""
    world = World(
        desk,
        office=desk.caller(Role.PORTFOLIO_OFFICE, subject="kari"),
        board=desk.caller(Role.BOARD_MEMBER, subject="bjarne"),
        project_id=str(new_id()),
        other_id=str(new_id()),
    )
    await world.tell("unit-changed", unit_id=world.top, name="Health", path=[world.top])
    await world.tell(
        "unit-changed",
        unit_id=world.unit,
        name="Home care",
        parent_id=world.top,
        path=[world.top, world.unit],
    )
    await world.tell("person-changed", person_id=world.owner_id, subject=OWNER, name="Olav", language="nb")
    for project_id, name in ((world.project_id, "Digital post"), (world.other_id, "New switchboard")):
        await world.tell(
            "project-proposed",
            project_id=project_id,
            portfolio_id=world.portfolio_id,
            name=name,
            status="proposed",
            unit_id=world.unit,
        )
    await world.assign(OWNER, Role.BENEFIT_OWNER, "unit", world.unit)
    return world


def _wire(value: Any) -> Any:
    if isinstance(value, list):
        return [_wire(one) for one in value]
    return str(value) if isinstance(value, UUID) else value
