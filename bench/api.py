"""List 50, get one, create, as a share of the limit measured in the same rounds (A4)."""

import asyncio
import json
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import cycle
from statistics import median
from uuid import UUID

import httpx

from bench.load import Measured, Request, run_load
from bench.world import seed
from gevinst_shared.cli.house import House
from gevinst_shared.cli.ports import free_port
from gevinst_shared.values.actor import Role

OPERATIONS = ("list", "get", "create")
GOALS = {"list": 0.6, "get": 0.4, "create": 0.4}
World = dict[str, tuple[UUID, list[UUID]]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One operation over one way with one number of connections; the ratio is to the limit's rate."""

    operation: str
    way: str
    connections: int
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float


async def measure_api(
    house: House, *, rounds: int, seconds: float, report: Callable[[str], None]
) -> list[Figure]:
    """The limit, the service directly, and the service through the gateway, in turn, round by round."""
    world = await seed(house.admin_url)
    tokens = {organisation: house.token(Role.PORTFOLIO_OFFICE, organisation) for organisation in world}
    port = free_port()
    limit = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.limit",
        f"{house.admin_url.rsplit('/', 1)[0]}/gevinst_portfolio",
        str(port),
    )
    ways = {
        "limit": f"http://127.0.0.1:{port}",
        "direct": house.service_url("portfolio"),
        "gateway": house.base_url,
    }
    try:
        await _until_ready(f"{ways['limit']}/list?organisation=x&portfolio={UUID(int=0)}")
        found: list[Figure] = []
        for connections in (1, 32):
            for operation in OPERATIONS:
                report(f"Measuring {operation}, {connections} connection(s) …")
                seen: dict[str, list[Measured]] = {way: [] for way in ways}
                for number in range(rounds + 1):
                    for way, url in ways.items():
                        source = _source(operation, world, tokens, is_limit=way == "limit")
                        once = await asyncio.to_thread(
                            run_load, url, source, connections=connections, seconds=seconds
                        )
                        if number:  # the first round warms up
                            seen[way].append(once)
                found += _figures(operation, connections, seen)
    finally:
        limit.terminate()
        await limit.wait()
    return found


def written(figures: list[Figure]) -> list[dict[str, object]]:
    return [asdict(figure) for figure in figures]


def _figures(operation: str, connections: int, seen: dict[str, list[Measured]]) -> list[Figure]:
    found = []
    for way, rounds in seen.items():
        ratios = [
            ours.per_second / limit.per_second for ours, limit in zip(rounds, seen["limit"], strict=True)
        ]
        whole = Measured(
            median(one.per_second for one in rounds), tuple(t for one in rounds for t in one.times_ms)
        )
        figure = Figure(
            operation,
            way,
            connections,
            whole.per_second,
            median(ratios),
            whole.percentile(0.5),
            whole.percentile(0.99),
        )
        found.append(figure)
    return found


def _source(
    operation: str, world: World, tokens: dict[str, str], *, is_limit: bool
) -> Callable[[], Iterator[Request]]:
    rng = random.Random(1)
    make = {"list": _list, "get": _get, "create": _create}[operation]

    def requests() -> Iterator[Request]:
        mixed = [
            make(organisation, portfolio, projects, is_limit)
            for organisation, (portfolio, projects) in world.items()
        ]
        rng.shuffle(mixed)
        if is_limit:
            return cycle(request for _, request in mixed)
        return cycle(_signed(request, tokens[organisation]) for organisation, request in mixed)

    return requests


def _list(organisation: str, portfolio: UUID, _: list[UUID], is_limit: bool) -> tuple[str, Request]:  # noqa: FBT001
    path = (
        f"/list?organisation={organisation}&portfolio={portfolio}"
        if is_limit
        else f"/portfolio/v1/projects?portfolio={portfolio}&sort=name&limit=50"
    )
    return organisation, Request("GET", path)


def _get(organisation: str, _: UUID, projects: list[UUID], is_limit: bool) -> tuple[str, Request]:  # noqa: FBT001
    path = f"/get/{projects[7]}?organisation={organisation}"
    return organisation, Request("GET", path if is_limit else f"/portfolio/v1/projects/{projects[7]}")


def _create(organisation: str, portfolio: UUID, _: list[UUID], is_limit: bool) -> tuple[str, Request]:  # noqa: FBT001
    body = json.dumps({"portfolio_id": str(portfolio), "name": "A new project"}).encode()
    path = f"/create?organisation={organisation}" if is_limit else "/portfolio/v1/projects"
    return organisation, Request("POST", path, body=body)


def _signed(request: Request, token: str) -> Request:
    return Request(request.method, request.path, (("Authorization", f"Bearer {token}"),), request.body)


async def _until_ready(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(100):
            try:
                await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return
