"""Whoever loads examples goes on more slowly when the gateway asks for it."""

import asyncio

from gevinst_shared.cli.api import Caller

_SLOWLY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
_DONE = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"id": "one"}'


async def test_too_many_requests_are_asked_again() -> None:
    answers = [_SLOWLY, _SLOWLY, _DONE]
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while answers:
            asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
            writer.write(answers.pop(0))
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Caller(f"http://127.0.0.1:{port}", "token") as caller:
        found = await caller.post("portfolio/units")

    assert found == {"id": "one"}
    assert asked == [b"POST /portfolio/v1/units HTTP/1.1"] * 3
