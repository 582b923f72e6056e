"""X2, X3: what one installation shares, another one has, over a wire that tears, lies and stalls."""

import asyncio
import json
from typing import Any

import pytest

from tests.portfolio.two_installations import FEED, House, Side, acquainted, answer, changed, pages


async def test_what_is_shared_is_there_after_one_reading_and_what_is_not_is_not(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    shared = await giver.project("Shared")
    await giver.project("Secret")
    await giver.share(reader, shared)

    await reader.read()

    assert await reader.has(giver) == ["Shared"]
    assert (await reader.reading(giver))["fault"] is None
    assert (await reader.inlet(giver))["read_in_full_at"] is not None


async def test_what_is_revoked_is_gone_after_one_reading(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    grant = await giver.share(reader, await giver.project("For a while"))
    await reader.read()
    assert await reader.has(giver) == ["For a while"]

    await giver.end(grant)
    await reader.read()

    assert await reader.has(giver) == []


async def test_a_page_that_comes_again_changes_nothing(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    project = await giver.project("First")
    await giver.share(reader, project)
    kept: list[bytes] = []

    async def again(send: Any, status: int, body: bytes) -> None:
        kept.append(body)
        await answer(send, status, kept[0])

    changed(giver.house, again)
    await reader.read()
    await giver.rename(project, "Second")
    before = await reader.inlet(giver)
    await reader.read()
    after = await reader.inlet(giver)

    assert await reader.has(giver) == ["First"]
    assert (after["number"], after["taken"]) == (before["number"], before["taken"])
    giver.house.disturb = None
    await reader.read()
    assert await reader.has(giver) == ["Second"]


async def test_a_page_that_is_cut_changes_nothing_and_is_asked_for_again(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Long"))

    async def cut(send: Any, status: int, body: bytes) -> None:
        with_end_missing = body[: len(body) // 2]
        await answer(send, status, with_end_missing, length=len(body))

    changed(giver.house, cut)
    await reader.read()

    assert await reader.has(giver) == []
    assert (await reader.reading(giver))["fault"] == "partner-answer-lost"
    giver.house.disturb = None
    await reader.read()
    assert await reader.has(giver) == ["Long"]
    assert (await reader.reading(giver))["fault"] is None


ODD: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"<html>", "no-json"),
    "deep": (b"[" * 100_000, "too-deep"),
    "long": (b" " * 9_000_000, "too-long"),
    "of another shape": (b"{}", "wrong-shape"),
}


@pytest.mark.parametrize("name", ODD)
async def test_what_is_no_page_is_put_aside(pair: tuple[Side, Side], name: str) -> None:
    giver, reader = pair
    body, reason = ODD[name]

    async def odd(send: Any, _status: int, _body: bytes) -> None:
        await answer(send, 200, body)

    changed(giver.house, odd)
    await reader.read()

    assert await reader.quarantine(giver) == [reason]
    assert (await reader.reading(giver))["fault"] == reason


async def test_a_wrong_signature_is_put_aside_and_the_rest_is_taken(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    for name in ("One", "Two"):
        await giver.share(reader, await giver.project(name))

    async def forge(send: Any, status: int, body: bytes) -> None:
        page = json.loads(body)
        head, payload, signature = page["revisions"][0].split(".")
        turned = signature[:10] + ("A" if signature[10] != "A" else "B") + signature[11:]
        page["revisions"][0] = f"{head}.{payload}.{turned}"
        await answer(send, status, json.dumps(page).encode())

    changed(giver.house, forge)
    await reader.read()

    assert await reader.quarantine(giver) == ["wrong-signature"]
    assert len(await reader.has(giver)) == 1


async def test_anothers_records_are_put_aside(houses: tuple[House, House], pair: tuple[Side, Side]) -> None:
    """A third body's revisions for the reader, well signed by that body, passed on by the giver."""
    giver, reader = pair
    third = Side(houses[0])
    await third.settle_in()
    await acquainted(third, reader)
    await third.share(reader, await third.project("Third's"))
    await reader.read()
    assert await reader.has(third) == ["Third's"]
    taken = await pages(third, reader)

    async def pass_on(send: Any, status: int, body: bytes) -> None:
        page = json.loads(body)
        page["revisions"] = taken["revisions"]
        await answer(send, status, json.dumps(page).encode())

    changed(giver.house, pass_on)
    await reader.read()

    assert await reader.has(giver) == []
    assert await reader.has(third) == ["Third's"]


async def test_a_silent_partner_holds_up_no_other(
    houses: tuple[House, House], pair: tuple[Side, Side]
) -> None:
    giver, reader = pair
    second = Side(houses[0])
    await second.settle_in()
    await acquainted(second, reader)
    await second.share(reader, await second.project("Quick"))
    app = giver.house.app

    async def stall(scope: Any, receive: Any, send: Any) -> None:
        if giver.organisation.encode() in scope.get("query_string", b"").replace(b"%3A", b":"):
            await asyncio.sleep(30)
        await app(scope, receive, send)

    giver.house.disturb = stall
    clock = asyncio.get_running_loop().time
    begun = clock()
    await reader.read(seconds=1.5)

    assert clock() - begun < 10
    assert await reader.has(second) == ["Quick"]
    assert (await reader.reading(giver))["fault"] == "partner-answer-lost"
    assert (await reader.reading(giver))["failures"] == 1


async def test_a_new_key_is_taken_over_and_nothing_is_put_aside_for_it(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Signed anew"))
    async with giver.administrator as client:
        assert (await client.post("/sync-identity/renew")).status_code == 200

    await reader.read()
    assert await reader.has(giver) == []
    assert (await reader.reading(giver))["fault"] == "unknown-partner-key"
    await reader.introduce()
    await reader.read()

    assert await reader.has(giver) == ["Signed anew"]
    assert await reader.quarantine(giver) == []


async def test_who_is_paused_keeps_what_it_has_and_who_is_stopped_deletes_it(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Kept"))
    await reader.read()

    await giver.tell(reader, "pause")
    await reader.read()
    paused = await reader.has(giver), (await reader.reading(giver))["fault"]
    await giver.tell(reader, "resume")
    await giver.tell(reader, "stop")
    await reader.read()
    stopped = await reader.has(giver), (await reader.reading(giver))["fault"]

    assert paused == (["Kept"], "partner-paused-there")
    assert stopped == ([], "stopped-by-partner")


async def test_whom_we_pause_or_stop_is_not_read(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Unread"))
    await reader.tell(giver, "pause")
    giver.house.asked.clear()
    await reader.read()
    assert FEED not in giver.house.asked
    await reader.tell(giver, "resume")
    await reader.read()
    assert await reader.has(giver) == ["Unread"]


async def test_an_old_cursor_gets_everything_anew_and_what_is_not_named_goes(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Stays"))
    await reader.read()
    async with reader.work() as connection:
        await connection.execute(
            "UPDATE sync_inlet SET cursor = 'from-before-the-flood' WHERE partner_id = $1",
            reader.partners[giver.organisation],
        )

    await reader.read()

    assert await reader.has(giver) == ["Stays"]
    assert (await reader.inlet(giver))["cursor"] != "from-before-the-flood"
