"""Charts as pictures: drawn once, kept while there is room, shared by all who ask at the same time."""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from math import sqrt

from opentelemetry.metrics import get_meter

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.charts.svg import finished
from gevinst_shared.charts.themes import Theme

_ASKED = get_meter(__name__).create_counter(
    "gevinst.pictures.asked", "{picture}", "Pictures that were asked for: kept, drawn, or shared while drawn."
)
# Dots to a pixel: sharp on common screens, and in print at half a page.
_SCALE, _MOST_DOTS = 2.0, 12_000_000
_SIZE = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')


class Pictures:
    """Pictures by fingerprint; those not asked for longest leave when they take more than `room` bytes."""

    def __init__(self, renderer: Renderer, *, room: int) -> None:
        self._renderer = renderer
        self._room = room
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0
        self._drawing: dict[str, asyncio.Task[bytes]] = {}

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    async def svg(self, chart: Chart, theme: Theme) -> bytes:
        async def draw() -> bytes:
            drawn = await self._renderer.svg(chart.grammar, chart.specification)
            return finished(drawn, chart, theme).encode()

        return await self._once(f"{chart.fingerprint(theme.stamp)}.svg", draw)

    async def png(self, chart: Chart, theme: Theme) -> bytes:
        async def draw() -> bytes:
            svg = (await self.svg(chart, theme)).decode()
            return await self._renderer.png(svg, scale=_scale(svg))

        return await self._once(f"{chart.fingerprint(theme.stamp)}.png", draw)

    async def close(self) -> None:
        for task in self._drawing.values():
            task.cancel()
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)
        await self._renderer.close()

    async def _once(self, key: str, draw: Callable[[], Awaitable[bytes]]) -> bytes:
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            _ASKED.add(1, {"source": "kept"})
            return kept
        task = self._drawing.get(key)
        _ASKED.add(1, {"source": "drawn" if task is None else "shared"})
        if task is None:
            task = asyncio.create_task(self._drawn(key, draw))
            self._drawing[key] = task
            task.add_done_callback(lambda done: self._settled(key, done))
        # One reader who leaves does not take the picture from the others.
        return await asyncio.shield(task)

    async def _drawn(self, key: str, draw: Callable[[], Awaitable[bytes]]) -> bytes:
        picture = await draw()
        self._keep(key, picture)
        return picture

    def _settled(self, key: str, task: "asyncio.Task[bytes]") -> None:
        del self._drawing[key]
        if not task.cancelled():
            task.exception()  # it is told to those who wait, if anybody still does

    def _keep(self, key: str, picture: bytes) -> None:
        if len(picture) > self._room:
            return
        self._kept[key] = picture
        self._size += len(picture)
        while self._size > self._room:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone)


def _scale(svg: str) -> float:
    """Dots to a pixel: fewer for a picture so large that it would take minutes and gigabytes."""
    found = _SIZE.search(svg)
    assert found is not None
    pixels = float(found[1]) * float(found[2])
    return min(_SCALE, sqrt(_MOST_DOTS / max(pixels, 1.0)))
