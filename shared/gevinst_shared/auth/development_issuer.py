"""An issuer of our own, so that everything runs before anyone has set up an identity provider.

It signs whatever its operator asks for: for one machine and for tests, not for production.
"""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gevinst_shared.auth.claim_mapping import SYNC_SCOPE
from gevinst_shared.auth.claims import BadToken, Flaw, TokenRules
from gevinst_shared.auth.client_credentials import ASSERTION_TYPE
from gevinst_shared.auth.key_files import ensure_key_file, public_jwk, read_private_jwk
from gevinst_shared.auth.tokens import (
    LEEWAY_SECONDS,
    FixedKeys,
    TokenVerifier,
    public_keys,
    sign,
    signing_key,
)
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id

SERVICE_TOKEN_SECONDS = 600
PERSON_TOKEN_LIFETIME = timedelta(hours=8)
LONGEST_ASSERTION_SECONDS = 120
LARGEST_FORM_BYTES = 16_384


def key_file(directory: Path, name: str) -> Path:
    """Where the private key of a client stands, or of the issuer itself (`issuer`)."""
    return directory / f"{name}.jwk.json"


def ensure_keys(directory: Path, clients: Collection[str]) -> None:
    """Make the issuer's key and one for each client id, unless they are there."""
    for name in ("issuer", *clients):
        ensure_key_file(key_file(directory, name))


def jwks(directory: Path) -> dict[str, Any]:
    """The issuer's public key as a JWK set."""
    return {"keys": [public_jwk(read_private_jwk(key_file(directory, "issuer")))]}


def partner_file(directory: Path, owner: str) -> Path:
    """Where the operator puts the JWK set of another body, for it to get tokens that stand for it."""
    return directory / "partners" / f"{owner.replace(':', '-')}.jwks.json"


def trust_entry(
    *, issuer: str, audience: str, jwks_url: str, service_clients: Mapping[str, str]
) -> dict[str, Any]:
    """This issuer as an entry for the file of trusted issuers; `service_clients` is client id → service."""
    return {
        "issuer": issuer,
        "kind": "oidc",
        "jwks_url": jwks_url,
        "audience": audience,
        "service_clients": dict(service_clients),
    }


def issue_token(
    directory: Path,
    actor: Actor,
    *,
    issuer: str,
    audience: str,
    now: datetime,
    lifetime: timedelta = PERSON_TOKEN_LIFETIME,
) -> str:
    """An access token for a person with the actor's subject, organisation and roles."""
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": actor.subject,
        "client_id": "gevinst-command",
        "organisation": actor.organisation,
        "roles": sorted(actor.roles),
    }
    return _signed(directory, claims, now, lifetime)


def create_issuer_app(
    directory: Path,
    *,
    issuer: str,
    audience: str,
    clients: Collection[str],
    clock: Callable[[], datetime],
    token_url: str | None = None,
) -> Starlette:
    """The issuer as a web application under `/issuer`: metadata, keys, and tokens for our own services and
    for the bodies of `partner_file`, which may read what they are given.

    `issuer` is its address and name, ending in `/issuer`; `token_url` is the address at which the
    services reach the token endpoint, when that is another one. Assertions are remembered in memory
    (each counts once), so run one process.
    """
    ensure_keys(directory, clients)
    endpoint = f"{issuer}/token"
    audiences = frozenset({issuer, endpoint, token_url or endpoint})
    verifier = _client_verifier(directory, clients, audiences, clock)
    desk = _TokenDesk(verifier, lambda: _partner_verifier(directory, audiences, clock), clock)

    async def metadata(_: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": issuer,
                "jwks_uri": f"{issuer}/jwks.json",
                "token_endpoint": endpoint,
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256"],
            }
        )

    async def keys(_: Request) -> JSONResponse:
        return JSONResponse(jwks(directory))

    async def token(request: Request) -> JSONResponse:
        try:
            client = await desk.client_of(await _form(request))
        except _TokenRequestError as refused:
            return _answer({"error": refused.error}, refused.status)
        claims: dict[str, Any] = {"iss": issuer, "aud": audience, "sub": client, "client_id": client}
        if client not in clients:
            claims |= {"organisation": client, "roles": [Role.SYNC_PARTNER.value], "scope": SYNC_SCOPE}
        signed = _signed(directory, claims, clock(), timedelta(seconds=SERVICE_TOKEN_SECONDS))
        return _answer(
            {"access_token": signed, "token_type": "Bearer", "expires_in": SERVICE_TOKEN_SECONDS}, 200
        )

    return Starlette(
        routes=[
            Route("/issuer/.well-known/openid-configuration", metadata),
            Route("/issuer/jwks.json", keys),
            Route("/issuer/token", token, methods=["POST"]),
        ]
    )


class _TokenRequestError(Exception):
    """RFC 6749 §5.2."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class _TokenDesk:
    """Recognises a client by its assertion, and each assertion once."""

    def __init__(
        self,
        verifier: TokenVerifier,
        partners: Callable[[], TokenVerifier],
        clock: Callable[[], datetime],
    ) -> None:
        self._verifier = verifier
        self._partners = partners
        self._clock = clock
        self._used: dict[tuple[str, str], float] = {}

    async def client_of(self, form: Mapping[str, str]) -> str:
        """The client id that the form proves; `_TokenRequestError` when it proves none."""
        if form.get("grant_type") != "client_credentials":
            raise _TokenRequestError("unsupported_grant_type")
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            raise _TokenRequestError("invalid_client", 401)
        claims = await self._verified(form.get("client_assertion", ""))
        client: str = claims["iss"]
        if claims["sub"] != client or form.get("client_id", client) != client:
            raise _TokenRequestError("invalid_client", 401)
        self._use(client, claims)
        return client

    async def _verified(self, assertion: str) -> Mapping[str, Any]:
        try:
            return await self._verifier.verify(assertion)
        except BadToken as refusal:
            if refusal.flaw is not Flaw.UNKNOWN_ISSUER:
                raise _TokenRequestError("invalid_client", 401) from refusal
        try:
            return await self._partners().verify(assertion)
        except BadToken as refusal:
            raise _TokenRequestError("invalid_client", 401) from refusal

    def _use(self, client: str, claims: Mapping[str, Any]) -> None:
        now = self._clock().timestamp()
        self._used = {used: until for used, until in self._used.items() if until > now}
        number = claims.get("jti")
        if not isinstance(number, str) or (client, number) in self._used:
            raise _TokenRequestError("invalid_client", 401)
        self._used[client, number] = claims["exp"] + LEEWAY_SECONDS


def _client_verifier(
    directory: Path, clients: Collection[str], audiences: frozenset[str], clock: Callable[[], datetime]
) -> TokenVerifier:
    trusted = []
    for client in clients:
        public = public_jwk(read_private_jwk(key_file(directory, client)))
        trusted.append((_rules(client, audiences), FixedKeys(public_keys({"keys": [public]}))))
    return TokenVerifier(trusted, clock=clock)


def _partner_verifier(
    directory: Path, audiences: frozenset[str], clock: Callable[[], datetime]
) -> TokenVerifier:
    """For the bodies whose keys are there at the moment."""
    trusted = []
    for file in sorted((directory / "partners").glob("*.jwks.json")):
        owner = file.name.removesuffix(".jwks.json").replace("-", ":")
        keys = FixedKeys(public_keys(json.loads(file.read_text("utf-8"))))
        trusted.append((_rules(owner, audiences), keys))
    return TokenVerifier(trusted, clock=clock)


def _rules(client: str, audiences: frozenset[str]) -> TokenRules:
    return TokenRules(
        issuer=client,
        audiences=audiences,
        types=frozenset({"", "jwt", "client-authentication+jwt"}),
        max_life_seconds=LONGEST_ASSERTION_SECONDS,
    )


async def _form(request: Request) -> dict[str, str]:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM_BYTES:
            raise _TokenRequestError("invalid_request", 413)
    try:
        pairs = parse_qsl(body.decode("ascii"), max_num_fields=20)
    except ValueError as error:
        raise _TokenRequestError("invalid_request") from error
    if len(dict(pairs)) != len(pairs):
        raise _TokenRequestError("invalid_request")
    return dict(pairs)


def _signed(directory: Path, claims: Mapping[str, Any], now: datetime, lifetime: timedelta) -> str:
    key = signing_key(read_private_jwk(key_file(directory, "issuer")))
    issued = int(now.timestamp())
    times = {"iat": issued, "exp": issued + int(lifetime.total_seconds()), "jti": str(new_id())}
    return sign({**claims, **times}, key)


def _answer(document: Mapping[str, object], status: int) -> JSONResponse:
    return JSONResponse(dict(document), status, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
