"""The search of the laboratory: what is planted is found, however it is written, and nothing else."""

import base64
import gzip
import json
import struct
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from gevinst_shared.auth.key_files import new_private_jwk
from gevinst_shared.auth.tokens import sign, signing_key
from tests.laboratory.canaries import Canaries, Window
from tests.laboratory.packets import seen
from tests.laboratory.search import found_in
from tests.laboratory.switch import read_frames, write_frames
from tests.laboratory.talk import Conversation, NotReadableError, Said

OWNER = "0192:958935420"
ID = "01981b2c-9f3e-7abc-8def-0123456789ab"
CLIENT, SERVER = ("10.213.0.1", 40_000), ("10.213.0.2", 8080)
SYN, ACK = 0x02, 0x10
Spelling = Callable[[str], bytes]


def _base64(text: str) -> bytes:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=")


def _signed(text: str) -> bytes:
    return sign({"fields": {"name": text}}, signing_key(new_private_jwk()), typ="test").encode()


SPELLINGS: dict[str, Spelling] = {
    "as it is": str.encode,
    "in JSON": lambda text: json.dumps({"name": f"Prosjekt «{text}»"}).encode(),
    "as escapes": lambda text: "".join(f"\\u{ord(one):04x}" for one in text).encode(),
    "in capitals": lambda text: text.upper().encode(),
    "in an address": lambda text: "".join(f"%{ord(one):02x}" for one in text).encode(),
    "in base64url": lambda text: _base64(f'{{"a":"{text}"}}'),
    "in base64 behind others": lambda text: b"abc" + _base64(f"-{text}-??>>"),
    "in base64 with a slash before": lambda text: b"/portfolio/" + _base64(f"~~{text}"),
    "in hexadecimal": lambda text: text.encode().hex().encode(),
    "signed": _signed,
    "signed, in a page": lambda text: json.dumps({"revisions": [_signed(text).decode()]}).encode(),
    "signed in what is signed": lambda text: _signed(_signed(text).decode()),
    "packed in base64": lambda text: base64.b64encode(gzip.compress(text.encode())),
}


@pytest.fixture
def canaries() -> Canaries:
    return Canaries(Random(1))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_word_is_found(canaries: Canaries, spelling: str) -> None:
    word = canaries.word(OWNER, "name")
    canaries.word(OWNER, "name")

    assert found_in(b"... " + SPELLINGS[spelling](word.text) + b" ...", canaries) == {word}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_figure_is_found(canaries: Canaries, spelling: str) -> None:
    figure = canaries.figure(OWNER, "cost")
    canaries.figure(OWNER, "cost")

    assert found_in(SPELLINGS[spelling](f"{figure.text}.07"), canaries) == {figure}


@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda text: text.replace("-", "").encode(),
        lambda text: text.upper().encode(),
        lambda text: UUID(text).bytes,
        lambda text: base64.b64encode(UUID(text).bytes),
        lambda text: base64.urlsafe_b64encode(UUID(text).bytes).rstrip(b"="),
        _base64,
        lambda text: base64.b64encode(b"abcde" + UUID(text).bytes + b"f"),
        _signed,
    ],
)
def test_an_id_is_found(canaries: Canaries, write: Spelling) -> None:
    known = canaries.known(OWNER, ID)
    canaries.known(OWNER, "01981b2c-9f3e-7abc-8def-0123456789ac")

    assert found_in(b"{" + write(ID) + b"}", canaries) == {known}


def test_a_figure_with_gaps_is_found(canaries: Canaries) -> None:
    figure = canaries.figure(OWNER, "cost")

    assert found_in(f"{int(figure.text):,}".encode(), canaries) == {figure}


def test_what_is_not_there_is_not_found(canaries: Canaries) -> None:
    canaries.word(OWNER, "name")
    canaries.figure(OWNER, "cost")
    canaries.known(OWNER, ID)
    noise = Random(2).randbytes(50_000)

    assert not found_in(noise + base64.b64encode(noise) + noise.hex().encode(), canaries)


def test_a_window_has_what_was_asked_before_it_closed() -> None:
    window = Window(10.0, 20.0)

    assert [window.touches(*span) for span in ((1, 9), (1, 10), (15, 30), (20, 30), (21, 30))] == [
        *(False, True, True, True, False)
    ]


def _frame(
    source: tuple[str, int], target: tuple[str, int], number: int, flags: int, content: bytes
) -> bytes:
    tcp = (
        struct.pack("!HHIIBBHHH", source[1], target[1], number % 2**32, 0, 0x50, flags, 1000, 0, 0) + content
    )
    addresses = IPv4Address(source[0]).packed + IPv4Address(target[0]).packed
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + addresses
    return bytes(12) + b"\x08\x00" + ip + tcp


def test_connections_are_put_together_from_frames_that_came_in_disorder_and_twice(tmp_path: Path) -> None:
    request = b"GET /x HTTP/1.1\r\nHost: b\r\n\r\n"
    body = b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    begin = 2**32 - 5  # numbers begin anew in the middle
    frames = [
        (1.0, _frame(CLIENT, SERVER, 100, SYN, b"")),
        (1.1, _frame(SERVER, CLIENT, begin, SYN | ACK, b"")),
        (2.0, _frame(CLIENT, SERVER, 101, ACK, request[:9])),
        (2.5, _frame(CLIENT, SERVER, 101, ACK, request[:9])),
        (2.2, _frame(CLIENT, SERVER, 110, ACK, request[9:])),
        (3.4, _frame(SERVER, CLIENT, begin + 41, ACK, answer[40:])),
        (3.0, _frame(SERVER, CLIENT, begin + 1, ACK, answer[:50])),
    ]
    write_frames(tmp_path / "frames.pcap", frames)

    (talk,) = seen(read_frames(tmp_path / "frames.pcap"), {CLIENT[0]: "a", SERVER[0]: "b"}).conversations
    (exchange,) = talk.exchanges()

    assert (talk.client, talk.server) == ("a", "b")
    assert (talk.asked.is_whole, talk.answered.is_whole) == (True, True)
    assert exchange.request == request
    assert exchange.answer.endswith(b"\r\n\r\nhello world")
    assert (exchange.began, exchange.ended) == (2.0, 3.4)


def test_a_hole_is_noticed() -> None:
    frames = [
        (1.0, _frame(CLIENT, SERVER, 100, SYN, b"")),
        (2.0, _frame(CLIENT, SERVER, 101, ACK, b"abc")),
        (2.0, _frame(CLIENT, SERVER, 105, ACK, b"efg")),
    ]

    assert not seen(frames, {}).conversations[0].asked.is_whole


def _answered(head: bytes, body: bytes) -> Conversation:
    text = b"HTTP/1.1 200 OK\r\n" + head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    return Conversation("a", "b", Said([(1.0, b"GET / HTTP/1.1\r\n\r\n")]), Said([(2.0, text)]))


def test_what_is_packed_is_unpacked_or_refused() -> None:
    (found,) = _answered(b"Content-Encoding: gzip\r\n", gzip.compress(b"hello")).exchanges()

    assert found.answer.endswith(b"\r\n\r\nhello")
    with pytest.raises(NotReadableError):
        list(_answered(b"Content-Encoding: br\r\n", b"...").exchanges())


def test_several_questions_stand_with_their_answers() -> None:
    ask = b"POST /%d HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"
    tell = b"HTTP/1.1 204 No Content\r\n\r\n"
    tell_more = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
    talk = Conversation(
        "a", "b", Said([(1.0, ask % 1), (2.0, ask % 2)]), Said([(1.5, tell), (2.5, tell_more)])
    )

    found = [(one.began, one.request[:7], one.answer[-1:], one.ended) for one in talk.exchanges()]

    assert found == [(1.0, b"POST /1", b"\n", 1.5), (2.0, b"POST /2", b"x", 2.5)]
