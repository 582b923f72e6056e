"""Pictures: from memory against a file through the same gateway, not drawn yet, and 200 on one page.

The file is one of the same size in the memory of an ASGI server of the same kind (uvicorn, one process, no
framework and no database), behind the same gateway, asked for in the same rounds; nothing is compressed.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from statistics import median

import httpx
from rich.table import Table

from bench.charts import Drawn, measure_drawing
from bench.drawing_memory import MOST_GROWTH, WorkerMemory, measure_memory
from bench.load import Measured, Request, run_load
from bench.static_file import file_path
from bench.world import seed
from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role

GOAL = 0.5
EMBEDS = 200
# What a browser opens to one host of HTTP/1.1.
_BROWSER_CONNECTIONS = 6
_SVG = ("Accept", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class ServedFigure:
    """One picture by one way; `ratio` is to a file of the same size through the gateway."""

    picture: str
    way: str
    bytes: int
    connections: int
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class PageFigure:
    """An intranet page with so many embeds over a browser's six connections, and how many of them came."""

    visit: str
    embeds: int
    came: int
    seconds: float
    p50_ms: float
    slowest_ms: float


@dataclass(frozen=True, slots=True)
class PictureFigures:
    served: list[ServedFigure]
    pages: list[PageFigure]
    drawn: list[Drawn]
    memory: list[WorkerMemory]


@dataclass(frozen=True, slots=True)
class _Office:
    client: httpx.AsyncClient
    token: str
    portfolio: str

    async def publish(self, resource: str) -> dict[str, str]:
        body = {"resource": resource, "origins": ["https://intranet.example"]}
        answer = await self.client.post("/portfolio/v1/embeds", json=body)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found


async def measure_pictures(
    house: House, *, rounds: int, seconds: float, embeds: int, drawings: int, report: Callable[[str], None]
) -> PictureFigures:
    """Everything in the same run; the house serves a file in the place of one service. `drawings` are the
    pictures that the drawing processes make between two looks at their memory."""
    organisation, (portfolio, _) = next(iter((await seed(house.admin_url)).items()))
    token = house.token(Role.PORTFOLIO_OFFICE, organisation)
    headers = {"Authorization": f"Bearer {token}"}
    served: list[ServedFigure] = []
    async with httpx.AsyncClient(
        base_url=house.base_url, headers=headers, timeout=60, trust_env=False
    ) as client:
        office = _Office(client, token, f"/portfolios/{portfolio}")
        report(f"Measuring a page with {embeds} embeds …")
        pages = await _pages(house, office, embeds)
        for name in ("load-map", "roadmap"):
            for connections in (1, 32):
                report(f"Measuring {name} from memory, {connections} connection(s) …")
                served += await _served(house, office, name, connections, rounds=rounds, seconds=seconds)
    report("Drawing …")
    drawn = await measure_drawing(rounds=rounds * 3)
    return PictureFigures(served, pages, drawn, await measure_memory(pictures=drawings))


async def _served(
    house: House, office: _Office, name: str, connections: int, *, rounds: int, seconds: float
) -> list[ServedFigure]:
    resource = f"{office.portfolio}/charts/{name}?scheme=light&width=720"
    embed = await office.publish(f"{resource}&language=nb")
    chart = f"/portfolio/v1{resource}"
    picture = (await office.client.get(chart, headers=dict([_SVG]))).content
    signed = (("Authorization", f"Bearer {office.token}"), _SVG)
    ways = {
        "file": Request("GET", file_path(len(picture))),
        "published": Request("GET", embed["svg"].removeprefix(house.settings.public_url)),
        "with a token": Request("GET", chart, signed),
    }
    seen: dict[str, list[Measured]] = {way: [] for way in ways}
    for number in range(rounds + 1):
        for way, request in ways.items():
            once = await asyncio.to_thread(
                run_load, house.base_url, _always(request), connections=connections, seconds=seconds
            )
            if number:  # the first round warms up
                seen[way].append(once)
    return [_figure(name, way, len(picture), connections, found, seen["file"]) for way, found in seen.items()]


def _always(request: Request) -> Callable[[], Iterator[Request]]:
    return lambda: repeat(request)


def _figure(
    name: str, way: str, size: int, connections: int, found: list[Measured], file: list[Measured]
) -> ServedFigure:
    ratio = median(ours.per_second / theirs.per_second for ours, theirs in zip(found, file, strict=True))
    whole = Measured(median(one.per_second for one in found), tuple(t for one in found for t in one.times_ms))
    times = (whole.percentile(0.5), whole.percentile(0.99))
    return ServedFigure(name, way, size, connections, whole.per_second, ratio, *times)


async def _pages(house: House, office: _Office, count: int) -> list[PageFigure]:
    """Every embed is another one; the first visitor waits until each is drawn, the second does not."""
    chart = f"{office.portfolio}/charts/load-map?scheme=light&language=nb"
    embeds = [await office.publish(f"{chart}&width={480 + at}") for at in range(count)]
    paths = [one["page"].removeprefix(house.settings.public_url) for one in embeds]
    return [await _visit(house, paths, visit) for visit in ("first", "second")]


async def _visit(house: House, paths: list[str], visit: str) -> PageFigure:
    times: list[float] = []
    statuses: list[int] = []
    left = iter(paths)

    async def fetch(client: httpx.AsyncClient) -> None:
        for path in left:
            begun = time.perf_counter()
            statuses.append((await client.get(path)).status_code)
            times.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    async with httpx.AsyncClient(base_url=house.base_url, timeout=60, trust_env=False) as client:
        await asyncio.gather(*(fetch(client) for _ in range(_BROWSER_CONNECTIONS)))
    took = time.perf_counter() - begun
    return PageFigure(visit, len(paths), statuses.count(200), took, median(times), max(times))


def picture_tables(found: PictureFigures) -> Iterator[Table]:
    yield _table(
        f"Pictures from memory as a share of a file of the same size, through the gateway; at least {GOAL}",
        ("picture", "way", "bytes", "connections", "per second", "ratio", "p50 ms", "p99 ms"),
        [
            (
                *(one.picture, one.way, f"{one.bytes:,}", str(one.connections)),
                *(f"{one.per_second:,.0f}", f"{one.ratio:.2f}", f"{one.p50_ms:.1f}", f"{one.p99_ms:.1f}"),
            )
            for one in found.served
        ],
    )
    yield _table(
        "One page with many embeds, over six connections",
        ("visit", "embeds", "came", "seconds", "p50 ms", "slowest ms"),
        [
            (
                *(one.visit, str(one.embeds), str(one.came), f"{one.seconds:.2f}"),
                *(f"{one.p50_ms:.1f}", f"{one.slowest_ms:.0f}"),
            )
            for one in found.pages
        ],
    )
    yield _table(
        "Charts that nobody has drawn yet, one process",
        ("chart", "SVG p50 ms", "PNG p50 ms", "SVG bytes", "process MB"),
        [
            (one.chart, f"{one.svg_ms:.0f}", f"{one.png_ms:.0f}", f"{one.bytes:,}", f"{one.megabytes:.0f}")
            for one in found.drawn
        ],
    )
    yield _table(
        "Memory of each drawing process: when it has drawn every chart, and pictures later",
        ("process", "warm RSS MB", "warm PSS MB", "pictures", "RSS MB", "PSS MB", "growth"),
        [
            (
                *(str(one.process), f"{one.warm.rss:.0f}", f"{one.warm.pss:.0f}", str(one.pictures)),
                *(f"{one.after.rss:.0f}", f"{one.after.pss:.0f}", f"{one.growth:.2f}"),
            )
            for one in found.memory
        ],
    )


def picture_goals(found: PictureFigures) -> Iterator[str]:
    """A line for each goal: what it is, what was found, and whether that is enough."""
    for connections in sorted({one.connections for one in found.served}):
        ratios = [
            (one.ratio, f"{one.picture}, {one.way}")
            for one in found.served
            if one.connections == connections and one.way != "file"
        ]
        least, which = min(ratios)
        middle = median(ratio for ratio, _ in ratios)
        yield _goal(
            f"SVG from memory over {connections} connection(s), of the limit: at least {GOAL}",
            f"{middle:.2f} as the median of {len(ratios)}, {least:.2f} at the least ({which})",
            is_met=least >= GOAL,
        )
    grown, pictures = max((one.growth, one.pictures) for one in found.memory)
    yield _goal(
        f"A drawing process after {pictures} pictures, of itself before: at most {MOST_GROWTH}",
        f"{grown:.2f}, {max(one.after.rss for one in found.memory):.0f} MB RSS",
        is_met=grown <= MOST_GROWTH,
    )
    for one in found.pages:
        yield _goal(
            f"A page with {one.embeds} embeds, {one.visit} visit: every embed comes",
            f"{one.came} in {one.seconds:.1f} s, p50 {one.p50_ms:.0f} ms",
            is_met=one.came == one.embeds,
        )
    svgs = median(one.svg_ms for one in found.drawn[1:])
    yield f"Measured: a chart that nobody has drawn yet, SVG p50: {svgs:.0f} ms as the median of the charts"


def _goal(what: str, figures: str, *, is_met: bool) -> str:
    return f"{'Met' if is_met else 'MISSED'}: {what}: {figures}"


def _table(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Table:
    table = Table(title=title)
    for column in columns:
        is_text = column in {"picture", "way", "visit", "chart"}
        table.add_column(column, justify="left" if is_text else "right")
    for row in rows:
        table.add_row(*row)
    return table
