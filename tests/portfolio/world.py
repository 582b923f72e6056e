"""An organisation with a portfolio, made over the API."""

from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import BaseModel

from gevinst_shared.values.actor import Role
from tests.support.callers import Desk

ORGANISATION = {"name": "Oslo", "currency": "NOK", "language": "nb"}
PORTFOLIO = {"name": "Digitisation", "currency": "NOK", "price_year": 2026}


@dataclass(frozen=True, slots=True)
class World:
    desk: Desk
    administrator: httpx.AsyncClient
    office: httpx.AsyncClient
    portfolio_id: str

    def proposal(self, **members: Any) -> dict[str, Any]:
        return {"portfolio_id": self.portfolio_id, "name": "A project", **members}

    async def project(self, **members: Any) -> dict[str, Any]:
        return await made(self.office, "/projects", self.proposal(**members))

    async def unit(self, name: str, parent_id: str | None = None) -> dict[str, Any]:
        body = {"name": name} if parent_id is None else {"name": name, "parent_id": parent_id}
        return await made(self.administrator, "/units", body)

    async def person(self, subject: str = "kari", **members: Any) -> dict[str, Any]:
        return await made(
            self.administrator, "/people", {"subject": subject, "name": subject.title(), **members}
        )

    async def events(self) -> list[dict[str, Any]]:
        """Every event of the organisation so far."""
        answer = await self.administrator.get("/events", params={"limit": 100})
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


async def make_world(desk: Desk) -> World:
    """The organisation registered by its administrator, with one portfolio in kroner of 2026."""
    administrator = desk.caller(Role.ADMINISTRATOR, subject="admin")
    registered = await administrator.put("/organisation", json=ORGANISATION)
    assert registered.status_code in {200, 201}, registered.text
    office = desk.caller(Role.PORTFOLIO_OFFICE)
    portfolio = await made(office, "/portfolios", PORTFOLIO)
    return World(desk, administrator, office, portfolio["id"])


async def made(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The record that a POST creates."""
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    record: dict[str, Any] = answer.json()
    return record


async def put(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], *, revision: int = 1
) -> httpx.Response:
    """Change a record that was read at `revision`."""
    return await client.put(path, json=body, headers={"If-Match": f'"{revision}"'})


def obeys(model: type[BaseModel], document: dict[str, Any]) -> bool:
    """Whether what PostgreSQL wrote is exactly what the response model would write."""
    dumped: object = model.model_validate(document).model_dump(mode="json", exclude_none=True)
    return dumped == document
