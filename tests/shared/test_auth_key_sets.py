"""Which published keys are used, and when they are fetched."""

import asyncio
import contextlib
import itertools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from gevinst_shared.auth.claims import KeysUnavailable
from gevinst_shared.auth.jwks import PublishedKeys, from_file, over_http
from gevinst_shared.auth.tokens import public_keys
from tests.support.bad_tokens import ec_jwk, public_half, rsa_jwk
from tests.support.clock import MovedClock

pytestmark = pytest.mark.anyio

FIRST, SECOND = ec_jwk("first"), ec_jwk("second")


class Issuer:
    """Publishes keys, counts the visits, and can be down."""

    def __init__(self, *jwks: dict[str, Any]) -> None:
        self.document = json.dumps({"keys": [public_half(one) for one in jwks]}).encode()
        self.visits = 0
        self.trouble: Exception | None = None
        self.pause = 0.0

    async def __call__(self, address: str) -> bytes:
        self.visits += 1
        await asyncio.sleep(self.pause)
        if self.trouble is not None:
            raise self.trouble
        return self.document

    def publish(self, *jwks: dict[str, Any]) -> None:
        self.document = Issuer(*jwks).document


def published(issuer: Issuer, clock: MovedClock, *, timeout_seconds: float = 5.0) -> PublishedKeys:
    return PublishedKeys(
        "https://issuer.test/keys", fetch=issuer, clock=clock, timeout_seconds=timeout_seconds
    )


async def test_keys_are_fetched_once_and_kept() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)

    for _ in range(3):
        assert await keys.find("first") is not None
    assert issuer.visits == 1


async def test_a_rotated_key_is_found_by_its_unknown_id() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")
    issuer.publish(FIRST, SECOND)
    clock.forward(seconds=60)

    assert await keys.find("second") is not None
    assert issuer.visits == 2


async def test_unknown_ids_cost_the_issuer_one_visit_a_minute() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")

    for i in range(100):
        assert await keys.find(f"made-up-{i}") is None
    assert issuer.visits == 1

    clock.forward(seconds=60)
    for i in range(100):
        assert await keys.find(f"made-up-{i}") is None
    assert issuer.visits == 2


async def test_a_withdrawn_key_is_gone_after_an_hour() -> None:
    issuer, clock = Issuer(FIRST, SECOND), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")
    issuer.publish(SECOND)
    clock.forward(minutes=59)
    assert await keys.find("first") is not None

    clock.forward(minutes=1)

    assert await keys.find("first") is None


@pytest.mark.parametrize(
    "trouble",
    [OSError("no route"), TimeoutError(), httpx.ConnectError("refused"), ValueError("answered 500")],
)
async def test_an_outage_keeps_the_last_good_keys(trouble: Exception) -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")
    issuer.trouble = trouble
    clock.forward(hours=5)

    assert await keys.find("first") is not None
    assert await keys.find("second") is None
    assert issuer.visits == 2


@pytest.mark.parametrize(
    "document", [b"", b"<html>", b"[]", b"{}", b'{"keys": 1}', b'{"keys": []}', b"[" * 100_000, b"\xff"]
)
async def test_a_broken_document_keeps_the_last_good_keys(document: bytes) -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")
    issuer.document = document
    clock.forward(hours=2)

    assert await keys.find("first") is not None


async def test_without_any_key_nobody_can_tell_and_a_start_in_the_wrong_order_heals_soon() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    issuer.trouble = ConnectionRefusedError()
    keys = published(issuer, clock)
    for _ in range(2):
        with pytest.raises(KeysUnavailable):
            await keys.find("first")
    assert issuer.visits == 1

    issuer.trouble = None
    clock.forward(seconds=2)

    assert await keys.find("first") is not None


async def test_a_silent_issuer_is_given_up() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    issuer.pause = 60
    with pytest.raises(KeysUnavailable):
        await published(issuer, clock, timeout_seconds=0.02).find("first")


async def test_callers_at_the_same_time_share_one_visit_and_all_get_the_key() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    issuer.pause = 0.02
    keys = published(issuer, clock)

    found = await asyncio.gather(*(keys.find("first") for _ in range(20)))

    assert all(found)
    assert issuer.visits == 1


async def test_while_old_keys_are_fetched_again_the_others_use_them_without_waiting() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    keys = published(issuer, clock)
    await keys.find("first")
    clock.forward(hours=2)
    issuer.pause = 0.5
    slow = asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0)

    async with asyncio.timeout(0.1):
        assert await keys.find("first") is not None

    slow.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await slow


async def test_a_caller_who_hangs_up_does_not_use_up_the_visit() -> None:
    issuer, clock = Issuer(FIRST), MovedClock()
    issuer.pause = 60
    keys = published(issuer, clock)
    gone = asyncio.create_task(keys.find("first"))
    await asyncio.sleep(0)
    gone.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await gone
    issuer.pause = 0

    assert await keys.find("first") is not None


EC = public_half(ec_jwk("ec"))
RSA = public_half(rsa_jwk(2048, "rsa"))


@pytest.mark.parametrize(
    "odd",
    [
        {"kty": "oct", "kid": "odd", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "OKP", "kid": "odd", "crv": "Ed25519", "x": "c2VjcmV0"},
        {**RSA, "kid": "odd", "alg": "HS256"},
        {**RSA, "kid": "odd", "alg": "none"},
        {**RSA, "kid": "odd", "alg": "RSA-OAEP"},
        {**RSA, "kid": "odd", "alg": "ES256"},
        {**RSA, "kid": "odd", "use": "enc"},
        {**RSA, "kid": "odd", "key_ops": ["encrypt"]},
        {**RSA, "kid": "odd", "key_ops": 5},
        {**RSA, "kid": "odd", "n": RSA["n"] + "!"},
        {**RSA, "kid": "odd", "n": "AAAAA"},
        {**RSA, "kid": "odd", "e": "AA"},
        {**EC, "kid": "odd", "alg": "RS256"},
        {**EC, "kid": "odd", "crv": "P-384"},
        {**EC, "kid": "odd", "crv": "secp256k1"},
        {**EC, "kid": "odd", "crv": ["P-256"]},
        {**EC, "kid": "odd", "x": EC["y"]},
        {**EC, "kid": "odd", "x": None},
        {**EC, "kid": ""},
        {**EC, "kid": 5},
        {"kid": "odd", "kty": ["EC"]},
        ec_jwk("odd"),
        public_half(rsa_jwk(1024, "odd")),
        "odd",
        None,
    ],
    ids=itertools.count(),
)
def test_an_unusable_key_is_left_out_and_the_others_stay(odd: object) -> None:
    assert set(public_keys({"keys": [odd, EC, RSA]})) == {"ec", "rsa"}


def test_a_key_without_alg_has_the_one_of_its_type() -> None:
    bare = [{name: value for name, value in one.items() if name != "alg"} for one in (EC, RSA)]

    found = public_keys({"keys": bare})

    assert {kid: key.algorithm for kid, key in found.items()} == {"ec": "ES256", "rsa": "RS256"}


def test_the_first_of_two_keys_with_one_id_counts() -> None:
    found = public_keys({"keys": [EC, {**RSA, "kid": "ec"}]})

    assert found["ec"].algorithm == "ES256"


async def test_keys_in_a_file_are_read_again_when_it_is_replaced(tmp_path: Path) -> None:
    path, clock = tmp_path / "keys.json", MovedClock()
    path.write_bytes(Issuer(FIRST).document)
    keys = PublishedKeys(str(path), fetch=from_file, clock=clock)
    assert await keys.find("first") is not None

    path.write_bytes(Issuer(SECOND).document)
    clock.forward(seconds=60)

    assert await keys.find("second") is not None


ANSWERS = {
    "/good": (200, Issuer(FIRST).document),
    "/moved": (302, b""),
    "/broken": (500, Issuer(FIRST).document),
    "/large": (200, Issuer(FIRST).document + b" " * 300_000),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Location", "/good")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the reader of too large a body hangs up
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep quiet."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as one:
        thread = threading.Thread(target=one.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()
        thread.join()


async def test_keys_come_over_http(server: str) -> None:
    async with httpx.AsyncClient() as client:
        keys = PublishedKeys(f"{server}/good", fetch=over_http(client), clock=MovedClock())

        assert await keys.find("first") is not None


@pytest.mark.parametrize("path", ["/moved", "/broken", "/large"])
async def test_a_redirect_an_error_and_a_flood_are_no_key_sets(server: str, path: str) -> None:
    async with httpx.AsyncClient(follow_redirects=True) as client:
        keys = PublishedKeys(f"{server}{path}", fetch=over_http(client), clock=MovedClock())

        with pytest.raises(KeysUnavailable):
            await keys.find("first")
