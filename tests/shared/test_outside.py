"""Calls to the outside, over real sockets: where they may go, and how honestly they end (OWASP API7)."""

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from gevinst_shared.http.outside import AnswerLostError, NotPublicError, NotReachedError, Outside, resolve
from gevinst_shared.values.networks import Address, read_address, read_network
from gevinst_shared.values.web_address import web_address
from tests.support.certificates import self_signed
from tests.support.http_receiver import DROP, HANG, REFUSE, Receiver, http_receiver

LOOPBACK = [read_network("127.0.0.0/8")]


class Names:
    """A resolver that answers what it is told, and then something else."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = [[read_address(text) for text in answer] for answer in answers]
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[Address]:
        self.asked += 1
        return self.answers[min(self.asked, len(self.answers)) - 1]


@asynccontextmanager
async def calling(receiver: Receiver, names: Names | None = None) -> AsyncIterator[tuple[Outside, int]]:
    async with http_receiver(receiver) as port, Outside(seconds=1, resolve=names or resolve) as outside:
        yield outside, port


async def test_what_is_sent_arrives_whole_with_its_headers() -> None:
    receiver = Receiver(otherwise="200 OK", body=b"thanks")
    async with calling(receiver) as (outside, port):
        address = web_address(f"http://127.0.0.1:{port}/hook?a=1")

        answer = await outside.post(address, b"{}", headers={"X-One": "1"}, allowed=LOOPBACK)

    assert (answer.status, answer.text) == (200, "thanks")
    received = receiver.requests[0]
    assert (received.method, received.target, received.content) == ("POST", "/hook?a=1", b"{}")
    assert received.headers["host"] == f"127.0.0.1:{port}"
    assert received.headers["x-one"] == "1"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]",
                                  "[::ffff:127.0.0.1]", "0.0.0.0", "0"])  # fmt: skip
async def test_however_loopback_is_written_nothing_goes_there(host: str) -> None:
    receiver = Receiver()
    async with calling(receiver) as (outside, port):
        with pytest.raises((NotPublicError, NotReachedError)):
            await outside.post(web_address(f"http://{host}:{port}/"), b"", headers={})

    assert receiver.connections == 0


async def test_a_name_with_one_answer_inside_is_refused_whatever_the_others_are() -> None:
    receiver = Receiver()
    async with calling(receiver, Names(["8.8.8.8", "127.0.0.1"])) as (outside, port):
        with pytest.raises(NotPublicError):
            await outside.post(web_address(f"http://hooks.example.no:{port}/"), b"", headers={})

    assert receiver.connections == 0


async def test_a_name_that_answers_differently_a_moment_later_gains_nothing() -> None:
    """Rebinding: what is called is what was looked at, so a second answer is never used unseen."""
    receiver = Receiver()
    names = Names(["192.0.2.1"], ["127.0.0.1"])
    async with calling(receiver, names) as (outside, port):
        for _ in range(2):
            with pytest.raises(NotPublicError):
                await outside.post(web_address(f"http://hooks.example.no:{port}/"), b"", headers={})

    assert names.asked == 2
    assert receiver.connections == 0


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    inside = Receiver()
    async with http_receiver(inside) as port_inside:
        receiver = Receiver(otherwise=f"307 Elsewhere\nLocation: http://127.0.0.1:{port_inside}/")
        async with calling(receiver) as (outside, port):
            answer = await outside.post(
                web_address(f"http://127.0.0.1:{port}/"), b"", headers={}, allowed=LOOPBACK
            )

    assert answer.status == 307
    assert inside.connections == 0


async def test_a_connection_made_with_one_organisations_networks_is_not_kept_for_another() -> None:
    receiver = Receiver()
    async with calling(receiver) as (outside, port):
        address = web_address(f"http://127.0.0.1:{port}/")
        await outside.post(address, b"", headers={}, allowed=LOOPBACK)
        with pytest.raises(NotPublicError):
            await outside.post(address, b"", headers={})

    assert len(receiver.requests) == 1


async def test_calls_that_may_go_to_the_same_networks_share_a_connection() -> None:
    receiver = Receiver(otherwise="200 OK", body=b"thanks")
    async with calling(receiver) as (outside, port):
        address = web_address(f"http://127.0.0.1:{port}/")
        for _ in range(3):
            answer = await outside.post(address, b"{}", headers={}, allowed=LOOPBACK)
        other = [*LOOPBACK, read_network("10.0.0.0/8")]
        await outside.post(address, b"{}", headers={}, allowed=other)

    assert answer.text == "thanks"
    assert (len(receiver.requests), receiver.connections) == (4, 2)


async def test_a_receiver_behind_https_is_known_by_its_certificate(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(10_000):
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")
        writer.close()

    certificate = self_signed(tmp_path)
    server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_tls.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_tls)
    address = web_address(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    known = ssl.create_default_context(cafile=str(certificate))
    async with server, Outside(seconds=2, tls_context=known) as outside, Outside(seconds=2) as stranger:
        answers = [await outside.post(address, b"{}", headers={}, allowed=LOOPBACK) for _ in range(2)]
        with pytest.raises(NotReachedError):
            await stranger.post(address, b"{}", headers={}, allowed=LOOPBACK)

    assert [(answer.status, answer.text) for answer in answers] == [(200, "hi"), (200, "hi")]


async def test_what_a_receiver_says_unasked_is_no_answer_to_the_next_call() -> None:
    """Some say 408 before they hang up a line that nobody used."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await asyncio.sleep(0.05)
        writer.write(b"HTTP/1.1 408 Request Timeout\r\n\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, Outside(seconds=1) as outside:
        address = web_address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        answers = []
        for _ in range(2):
            answers.append(await outside.post(address, b"", headers={}, allowed=LOOPBACK))
            await asyncio.sleep(0.1)

    assert [answer.status for answer in answers] == [204, 204]


async def test_a_closed_port_or_an_unknown_name_says_that_nothing_was_sent() -> None:
    async with Outside(seconds=2) as outside:
        with pytest.raises(NotReachedError):
            await outside.post(web_address("http://127.0.0.1:1/"), b"", headers={}, allowed=LOOPBACK)
        with pytest.raises(NotReachedError):
            await outside.post(web_address("https://nothing.invalid/"), b"", headers={})


@pytest.mark.parametrize("play", [DROP, HANG, REFUSE])
async def test_an_answer_that_never_comes_says_that_the_request_may_have_arrived(play: str) -> None:
    receiver = Receiver([play])
    async with calling(receiver) as (outside, port):
        with pytest.raises(AnswerLostError):
            await outside.post(web_address(f"http://127.0.0.1:{port}/"), b"{}", headers={}, allowed=LOOPBACK)


async def test_a_name_server_that_does_not_answer_holds_nobody_up_for_long() -> None:
    async def silent(host: str, port: int) -> Sequence[Address]:
        await asyncio.sleep(3600)
        return []

    async with Outside(seconds=0.2, resolve=silent) as outside:
        with pytest.raises(NotReachedError):
            await outside.post(web_address("https://hooks.example.no/"), b"", headers={})


async def test_an_endless_answer_is_read_to_a_bound() -> None:
    receiver = Receiver(otherwise="200 OK", body=b"x" * 1_000_000)
    async with calling(receiver) as (outside, port):
        answer = await outside.post(
            web_address(f"http://127.0.0.1:{port}/"), b"", headers={}, allowed=LOOPBACK
        )

    assert len(answer.text) == 4_000


@pytest.mark.parametrize(
    "part", [b"1\r\nx\r\n", b"HTTP/1.1 103 Early Hints\r\n\r\n"], ids=["chunks", "hints"]
)
async def test_an_answer_in_countless_parts_is_given_up(part: bytes) -> None:
    """Each costs time in which nobody else is called: all of these would take longer than a call may."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" if part[:1] == b"1" else b""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + part * 100_000)
        with suppress(OSError):
            await reader.read()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = web_address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    async with server, Outside(seconds=60) as outside:
        with pytest.raises(AnswerLostError, match="too many parts"):
            await outside.get(address, headers={}, allowed=LOOPBACK, most_bytes=2**23)


async def test_a_plain_receiver_behind_https_is_not_reached() -> None:
    receiver = Receiver()
    async with calling(receiver) as (outside, port):
        with pytest.raises(NotReachedError):
            await outside.post(web_address(f"https://127.0.0.1:{port}/"), b"", headers={}, allowed=LOOPBACK)

    assert receiver.requests == []


async def test_a_name_is_found_although_the_loops_own_threads_are_all_taken() -> None:
    """A silent name server takes a thread for half a minute; a handful of such names must not take all."""
    over = threading.Event()
    loop = asyncio.get_running_loop()
    taken = [loop.run_in_executor(None, over.wait) for _ in range(40)]
    try:
        async with asyncio.timeout(20):
            found = await resolve("127.0.0.1", 80)
    finally:
        over.set()
        await asyncio.gather(*taken)

    assert found == [read_address("127.0.0.1")]
