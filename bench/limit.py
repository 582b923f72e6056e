"""The limit: what the database and an ASGI server can do at best, with nothing of ours between them.

No sign-in, no permissions, no validation, no row-level security (a superuser), no transaction round trips;
PostgreSQL writes the JSON, and a create is one statement with its event and audit row. Run as
`python -m bench.limit URL PORT`.
"""

import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import asyncpg
import uvicorn

from bench.statements import CREATE, GET, LIST
from gevinst_shared.values.ids import new_id

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


def limit_app(url: str) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Three operations: `/list`, `/get/{id}`, `/create`."""
    pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal pool
        if scope["type"] == "lifespan":
            await receive()
            pool = await asyncpg.create_pool(url, min_size=10, max_size=10, reset=_nothing)
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        assert pool is not None
        query = parse_qs(scope["query_string"].decode())
        organisation = query["organisation"][0]
        path = scope["path"]
        if path == "/list":
            text = await pool.fetchval(LIST, organisation, UUID(query["portfolio"][0]), 50)
        elif path.startswith("/get/"):
            text = await pool.fetchval(GET, organisation, UUID(path.removeprefix("/get/")))
        else:
            text = await _create(pool, organisation, json.loads((await receive())["body"]))
        body = text.encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


async def _create(pool: "asyncpg.Pool[asyncpg.Record]", organisation: str, body: dict[str, Any]) -> str:
    project, now = new_id(), datetime.now(UTC)
    subject = f"projects/{project}"
    text: str = await pool.fetchval(
        CREATE,
        organisation,
        project,
        UUID(body["portfolio_id"]),
        body["name"],
        now,
        new_id(),
        subject,
        json.dumps({"project_id": str(project), "name": body["name"]}),
        new_id(),
        new_id(),
    )
    return text


async def _nothing(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """No reset between uses."""


if __name__ == "__main__":
    uvicorn.run(limit_app(sys.argv[1]), port=int(sys.argv[2]), access_log=False, log_level="warning")
