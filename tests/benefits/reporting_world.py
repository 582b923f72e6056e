"""A running project whose manager reports each month."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from gevinst_benefits.domain.monthly_reports import Area
from gevinst_shared.values.actor import Role
from tests.benefits.world import World, made

NOW = datetime.now(UTC)
THIS = NOW.replace(day=1)
LAST = THIS - timedelta(days=1)
MONTH, BEFORE = f"{LAST:%Y-%m}", f"{LAST.replace(day=1) - timedelta(days=1):%Y-%m}"
LATER = NOW + timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Reporting:
    """A running project, its manager, and somebody who decides."""

    world: World
    manager: httpx.AsyncClient
    owner: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/projects/{self.world.project_id}/monthly-reports"

    async def drafted(self, month: str = MONTH) -> dict[str, Any]:
        return await made(self.manager, self.path, {"month": month})

    async def submitted(self, month: str = MONTH, **areas: Any) -> dict[str, Any]:
        draft = await self.drafted(month)
        path = f"/monthly-reports/{draft['id']}"
        changed = await self.manager.put(path, json=content(**areas), headers={"If-Match": '"1"'})
        assert changed.status_code == 200, changed.text
        answer = await self.manager.post(f"{path}/submission")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def content(**areas: Any) -> dict[str, Any]:
    green = {"light": "green", "words": ""}
    return {area.value: green for area in Area} | areas


async def make_reporting(world: World) -> Reporting:
    await running(world)
    await world.assign("maria", Role.PROJECT_MANAGER, "project", world.project_id)
    await world.assign("petra", Role.PROJECT_OWNER, "project", world.project_id)
    body = {"due_working_day": 5, "from_month": "2025-01"}
    answer = await world.office.put("/reporting-practice", json=body)
    assert answer.status_code == 200, answer.text
    return Reporting(world, world.desk.caller(subject="maria"), world.desk.caller(subject="petra"))


async def running(world: World, **members: Any) -> None:
    told = {
        "project_id": world.project_id,
        "portfolio_id": world.portfolio_id,
        "name": "Digital post",
        "status": "running",
        "start": "2025-01-15",
        "unit_id": world.unit,
    }
    await world.tell("project-changed", **(told | members))


async def events(reporting: Reporting, kind: str) -> list[dict[str, Any]]:
    """The data of the events of a kind, in the order of their commit."""
    client = reporting.world.desk.caller(Role.INTEGRATION, subject="erp")
    page = (await client.get("/events?limit=100")).json()
    wanted = f"gevinst.benefits.{kind}.v1"
    return [one["data"] for one in page["items"] if one["type"] == wanted]
