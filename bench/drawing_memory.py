"""What each drawing process holds in memory: after every chart once, and after many more pictures."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from bench.charts import examples
from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.charts.svg import finished
from gevinst_shared.charts.themes import HOUSE

PROCESSES = 2
PICTURES = 200
# A tenth more than after the first of each: what a process learns late, not what it loses.
MOST_GROWTH = 1.1


@dataclass(frozen=True, slots=True)
class Held:
    """Megabytes of one process: `rss` with what it shares with others, `pss` with its part of that."""

    rss: float
    pss: float


@dataclass(frozen=True, slots=True)
class WorkerMemory:
    process: int
    pictures: int
    warm: Held
    after: Held

    @property
    def growth(self) -> float:
        """How many times as much it holds in the end; by `rss`, as `pss` changes with what others share."""
        return self.after.rss / self.warm.rss


async def measure_memory(*, pictures: int) -> list[WorkerMemory]:
    """Half of the pictures are SVG, half PNG; both processes draw them all the time."""
    renderer = Renderer(processes=PROCESSES)
    try:
        for _, one in examples():
            await _draw(renderer, [one] * PROCESSES)
        pids = renderer.pids
        warm = [_held(pid) for pid in pids]
        usual = [one for _, one in examples(trees=((13, 18), (60, 80)))]
        await _draw(renderer, islice(cycle(usual), pictures // 2))
        assert renderer.pids == pids, "a process was replaced"
        after = [_held(pid) for pid in pids]
    finally:
        await renderer.close()
    return [
        WorkerMemory(number, pictures, *held)
        for number, held in enumerate(zip(warm, after, strict=True), start=1)
    ]


async def _draw(renderer: Renderer, charts: Iterable[Chart]) -> None:
    """As many at a time as there are processes."""
    left = iter(charts)

    async def some() -> None:
        for chart in left:
            drawn = await renderer.svg(chart.grammar, chart.specification)
            await renderer.png(finished(drawn, chart, HOUSE), scale=2)

    await asyncio.gather(*(some() for _ in range(PROCESSES)))


def _held(pid: int) -> Held:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return Held(kilobytes["Rss"] * 1024 / 1e6, kilobytes["Pss"] * 1024 / 1e6)
