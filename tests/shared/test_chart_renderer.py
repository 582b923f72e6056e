"""The processes that draw: warm, bounded, and replaced when they break."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from gevinst_shared.charts.chart import Chart, Grammar, Table
from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy, Renderer
from gevinst_shared.charts.themes import HOUSE, Theme
from tests.support.waiting import until

pytestmark = pytest.mark.slow
BAR: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"a": "A", "b": 3}, {"a": "B", "b": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}
# Counts for minutes: nobody waits for that.
ENDLESS: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega/v6.json",
    "data": [{"name": "much", "transform": [{"type": "sequence", "start": 0, "stop": 2_000_000_000}]}],
}


@pytest.fixture
async def renderer() -> AsyncIterator[Renderer]:
    made = Renderer(processes=1, most_waiting=2, seconds=20)
    yield made
    await made.close()


def chart(**members: Any) -> Chart:
    values = {
        "name": "bars",
        "language": "nb",
        "title": "To stolper",
        "description": "A er 3, B er 5.",
        "grammar": Grammar.VEGA_LITE,
        "specification": BAR,
        "tables": (Table("To stolper", ("Navn", "Tall"), (("A", "3"), ("B", "5"))),),
    }
    return Chart(**values | members)


async def test_no_process_runs_before_a_picture_is_asked_for_and_then_it_stays(renderer: Renderer) -> None:
    before = renderer.pids
    await renderer.svg("vega-lite", BAR)
    first = renderer.pids
    await renderer.svg("vega-lite", BAR)

    assert before == []
    assert len(first) == 1
    assert renderer.pids == first


async def test_a_killed_process_is_replaced_and_the_picture_comes(renderer: Renderer) -> None:
    await renderer.svg("vega-lite", BAR)
    (killed,) = renderer.pids
    os.kill(killed, signal.SIGKILL)

    picture = await renderer.svg("vega-lite", BAR)

    assert picture.startswith("<svg")
    assert renderer.pids != [killed]


async def test_a_process_that_is_killed_while_it_draws_is_replaced() -> None:
    renderer = Renderer(processes=1, seconds=30)
    await renderer.svg("vega-lite", BAR)
    (drawing,) = renderer.pids
    endless = asyncio.create_task(renderer.svg("vega", ENDLESS))
    await asyncio.sleep(0.2)
    os.kill(drawing, signal.SIGKILL)

    async def is_another() -> bool:
        return renderer.pids not in ([], [drawing])

    await until(is_another)
    os.kill(renderer.pids[0], signal.SIGKILL)

    with pytest.raises(PictureNotDrawn):
        await endless
    assert (await renderer.svg("vega-lite", BAR)).startswith("<svg")
    await renderer.close()


async def test_a_picture_that_takes_too_long_is_given_up_and_others_are_drawn() -> None:
    renderer = Renderer(processes=1, seconds=3)
    await renderer.svg("vega-lite", BAR)
    (hung,) = renderer.pids

    with pytest.raises(PictureNotDrawn):
        await renderer.svg("vega", ENDLESS)

    with pytest.raises(ProcessLookupError):
        os.kill(hung, 0)
    assert (await renderer.svg("vega-lite", BAR)).startswith("<svg")
    await renderer.close()


async def test_who_comes_when_too_many_wait_is_told_so(renderer: Renderer) -> None:
    waiting = [asyncio.create_task(renderer.svg("vega-lite", BAR)) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(PicturesBusy):
        await renderer.svg("vega-lite", BAR)
    assert all(one.startswith("<svg") for one in await asyncio.gather(*waiting))


async def test_a_specification_that_is_none_is_refused_and_the_process_lives_on(renderer: Renderer) -> None:
    with pytest.raises(PictureNotDrawn):
        await renderer.svg("vega-lite", {"mark": "no such mark", "encoding": 3})
    (pid,) = renderer.pids

    await renderer.svg("vega-lite", BAR)

    assert renderer.pids == [pid]


async def test_nothing_is_fetched_whatever_is_to_be_drawn(renderer: Renderer) -> None:
    """Neither a page, of which a server of our own would hear, nor a file."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/data.json"
    image = {"type": "image", "encode": {"enter": {"url": {"value": address}}}}
    odd = [
        ("vega-lite", BAR | {"data": {"url": address}}),
        ("vega-lite", BAR | {"data": {"url": "file:///etc/passwd"}}),
        ("vega", {"marks": [image]}),
    ]
    pictures = [f'<image href="{address}"/>', f"<rect fill='url({address})'/>", "<style>@import 'x'</style>"]
    refused = 0
    for grammar, specification in odd:
        with pytest.raises(PictureNotDrawn):
            await renderer.svg(grammar, specification)
        refused += 1
    for part in pictures:
        with pytest.raises(PictureNotDrawn):
            await renderer.png(f'<svg xmlns="http://www.w3.org/2000/svg">{part}</svg>', scale=1)
        refused += 1
    server.close()
    await server.wait_closed()

    assert (refused, asked) == (6, [])


@pytest.mark.parametrize(
    "name",
    [
        "a\ufffeb\uffff\x01",
        "😀 prosjekt 👩‍👩‍👧",
        "\u202eabc\u0085\x7f",
        "</text><script>run()</script>",
        "]]>&amp;<!--",
        "日本語 עברית العربية",
        "e\u0301" * 60,
        "A" * 200,
        "${datum} {{x}} %s \\u0000",
    ],
    ids=range(9),
)
async def test_whatever_people_call_things_can_be_drawn(renderer: Renderer, name: str) -> None:
    """One character that XML does not have would end the process."""
    named = {**BAR, "title": name, "data": {"values": [{"a": name, "b": 3}]}}
    pictures = Pictures(renderer, room=0)

    svg = await pictures.svg(chart(title=name, specification=named), HOUSE)
    png = await pictures.png(chart(title=name, specification=named), HOUSE)

    assert fromstring(svg)[0].text
    assert b"<script" not in svg
    assert png.startswith(b"\x89PNG")
    assert len(renderer.pids) == 1


async def test_the_same_picture_is_drawn_once_for_all_who_ask_at_the_same_time(renderer: Renderer) -> None:
    """A page with two hundred embeds waits for one drawing."""
    pictures = Pictures(renderer, room=1_000_000)

    found = await asyncio.gather(*(pictures.svg(chart(), HOUSE) for _ in range(200)))

    assert len(set(found)) == 1


async def test_kept_pictures_stay_within_their_room(renderer: Renderer) -> None:
    pictures = Pictures(renderer, room=10_000)
    for number in range(4):
        await pictures.svg(chart(title=f"Nummer {number}"), HOUSE)

    assert 0 < pictures.size <= 10_000
    png = await pictures.png(chart(), HOUSE)
    assert png.startswith(b"\x89PNG")


async def test_a_logo_makes_another_picture(renderer: Renderer) -> None:
    pictures = Pictures(renderer, room=1_000_000)
    logo = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
        "0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
    )

    plain, own = await pictures.svg(chart(), HOUSE), await pictures.svg(chart(), Theme(logo=logo))

    assert b"data:image/png" not in plain
    assert b"data:image/png" in own
