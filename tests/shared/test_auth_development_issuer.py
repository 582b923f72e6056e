"""The development issuer and our services' own tokens, up to the actor that comes out."""

import asyncio
import contextlib
import socket
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from gevinst_shared.auth.authentication import Authenticator
from gevinst_shared.auth.claims import BadToken
from gevinst_shared.auth.client_credentials import ASSERTION_TYPE, ServiceToken
from gevinst_shared.auth.development_issuer import (
    create_issuer_app,
    ensure_keys,
    issue_token,
    jwks,
    key_file,
    trust_entry,
)
from gevinst_shared.auth.issuers import TrustedIssuer
from gevinst_shared.auth.jwks import over_http
from gevinst_shared.auth.key_files import ensure_key_file, read_private_jwk, thumbprint
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.values.actor import Actor, Role
from tests.support.bad_tokens import ORGANISATION, bad_tokens, ec_jwk, token
from tests.support.clock import MovedClock

pytestmark = pytest.mark.anyio

ISSUER = "http://127.0.0.1:8080/issuer"
AUDIENCE = "http://127.0.0.1:8080"
CLIENTS = {"gevinst-portfolio": "portfolio", "gevinst-benefits": "benefits"}
OFFICE = Actor(subject="kari", organisation=ORGANISATION, roles=frozenset({Role.PORTFOLIO_OFFICE}))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    ensure_keys(tmp_path / "keys", CLIENTS)
    return tmp_path / "keys"


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


def issuer_app(directory: Path, clock: MovedClock) -> Starlette:
    return create_issuer_app(
        directory,
        issuer=ISSUER,
        audience=AUDIENCE,
        clients=CLIENTS,
        clock=clock,
        token_url="http://inside/issuer/token",
    )


@pytest.fixture
async def client(directory: Path, clock: MovedClock) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=issuer_app(directory, clock))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as one:
        yield one


@pytest.fixture
def authenticator(client: httpx.AsyncClient, clock: MovedClock) -> Authenticator:
    entry = trust_entry(
        issuer=ISSUER, audience=AUDIENCE, jwks_url=f"{ISSUER}/jwks.json", service_clients=CLIENTS
    )
    return Authenticator([TrustedIssuer.model_validate(entry)], fetch=over_http(client), clock=clock)


def service_token(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock, **changed: Any
) -> ServiceToken:
    settings: dict[str, Any] = {
        "token_url": f"{ISSUER}/token",
        "client_id": "gevinst-benefits",
        "key": signing_key(read_private_jwk(key_file(directory, "gevinst-benefits"))),
        "clock": clock,
        "sleep": _no_pause,
    }
    return ServiceToken(client, **{**settings, **changed})


async def _no_pause(seconds: float) -> None:
    await asyncio.sleep(0)


def test_the_thumbprint_is_the_one_of_rfc_7638() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
        "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdA"
        "ZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-"
        "kEgU8awapJzKnqDKgw"
    )

    assert (
        thumbprint({"e": "AQAB", "kty": "RSA", "n": modulus}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    )


def test_keys_are_made_once_and_only_their_owner_reads_them(directory: Path) -> None:
    before = {path: path.read_bytes() for path in directory.iterdir()}

    ensure_keys(directory, CLIENTS)

    assert {path: path.read_bytes() for path in directory.iterdir()} == before
    assert {path.name for path in before} == {
        "issuer.jwk.json",
        "gevinst-portfolio.jwk.json",
        "gevinst-benefits.jwk.json",
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in before} == {0o600}


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "one.jwk.json"
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ensure_key_file(path)["kid"], range(8)))

    assert len(set(made)) == 1
    assert [one.name for one in path.parent.iterdir()] == ["one.jwk.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"kty": "EC"}'])
def test_a_broken_key_file_is_said_to_be_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "odd.jwk.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"JWK|Expecting"):
        read_private_jwk(path)


def test_only_the_public_half_is_published(directory: Path) -> None:
    (published,) = jwks(directory)["keys"]

    assert set(published) == {"kty", "crv", "x", "y", "alg", "use", "kid"}


async def test_the_metadata_name_the_keys_and_the_token_endpoint(client: httpx.AsyncClient) -> None:
    found = (await client.get("/issuer/.well-known/openid-configuration")).json()

    assert found["issuer"] == ISSUER
    assert (await client.get(found["jwks_uri"])).json()["keys"]
    assert found["token_endpoint"] == f"{ISSUER}/token"


async def test_a_persons_token_becomes_that_actor(
    directory: Path, clock: MovedClock, authenticator: Authenticator
) -> None:
    signed = issue_token(directory, OFFICE, issuer=ISSUER, audience=AUDIENCE, now=clock())

    assert await authenticator.authenticate(signed) == OFFICE


async def test_a_persons_token_ends(directory: Path, clock: MovedClock, authenticator: Authenticator) -> None:
    signed = issue_token(
        directory, OFFICE, issuer=ISSUER, audience=AUDIENCE, now=clock(), lifetime=timedelta(hours=1)
    )
    clock.forward(hours=1, seconds=30)

    with pytest.raises(BadToken):
        await authenticator.authenticate(signed)


async def test_every_bad_token_is_refused_by_the_whole_chain(
    directory: Path, clock: MovedClock, authenticator: Authenticator
) -> None:
    key = read_private_jwk(key_file(directory, "issuer"))
    for name, bad in bad_tokens(key, issuer=ISSUER, audience=AUDIENCE, now=clock()).items():
        with pytest.raises(BadToken):
            pytest.fail(f"{name}: {await authenticator.authenticate(bad)}")


@pytest.mark.parametrize("token_url", [f"{ISSUER}/token", "http://inside/issuer/token"])
async def test_a_service_gets_a_token_that_says_which_service_it_is(
    client: httpx.AsyncClient,
    directory: Path,
    clock: MovedClock,
    authenticator: Authenticator,
    token_url: str,
) -> None:
    signed = await service_token(client, directory, clock, token_url=token_url).get()

    assert await authenticator.authenticate(signed) == Actor("benefits", "", is_service=True)


async def test_a_service_keeps_its_token_and_renews_it_before_the_end(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock
) -> None:
    service = service_token(client, directory, clock)
    first = await service.get()
    clock.forward(seconds=539)
    assert await service.get() == first

    clock.forward(seconds=1)

    assert await service.get() != first


async def test_a_refused_token_is_forgotten_and_another_one_is_not(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock
) -> None:
    service = service_token(client, directory, clock)
    first = await service.get()
    service.forget("an older one")
    assert await service.get() == first

    service.forget(first)

    assert await service.get() != first


def assertion(directory: Path, clock: MovedClock, **changed: Any) -> str:
    key = read_private_jwk(key_file(directory, "gevinst-benefits"))
    now = int(clock().timestamp())
    claims = {
        "iss": "gevinst-benefits",
        "sub": "gevinst-benefits",
        "aud": ISSUER,
        "iat": now,
        "exp": now + 60,
        "jti": "once",
    }
    return token({"alg": "ES256", "kid": key["kid"], "typ": "JWT"}, {**claims, **changed}, key)


def form(signed: str, **changed: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
        **changed,
    }


async def test_an_assertion_counts_once(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock
) -> None:
    signed = assertion(directory, clock)

    first = await client.post("/issuer/token", data=form(signed))
    clock.forward(seconds=80)
    again = await client.post("/issuer/token", data=form(signed))

    assert (first.status_code, again.status_code) == (200, 401)
    assert again.json() == {"error": "invalid_client"}
    assert first.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "somebody"},
        {"iss": "../issuer"},
        {"iss": "gevinst-portfolio"},
        {"sub": "gevinst-portfolio"},
        {"aud": "https://somewhere.else"},
        {"exp": int(MovedClock().now.timestamp()) + 121},
        {"jti": None},
        {"jti": ["once"]},
    ],
    ids=str,
)
async def test_a_wrong_assertion_gets_no_token(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock, changed: dict[str, Any]
) -> None:
    answer = await client.post("/issuer/token", data=form(assertion(directory, clock, **changed)))

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})


async def test_a_persons_token_is_no_assertion_and_another_key_is_not_the_clients(
    client: httpx.AsyncClient, directory: Path, clock: MovedClock
) -> None:
    person = issue_token(directory, OFFICE, issuer=ISSUER, audience=AUDIENCE, now=clock())
    start, payload, _ = assertion(directory, clock).split(".")
    other = token(b"{}", b"{}", ec_jwk("other")).split(".")[2]

    for signed in (person, f"{start}.{payload}.{other}", ""):
        assert (await client.post("/issuer/token", data=form(signed))).status_code == 401


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": "urn:other"}, 401, "invalid_client"),
        ({"client_id": "gevinst-portfolio"}, 401, "invalid_client"),
    ],
)
async def test_a_wrong_form_gets_no_token(
    client: httpx.AsyncClient,
    directory: Path,
    clock: MovedClock,
    changed: dict[str, str],
    status: int,
    error: str,
) -> None:
    answer = await client.post("/issuer/token", data=form(assertion(directory, clock), **changed))

    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"grant_type=client_credentials&grant_type=client_credentials", 400),
        (b"a=1&" * 21, 400),
        (b"grant_type=" + b"x" * 20_000, 413),
    ],
    ids=["empty", "binary", "repeated", "many", "large"],
)
async def test_a_broken_form_is_the_callers_fault(
    client: httpx.AsyncClient, body: bytes, status: int
) -> None:
    assert (await client.post("/issuer/token", content=body)).status_code == status


@contextlib.contextmanager
def served(make: Callable[[str], Starlette]) -> Iterator[str]:
    """Run an application on a free port; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(make(address), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = monotonic() + 10
        while not server.started and monotonic() < until:
            sleep(0.005)
        yield address
        server.should_exit = True
        thread.join()


async def test_over_a_real_connection_a_service_signs_in_and_is_recognised(
    directory: Path, clock: MovedClock
) -> None:
    def make(address: str) -> Starlette:
        return create_issuer_app(
            directory, issuer=f"{address}/issuer", audience=AUDIENCE, clients=CLIENTS, clock=clock
        )

    with served(make) as address:
        async with httpx.AsyncClient() as client:
            entry = trust_entry(
                issuer=f"{address}/issuer",
                audience=AUDIENCE,
                jwks_url=f"{address}/issuer/jwks.json",
                service_clients=CLIENTS,
            )
            one = Authenticator([TrustedIssuer.model_validate(entry)], fetch=over_http(client), clock=clock)
            signed = await service_token(client, directory, clock, token_url=f"{address}/issuer/token").get()

            assert (await one.authenticate(signed)).is_service
