"""Callers of a service's application, with a token, in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from gevinst_shared.values.actor import Role
from tests.support.installation import Installation
from tests.support.organisations import new_organisation


@dataclass(slots=True)
class Desk:
    """A running application and the organisation of this test."""

    app: FastAPI
    service: str
    installation: Installation
    organisation: str = field(default_factory=new_organisation)
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    def caller(
        self, *roles: Role, subject: str = "kari", organisation: str | None = None
    ) -> httpx.AsyncClient:
        """A client that calls as `subject` with these roles."""
        token = self.installation.token(organisation or self.organisation, *roles, subject=subject)
        return self.with_headers(Authorization=f"Bearer {token}")

    def with_headers(self, **headers: str) -> httpx.AsyncClient:
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app, raise_app_exceptions=False),
            base_url=f"https://gevinst.test/{self.service}/v1",
            headers=headers,
        )
        self.clients.append(client)
        return client


@asynccontextmanager
async def desk_of(app: FastAPI, service: str, installation: Installation) -> AsyncIterator[Desk]:
    """An organisation that nobody else has, at a service."""
    desk = Desk(app, service, installation)
    yield desk
    for client in desk.clients:
        await client.aclose()


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[FastAPI]:
    """The application after its start-up, until its shut-down."""
    async with app.router.lifespan_context(app):
        yield app


def problem(response: httpx.Response) -> dict[str, Any]:
    """The problem document of a refusal."""
    assert response.headers["content-type"].startswith("application/problem+json"), response.text
    document: dict[str, Any] = response.json()
    assert document["status"] == response.status_code
    return document
