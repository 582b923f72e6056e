"""A process that draws as a service does, and meets what a service may: `python -m tests.support.drawing`."""

import asyncio
import os
import signal
from contextlib import suppress

from gevinst_shared.charts.chart import Chart, Grammar
from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy, Renderer
from gevinst_shared.charts.themes import HOUSE
from gevinst_shared.metrics import sent_metrics

BAR = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"a": "A", "b": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}
# Counts for minutes: nobody waits for that.
ENDLESS = {
    "$schema": "https://vega.github.io/schema/vega/v6.json",
    "data": [{"name": "much", "transform": [{"type": "sequence", "start": 0, "stop": 2_000_000_000}]}],
}


async def draw() -> None:
    """Three pictures of one chart at a time and one more, one with nobody free, one killed, one too slow."""
    renderer = Renderer(processes=1, most_waiting=1, seconds=5)
    pictures = Pictures(renderer, room=1_000_000)
    chart = Chart("bars", "en", "Bars", "A is 3.", Grammar.VEGA_LITE, BAR, ())
    together = asyncio.gather(*(pictures.svg(chart, HOUSE) for _ in range(3)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with suppress(PicturesBusy):
        await renderer.svg("vega-lite", BAR)
    await together
    await pictures.svg(chart, HOUSE)
    os.kill(renderer.pids[0], signal.SIGKILL)
    await pictures.png(chart, HOUSE)
    with suppress(PictureNotDrawn):
        await renderer.svg("vega", ENDLESS)
    await pictures.close()


if __name__ == "__main__":
    with sent_metrics("drawing", os.environ):
        asyncio.run(draw())
