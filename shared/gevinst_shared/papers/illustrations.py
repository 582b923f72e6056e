"""Charts in papers: the same charts as elsewhere, for print, each with what stands there without it."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from gevinst_shared.charts.chart import Branch, Chart
from gevinst_shared.charts.chart import Table as ChartTable
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy
from gevinst_shared.charts.specification import View, without_head
from gevinst_shared.charts.svg import OddPicture
from gevinst_shared.charts.themes import Theme
from gevinst_shared.charts.words import read_words
from gevinst_shared.papers.model import (
    Block,
    Column,
    Figure,
    Illustration,
    Note,
    Paper,
    Paragraph,
    Row,
    Table,
    Written,
)
from gevinst_shared.papers.wording import Words

MOST_ROWS = 40
# The PDF is set in it, so that it is there wherever a picture is drawn for print.
_TYPEFACE = "Libertinus Serif"
# In pixels: text of 12 of them is about 8 points on a page that is 166 mm wide inside its margins.
_WIDTH = 720
_PAGE_POINTS = 470.0, 640.0
# Text of 12 pixels may not become smaller than 5 points.
_SMALLEST_SCALE = 5 / 12
_SIZE = re.compile(r'<svg [^>]*?width="([0-9.]+)" height="([0-9.]+)"')
_LONGEST_SECONDS = 15.0


class Drawing(Protocol):
    """Whoever makes a picture of a chart, such as `gevinst_shared.charts.pictures.Pictures`."""

    async def svg(self, chart: Chart, theme: Theme) -> bytes: ...


def view_for_print(words: Words, theme: Theme) -> View:
    """How charts look in a paper: light, in the paper's typeface, in the organisation's colours, no logo."""
    printed = replace(theme, font=_TYPEFACE, logo=None)
    return View(read_words(words.package, words.language), printed, is_dark=False, width=_WIDTH)


def illustration(
    chart: Chart, view: View, words: Words, *, instead: Sequence[Written] | None = None
) -> Block:
    """A chart in a paper; a chart of nothing is only a sentence.

    Where it cannot be drawn, a note with what it says stands there, then `instead`: the chart's own rows,
    unless the paper has them anyway.
    """
    if chart.is_empty:
        return Paragraph(chart.spoken)
    note = Note(words.say("picture-missing", title=chart.title, said=chart.spoken))
    found = tuple(_rows(chart, words)) if instead is None else tuple(instead)
    return Illustration(chart, view.theme, (note, *found))


async def illustrated(paper: Paper, drawing: Drawing) -> tuple[Paper, bool]:
    """The paper with its charts drawn, and whether all could be: a picture never stops a paper."""
    drawn = await asyncio.gather(
        *(_drawn(block, drawing) for block in paper.blocks if isinstance(block, Illustration))
    )
    figures = iter(drawn)
    blocks = tuple(
        (next(figures) or block) if isinstance(block, Illustration) else block for block in paper.blocks
    )
    return replace(paper, blocks=blocks), all(drawn)


async def _drawn(block: Illustration, drawing: Drawing) -> Block | None:
    """None where it could not be drawn now; the block itself where it would be too small to read."""
    specification, said = without_head(block.chart.specification)
    chart = replace(block.chart, specification=specification)
    try:
        svg = (await asyncio.wait_for(drawing.svg(chart, block.theme), _LONGEST_SECONDS)).decode()
    except (PicturesBusy, PictureNotDrawn, OddPicture, TimeoutError):
        return None
    width, height = _size(svg)
    scale = _scale(width, height)
    if scale < _SMALLEST_SCALE and _scale(height, width) > scale:
        svg, width, height = _sideways(svg, width, height), height, width
        scale = _scale(width, height)
    if scale < _SMALLEST_SCALE:
        return block
    return Figure(f"{chart.title}.", chart.spoken, svg, scale * width / _PAGE_POINTS[0], said)


def _size(svg: str) -> tuple[float, float]:
    found = _SIZE.search(svg)
    assert found is not None
    return float(found[1]), float(found[2])


def _scale(width: float, height: float) -> float:
    """Points to a pixel, so that the picture fits on a page."""
    return min(_PAGE_POINTS[0] / max(width, _WIDTH), _PAGE_POINTS[1] / height)


def _sideways(svg: str, width: float, height: float) -> str:
    """The picture turned a quarter to the left, for a wide one on a page of its own."""
    size = f'width="{height:g}" height="{width:g}" viewBox="0 0 {height:g} {width:g}"'
    turned = f'<g transform="translate(0 {width:g}) rotate(-90)">{svg}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{turned}</svg>'


def _rows(chart: Chart, words: Words) -> Iterator[Written]:
    if chart.outline:
        lines = list(_lines(chart.outline))
        yield Paragraph("\n".join(lines[:MOST_ROWS]))
        if len(lines) > MOST_ROWS:
            yield Paragraph(words.say("more-rows", count=len(lines) - MOST_ROWS))
    for table in chart.tables:
        yield _table(table)
        if len(table.rows) > MOST_ROWS:
            yield Paragraph(words.say("more-rows", count=len(table.rows) - MOST_ROWS))


def _lines(branches: Sequence[Branch], depth: int = 0) -> Iterator[str]:
    for one in branches:
        yield f"{'– ' * depth}{one.text}"
        yield from _lines(one.branches, depth + 1)


def _table(table: ChartTable) -> Table:
    columns = tuple(
        Column(title, 2 if place else 3, is_number=place in table.numeric)
        for place, title in enumerate(table.columns)
    )
    return Table(table.caption, columns, tuple(Row(cells) for cells in table.rows[:MOST_ROWS]))
