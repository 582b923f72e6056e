"""A partner that means harm, as a program of its own: `python -m tests.laboratory.hostile <settings>`.

Its statement is right, so that it was confirmed. Its feed has a mood, which a line on its input sets; and it
reads the others with a right token, and asks them for what is not its own.
"""

import asyncio
import base64
import contextlib
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx

from gevinst_shared.auth.client_credentials import ASSERTION_TYPE
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import SigningKey, sign, signing_key
from gevinst_shared.cli.orphans import ends_with_parent
from gevinst_shared.sync.revisions import Revision, signed
from gevinst_shared.sync.signing_keys import read_aloud
from gevinst_shared.sync.statements import signed_statement
from gevinst_shared.values.ids import new_id
from tests.laboratory.network import Place, begun

HANG = "hang"
MOODS = (
    *("good", "huge", "slow", HANG, "no page", "deep", "wrongly signed", "anothers", "replayed", "cyclic"),
    *("odd fields", "broken", "redirect", "no token", "cut short", "many"),
)
_ROOT = Path(__file__).parents[2]
_EPOCH = "01920000-0000-7000-8000-000000000000"
_DROP_SECONDS = 1.0
_MOST_KEPT = 50


@dataclass
class Hostile:
    """The running one. `heard` counts the calls to its feed by mood."""

    place: Place
    organisation: str
    key: dict[str, Any]
    process: asyncio.subprocess.Process
    heard: Counter[str] = field(default_factory=Counter)
    hanging: Counter[str] = field(default_factory=Counter)

    @property
    def thumbprint(self) -> str:
        return read_aloud(self.key["kid"])

    @property
    def public_key(self) -> dict[str, Any]:
        return public_jwk(self.key)

    def set_mood(self, mood: str) -> None:
        self._say({"mood": mood})

    def attack(self, owner: str, address: str) -> None:
        """Read this body, too, from now on."""
        self._say({"owner": owner, "address": address})

    def _say(self, said: dict[str, str]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(said).encode() + b"\n")

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            said = json.loads(line)
            self.heard[said["mood"]] += 1
            if said["mood"] == HANG:
                self.hanging[said["asks"]] += 1


@asynccontextmanager
async def running_hostile(place: Place, organisation: str, seed: int) -> AsyncIterator[Hostile]:
    key = new_private_jwk()
    settings = {
        "organisation": organisation,
        "key": key,
        "host": place.host,
        "port": place.port,
        "address": place.address,
        "seed": seed,
    }
    process = await begun(
        place,
        sys.executable,
        *("-m", "tests.laboratory.hostile", json.dumps(settings)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=ends_with_parent(),
    )
    found = Hostile(place, organisation, key, process)
    listening = asyncio.create_task(found._listen())
    try:
        yield found
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await asyncio.gather(listening, return_exceptions=True)


@dataclass
class _Mind:
    """What it is and knows. `taken` are revisions that others have signed for it."""

    organisation: str
    key: dict[str, Any]
    address: str
    rng: Random
    mood: str = "good"
    number: int = 1000
    taken: list[str] = field(default_factory=list)
    victims: dict[str, str] = field(default_factory=dict)
    mine: str = field(default_factory=lambda: str(new_id()))

    @property
    def signing(self) -> SigningKey:
        return signing_key(self.key)

    def statement(self) -> bytes:
        said = {
            "owner": self.organisation,
            "name": "Hostile",
            "serial": 1,
            "contact": "nobody@example.org",
            "keys": {"keys": [public_jwk(self.key)]},
            "feeds": {"portfolio": f"{self.address}/portfolio/v1/sync-feed"},
            "token": {"endpoint": f"{self.address}/token", "audience": self.address, "scope": "gevinst:sync"},
        }
        return signed_statement(said, [self.signing]).encode()

    def revision(self, audience: str, **other: Any) -> Revision:
        self.number += 1
        return replace(
            Revision(
                epoch=_EPOCH,
                number=self.number,
                kind="project",
                id=new_id(),
                owner=self.organisation,
                audience=audience,
                at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
                fields={"name": "Hostile"},
            ),
            **other,
        )

    def page(self, *revisions: str) -> bytes:
        page = {"epoch": _EPOCH, "cursor": "c", "has_more": False, "grants_number": 1, "revisions": revisions}
        return json.dumps(page).encode()

    def body(self, audience: str) -> bytes:
        """What its feed says in its mood."""
        makers: dict[str, Callable[[], bytes]] = {
            "huge": lambda: self.page("x" * 9_000_000),
            "no page": lambda: self.rng.choice((b"", b"<html>", b"[]", b'{"epoch":1}', b"\xff\xfe")),
            "deep": lambda: b'{"a":' * 200_000,
            "wrongly signed": lambda: self.page(self.turned(audience)),
            "anothers": lambda: self.page(*self.anothers(audience)),
            "replayed": lambda: self.page(*self.taken),
            "cyclic": lambda: self.page(*self.cyclic(audience)),
            "odd fields": lambda: self.page(*self.odd(audience)),
            "many": lambda: self.page(*(["x"] * 2000)),
        }
        made = makers.get(self.mood)
        good = signed(self.revision(audience, id=self.mine), self.signing)
        return self.page(good) if made is None else made()

    def turned(self, audience: str) -> str:
        head, payload, _ = signed(self.revision(audience), self.signing).split(".")
        _, _, signature = signed(self.revision(audience), self.signing).split(".")
        return f"{head}.{payload}.{signature}"

    def anothers(self, audience: str) -> list[str]:
        """What the others own, and what is for the others, signed by itself."""
        owned = [self.revision(audience, owner=owner) for owner in self.victims if owner != audience]
        meant = [self.revision(owner) for owner in self.victims if owner != audience]
        return [
            signed(one, self.signing) for one in (*owned, *meant, self.revision(audience, owner=audience))
        ]

    def cyclic(self, audience: str) -> list[str]:
        """Two of its own that each became part of the other."""
        first, second = new_id(), new_id()
        pairs = ((first, second), (second, first), (first, first))
        return [
            signed(self.revision(audience, id=one, fields={"merged_into": str(other)}), self.signing)
            for one, other in pairs
        ]

    def odd(self, audience: str) -> list[str]:
        odd: list[dict[str, Any]] = [
            {"name": 7},
            {"name": "nul \x00"},
            {"cost": {"amount": "NaN", "currency": "NOK", "price_year": 1}},
            {"programme": "'; DROP TABLE sync_replica; --"},
            {"start": "2026-02-30"},
        ]
        made = [self.revision(audience, fields=fields) for fields in odd]
        made += [self.revision(audience, kind="person"), self.revision(audience, number=2**60)]
        return [signed(one, self.signing) for one in made]


@dataclass
class _Feed:
    """The HTTP that it speaks."""

    mind: _Mind

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                said = (line.partition(": ") for line in head.split("\r\n")[1:])
                lines = {name.lower(): value for name, _, value in said}
                body = await reader.readexactly(int(lines.get("content-length", "0")))
                target = head.split(" ")[1]
                if target == "/token":
                    await self._token(dict(parse_qsl(body.decode("latin-1"))), writer)
                else:
                    await self._answer(target, lines.get("authorization", ""), writer)
        writer.transport.abort()

    async def _answer(self, target: str, authorization: str, writer: asyncio.StreamWriter) -> None:
        mind = self.mind
        if target.startswith("/.well-known/"):
            return await _send(writer, "200 OK", mind.statement())
        if "/sync-feed" not in target:
            return await _send(writer, "204 No Content", b"")
        asks = _asks(authorization.rpartition(" ")[2])
        sys.stdout.write(json.dumps({"mood": mind.mood, "asks": asks}) + "\n")
        sys.stdout.flush()
        return await self._feed(asks, writer)

    async def _token(self, form: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if self.mind.mood == "no token":
            return await _send(writer, "200 OK", b'{"access_token": "a b\\r\\nX: y", "expires_in": -1}')
        claims = json.dumps({"aud": self.mind.address, "sub": form["client_id"]}).encode()
        token = f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.eA"
        said = json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": 60})
        return await _send(writer, "200 OK", said.encode())

    async def _feed(self, audience: str, writer: asyncio.StreamWriter) -> None:
        mood = self.mind.mood
        if mood == HANG:
            await asyncio.sleep(3600)
        if mood == "broken":
            return await _send(writer, "500 Broken", b"{")
        if mood == "redirect":
            return await _send(writer, "302 Found\r\nLocation: http://127.0.0.1/", b"")
        body = self.mind.body(audience)
        if mood == "cut short":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body)
            await writer.drain()
            raise ConnectionAbortedError
        if mood == "slow":
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode())
            for place in range(len(body)):
                writer.write(body[place : place + 1])
                await writer.drain()
                await asyncio.sleep(_DROP_SECONDS)
            return None
        return await _send(writer, "200 OK", body)


def _asks(token: str) -> str:
    """Whom we gave the token to; what is none of ours is nobody's."""
    parts = token.split(".")
    with contextlib.suppress(ValueError):
        if len(parts) == 3:
            return str(json.loads(base64.urlsafe_b64decode(parts[1] + "=="))["sub"])
    return ""


async def _send(writer: asyncio.StreamWriter, status: str, body: bytes) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()


async def _read_others(mind: _Mind) -> None:
    """Take what is given, to replay it, and ask for what is not."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        while True:
            await asyncio.sleep(1.0)
            for owner, address in list(mind.victims.items()):
                with contextlib.suppress(httpx.HTTPError, ValueError, KeyError):
                    await _read_one(client, mind, owner, address)


async def _read_one(client: httpx.AsyncClient, mind: _Mind, owner: str, address: str) -> None:
    endpoint = f"{address}/issuer/token"
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": mind.organisation,
        "sub": mind.organisation,
        "aud": endpoint,
        "iat": now,
        "exp": now + 60,
    }
    form = {
        "grant_type": "client_credentials",
        "client_id": mind.organisation,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": sign({**claims, "jti": str(new_id())}, mind.signing, typ="JWT"),
        "scope": "gevinst:sync",
    }
    token = (await client.post(endpoint, data=form)).json()["access_token"]
    feed = f"{address}/portfolio/v1/sync-feed?owner={quote(owner)}"
    headers = {"Authorization": f"Bearer {token}"}
    page = (await client.get(feed, headers=headers)).json()
    mind.taken = [*page.get("revisions", ()), *mind.taken][:_MOST_KEPT]
    forged = base64.urlsafe_b64encode(mind.rng.randbytes(100)).decode().rstrip("=")
    others = [one for one in mind.victims if one != owner]
    for odd in (
        f"{feed}&cursor={forged}",
        f"{feed}&grants_number={2**50}",
        f"{address}/portfolio/v1/sync-feed?owner={quote(mind.rng.choice(others or [owner]))}",
        f"{address}/portfolio/v1/projects",
        f"{address}/portfolio/v1/events",
        f"{address}/benefits/v1/events",
    ):
        await client.get(odd, headers=headers)
    await client.post(f"{address}/portfolio/v1/sync-hints?owner={quote(owner)}", headers=headers)


async def _main(given: dict[str, Any]) -> None:
    mind = _Mind(given["organisation"], given["key"], given["address"], Random(given["seed"]))
    server = await asyncio.start_server(_Feed(mind).serve, given["host"], given["port"])
    heard = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    reading = asyncio.create_task(_read_others(mind))
    async with server:
        while line := await heard.readline():
            said = json.loads(line)
            mind.mood = said.get("mood", mind.mood)
            if "owner" in said:
                mind.victims[said["owner"]] = said["address"]
    reading.cancel()


if __name__ == "__main__":
    asyncio.run(_main(json.loads(sys.argv[1])))
