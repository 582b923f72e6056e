"""Answers of operations, streams among them."""

import asyncio

import httpx


async def answered(client: httpx.AsyncClient, request: httpx.Request, *, is_stream: bool) -> httpx.Response:
    """The answer; of a stream what comes in the first moments."""
    if not is_stream:
        return await client.send(request)
    answer = await client.send(request, stream=True)
    text = b""

    async def read() -> None:
        nonlocal text
        async for part in answer.aiter_raw():
            text += part

    try:
        await asyncio.wait_for(read(), 0.5)
    except TimeoutError:
        pass
    finally:
        await answer.aclose()
    return httpx.Response(answer.status_code, headers=answer.headers, content=text, request=request)
