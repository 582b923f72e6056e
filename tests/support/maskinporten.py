"""Maskinporten's token endpoint as its documentation has it, on loopback, and as strict.

Nothing here uses the product's own checks: what it asks for has to stand up to somebody else's reading.
Protocol: docs.digdir.no, Maskinporten, "JWT grant", "/token endpoint" and "audience-restricted tokens".
"""

import base64
import json
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from gevinst_shared.web.clock import utc_now
from tests.support.bad_tokens import public_half, rsa_jwk, token
from tests.support.national_claims import MASKINPORTEN, numbered
from tests.support.served import served

SCOPE = "ks:gevinst.exchange"
KEY = rsa_jwk(2048, "maskinporten")
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_REQUIRED = {"aud", "iss", "iat", "exp", "scope"}
_KNOWN = {*_REQUIRED, "jti", "resource", "consumer_org"}


class RefusedError(Exception):
    """What is answered instead of a token."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error


@dataclass
class Registered:
    """A client: whose it is, its public key, what it may ask for, and who has delegated that to its owner."""

    owner: str
    key: Mapping[str, Any]
    scopes: set[str]
    delegated_by: set[str]


@dataclass
class Maskinporten:
    """`asked` are the claims of the assertions that got a token; `answer` is said instead of one."""

    clients: dict[str, Registered] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    lifetime: int = 120
    answer: tuple[int, bytes] | None = None
    used: set[str] = field(default_factory=set)
    port: int = 0

    def register(self, owner: str, directory: Path, **others: Any) -> Path:
        """A client of the owner, and the file that its operator writes of it."""
        private = rsa_jwk(2048, "our-client")
        client_id = f"client-of-{owner}"
        organisations = others.get("organisations", [owner])
        scopes = {SCOPE, "skatteetaten:income"}
        delegated = {one.removeprefix("0192:") for one in organisations if one != owner}
        self.clients[client_id] = Registered(owner, public_half(private), scopes, delegated)
        (directory / "key.json").write_text(json.dumps(private))
        file = directory / "maskinporten.json"
        client = {
            "issuer": MASKINPORTEN,
            "token_endpoint": f"http://127.0.0.1:{self.port}/token",
            "client_id": client_id,
            "key_file": "key.json",
            "owner": owner,
            "organisations": organisations,
            "scopes": [SCOPE],
        }
        file.write_text(json.dumps([client]))
        return file

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.requests += 1
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, body = self.answer or self._answered(scope, content)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answered(self, scope: dict[str, Any], content: bytes) -> tuple[int, bytes]:
        try:
            claims = self._read(scope, content)
        except RefusedError as refused:
            said = {"error": refused.error, "error_description": f"{refused} (correlation id: 3e7cbcc8)"}
            return 400, json.dumps(said).encode()
        self.asked.append(claims)
        return 200, json.dumps(self._granted(claims)).encode()

    def _read(self, scope: dict[str, Any], content: bytes) -> dict[str, Any]:
        headers = dict(scope["headers"])
        form = parse_qs(content.decode(), strict_parsing=True)
        if (scope["method"], scope["path"]) != ("POST", "/token"):
            raise RefusedError("invalid_request", "No such endpoint")
        if headers.get(b"content-type") != b"application/x-www-form-urlencoded":
            raise RefusedError("invalid_request", "Content-Type")
        if form.get("grant_type") != [GRANT] or form.keys() != {"grant_type", "assertion"}:
            raise RefusedError("unsupported_grant_type", "Unknown grant type")
        header, claims, signed, signature = _taken_apart(form["assertion"][0])
        client = self.clients.get(claims.get("iss", ""))
        if client is None:
            raise RefusedError("invalid_grant", "Invalid assertion. Client authentication failed.")
        _check_signature(client, header, signed, signature)
        self._check_claims(client, claims)
        return claims

    def _check_claims(self, client: Registered, claims: dict[str, Any]) -> None:
        if not _REQUIRED <= claims.keys() <= _KNOWN:
            raise RefusedError("invalid_request", "Invalid assertion. Unknown or missing claim")
        if claims["aud"] != MASKINPORTEN:
            raise RefusedError("invalid_grant", "Invalid assertion. Invalid JWT claim aud")
        now = utc_now().timestamp()
        if abs(claims["iat"] - now) > 10 or not now < claims["exp"] <= claims["iat"] + 120:
            raise RefusedError("invalid_grant", "JWT is expired")
        if claims["jti"] in self.used:
            raise RefusedError("invalid_grant", "Grant is used before")
        self.used.add(claims["jti"])
        if not set(claims["scope"].split()) <= client.scopes:
            raise RefusedError("invalid_scope", "Token request contains invalid scopes for client")
        if not isinstance(claims.get("resource", []), list):
            raise RefusedError("invalid_request", "Invalid assertion. Invalid parameter value")
        if claims.get("consumer_org", "") not in {"", *client.delegated_by}:
            raise RefusedError("invalid_grant", "Consumer has not delegated access to the scope")

    def _granted(self, claims: dict[str, Any]) -> dict[str, Any]:
        client = self.clients[claims["iss"]]
        members: dict[str, Any] = {"client_id": claims["iss"], "scope": claims["scope"]}
        consumer = client.owner
        if "consumer_org" in claims:
            consumer = f"0192:{claims['consumer_org']}"
            members |= {"supplier": numbered(client.owner), "delegation_source": "https://www.altinn.test"}
        [resource] = claims.get("resource") or ["unspecified"]
        text = issued(consumer, audience=resource, lifetime=self.lifetime, **members)
        return {"access_token": text, "token_type": "Bearer", "expires_in": self.lifetime - 1}


def issued(consumer: str | None, *, audience: object, lifetime: int = 120, **members: Any) -> str:
    """An access token as Maskinporten signs it; `members` that are None are left out."""
    now = int(utc_now().timestamp())
    claims = {
        "iss": MASKINPORTEN,
        "aud": audience,
        "client_id": "4d1e5a2c-9f0b-4a77-8b0e-0d6a3c1f2b55",
        "client_amr": "private_key_jwt",
        "token_type": "Bearer",
        "scope": SCOPE,
        "consumer": None if consumer is None else numbered(consumer),
        "iat": now,
        "exp": now + lifetime,
        "jti": "one",
        **members,
    }
    claims = {name: value for name, value in claims.items() if value is not None}
    return token({"alg": "RS256", "kid": KEY["kid"]}, claims, KEY)


def trusted(audience: str, directory: Path) -> dict[str, Any]:
    """What the operator of an installation writes in its file of issuers to be read with such tokens."""
    file = directory / "maskinporten.jwks.json"
    file.write_text(json.dumps({"keys": [public_half(KEY)]}))
    return {
        "issuer": MASKINPORTEN,
        "kind": "maskinporten",
        "jwks_file": str(file),
        "audience": audience,
        "role_map": {SCOPE: "sync-partner"},
    }


@asynccontextmanager
async def opened_maskinporten() -> AsyncIterator[Maskinporten]:
    found = Maskinporten()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found.port = listening.getsockname()[1]
        async with served(found, listening):
            yield found


def _taken_apart(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    header, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in assertion.split("."))
    return json.loads(header), json.loads(claims), assertion.rpartition(".")[0].encode(), signature


def _check_signature(client: Registered, header: Mapping[str, Any], signed: bytes, signature: bytes) -> None:
    is_usual = header.keys() <= {"alg", "kid", "typ"} and header["alg"] == "RS256"
    if not is_usual or header.get("kid") != client.key["kid"]:
        raise RefusedError("invalid_grant", "Invalid assertion. Unknown key")
    e, n = (int.from_bytes(base64.urlsafe_b64decode(client.key[name] + "=="), "big") for name in "en")
    try:
        rsa.RSAPublicNumbers(e, n).public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise RefusedError("invalid_grant", "Invalid assertion. Client authentication failed.") from error
