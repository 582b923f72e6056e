"""An organisation with a portfolio, made over the API."""

from dataclasses import dataclass
from typing import Any

import httpx

from gevinst_shared.values.actor import Role
from tests.support.callers import Desk

ORGANISATION = {"name": "Oslo", "currency": "NOK", "language": "nb"}
PORTFOLIO = {"name": "Digitisation", "currency": "NOK", "price_year": 2026}


@dataclass(frozen=True, slots=True)
class World:
    desk: Desk
    office: httpx.AsyncClient
    portfolio_id: str

    def proposal(self, **members: Any) -> dict[str, Any]:
        return {"portfolio_id": self.portfolio_id, "name": "A project", **members}


async def make_world(desk: Desk) -> World:
    """The organisation registered by its administrator, with one portfolio in kroner of 2026."""
    administrator = desk.caller(Role.ADMINISTRATOR, subject="admin")
    registered = await administrator.put(
        "/organisation", json={"name": "Oslo", "currency": "NOK", "language": "nb"}
    )
    assert registered.status_code in {200, 201}, registered.text
    office = desk.caller(Role.PORTFOLIO_OFFICE)
    made = await office.post(
        "/portfolios", json={"name": "Digitisation", "currency": "NOK", "price_year": 2026}
    )
    assert made.status_code == 201, made.text
    return World(desk, office, made.json()["id"])
