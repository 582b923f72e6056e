"""A service that is told to stop does not wait for those who wait for news."""

import asyncio

import httpx
import uvicorn

from gevinst_portfolio.app import create_app
from gevinst_portfolio.settings import Settings
from gevinst_shared.settings import from_environment
from gevinst_shared.values.actor import Role
from gevinst_shared.web.serving import Server
from tests.portfolio.background import make_british_world, upload
from tests.support.callers import Desk, started
from tests.support.gmpp import published
from tests.support.waiting import PATIENCE


async def test_a_waiting_long_poll_and_an_open_stream_end_when_the_service_is_told_to_stop(
    portfolio: Desk,
) -> None:
    world = await make_british_world(portfolio)
    run = (await upload(world, published(2023)[0])).json()
    app = create_app(from_environment(Settings, "portfolio", portfolio.installation.environment("portfolio")))
    roles = (Role.PORTFOLIO_OFFICE, Role.INTEGRATION)
    token = portfolio.installation.token(portfolio.organisation, *roles, subject="kari")
    async with started(app), httpx.AsyncClient(timeout=60) as client, asyncio.timeout(PATIENCE):
        client.headers["Authorization"] = f"Bearer {token}"
        server = Server(app, uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - the server sets no event
            await asyncio.sleep(0.01)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/portfolio/v1"
        last = (await client.get(f"{url}/events", params={"limit": 100})).json()["next_cursor"]
        poll = asyncio.create_task(client.get(f"{url}/events", params={"cursor": last, "wait": 25}))
        async with client.stream("GET", f"{url}/runs/{run['id']}/events") as stream:
            lines = stream.aiter_lines()
            first = [await anext(lines) for _ in range(3)]
            while len(server.server_state.tasks) < 2:  # noqa: ASYNC110 - the server sets no event
                await asyncio.sleep(0.01)

            server.should_exit = True
            await serving

            rest = [line async for line in lines]
        answer = await poll

    assert any(line.startswith("data: ") and run["id"] in line for line in first)
    assert not any(line.startswith("event: ") for line in rest)
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next_cursor": last})
