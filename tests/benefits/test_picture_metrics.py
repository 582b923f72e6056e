"""What becomes of pictures, as metrics that are sent to a collector (A10)."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from gevinst_shared.cli.ports import free_ports
from tests.benefits.purse import Purse
from tests.support.collector import figures
from tests.support.http_receiver import Receiver, http_receiver
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@contextlib.asynccontextmanager
async def running(*command: str, environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, env={**os.environ, **environment}, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def test_a_collector_hears_what_was_drawn_kept_turned_away_and_replaced() -> None:
    collector = Receiver(otherwise="200 OK")
    async with http_receiver(collector) as port:
        watched = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}
        async with running("tests.support.drawing", environment=watched) as process:
            await process.wait()

    who = "service=gevinst-drawing"
    assert figures(collector.requests) == {
        # Three at once, then one more, and what the PNG is made of.
        ("gevinst.pictures.asked", f"{who},source=drawn"): 2,
        ("gevinst.pictures.asked", f"{who},source=shared"): 2,
        ("gevinst.pictures.asked", f"{who},source=kept"): 2,
        ("gevinst.pictures.drawing", f"kind=vega-lite,outcome=drawn,{who}"): 1,
        ("gevinst.pictures.drawing", f"kind=png,outcome=drawn,{who}"): 1,
        ("gevinst.pictures.drawing", f"kind=vega,outcome=failed,{who}"): 1,
        ("gevinst.pictures.turned_away", who): 1,
        ("gevinst.pictures.workers_replaced", f"reason=died,{who}"): 1,
        ("gevinst.pictures.workers_replaced", f"reason=slow,{who}"): 1,
    }


async def test_an_answer_from_memory_is_counted_and_timed_like_any_other(purse: Purse) -> None:
    collector = Receiver(otherwise="200 OK")
    environment = purse.world.desk.installation.environment("benefits")
    (own,) = free_ports(1)
    base = f"http://127.0.0.1:{own}/benefits/v1"
    path = f"/portfolios/{purse.world.portfolio_id}/charts/planned-against-realised"
    async with http_receiver(collector) as port, httpx.AsyncClient(headers=purse.finance.headers) as client:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"http://127.0.0.1:{port}"
        environment["GEVINST_BENEFITS_PORT"] = str(own)
        async with running("gevinst_benefits", "serve", environment=environment):

            async def is_ready() -> bool:
                with contextlib.suppress(httpx.ConnectError):
                    return (await client.get(f"{base}/readyz")).status_code == 200
                return False

            await until(is_ready)
            answers = [await client.get(f"{base}{path}", headers={"Accept": "text/html"}) for _ in range(5)]

    found = figures(collector.requests)
    own_name = "service=gevinst-benefits"
    route = "/portfolios/{portfolio_id}/charts/planned-against-realised"
    timed = [
        count
        for (name, said), count in found.items()
        if name == "http.server.request.duration" and f"http.route={route}," in said
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert timed == [5]
    from_memory = found["gevinst.pictures.answered", f"{own_name},source=memory"]
    of_figures = found["gevinst.pictures.answered", f"{own_name},source=figures"]
    assert (from_memory + of_figures, from_memory > 0) == (5, True)
