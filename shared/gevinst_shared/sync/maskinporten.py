"""Our clients at Maskinporten, and what they ask for on the word of a partner's statement (decision 0041).

The statement names an issuer, a scope and a resource, and whoever made it may mean harm. So the operator
says where assertions are sent and which scopes are asked for; and a token is good for the feed that it is
sent to and for nobody else (RFC 8707), or none is asked for.

Protocol: docs.digdir.no, Maskinporten, "JWT grant" and "audience-restricted tokens".
"""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from gevinst_shared.auth.client_credentials import ASSERTION_SECONDS
from gevinst_shared.auth.issuers import OrganisationId, SafeAddress
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import SigningKey, sign, signing_key
from gevinst_shared.http.outside import Answer
from gevinst_shared.sync.callers import Caller, CallFailed, CallFault, read_object
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Refusal

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = r"^[!#-\[\]-~]{1,200}$"
_NORWEGIAN = "0192:"
# What follows the resource in a feed's address: nothing that a server on the way might read as another path.
_BELOW = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_ERROR = re.compile(r"[a-z_]{1,40}")
_LONG = re.compile(r"\S{65,}")
_log = logging.getLogger(__name__)


class OddClients(Refusal):
    """The operator's file of clients at Maskinporten cannot be used; the service does not start."""

    code = "odd-maskinporten-clients"
    title = "The file of clients at Maskinporten cannot be used"
    detail = "{path}: {problem}"


@dataclass(frozen=True, slots=True)
class TokenFor:
    """What a statement says that a token has to be for."""

    issuer: str
    scope: str
    resource: str


@dataclass(frozen=True, slots=True)
class MaskinportenClient:
    """A client that the operator has registered. `owner` has it; of the `organisations` that it asks for,
    others have delegated that to the owner."""

    issuer: str
    token_endpoint: str
    client_id: str
    owner: str
    organisations: frozenset[str]
    scopes: frozenset[str]
    key: SigningKey = field(repr=False)


_Text = Annotated[str, Field(min_length=1, max_length=200)]


def _norwegian(organisation: str) -> str:
    if not organisation.startswith(_NORWEGIAN):
        raise ValueError("Maskinporten knows Norwegian organisation numbers only (0192:…)")
    return organisation


_Norwegian = Annotated[OrganisationId, AfterValidator(_norwegian)]


class _Listed(BaseModel):
    # Without what was written: whoever puts a key here by mistake finds it in no log.
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True
    )

    issuer: _Text
    token_endpoint: Annotated[_Text, SafeAddress]
    client_id: _Text
    key_file: Path
    owner: _Norwegian
    organisations: tuple[_Norwegian, ...] = ()
    scopes: Annotated[tuple[Annotated[str, Field(pattern=SCOPE)], ...], Field(min_length=1)]


_LISTED = TypeAdapter(tuple[_Listed, ...])


def read_clients(path: Path) -> tuple[MaskinportenClient, ...]:
    """The clients in a JSON list; a relative `key_file` stands beside it. `OddClients` when unusable."""
    try:
        clients = tuple(_client(one, path.parent) for one in _LISTED.validate_json(path.read_bytes()))
        _refuse_twins(clients)
    except (OSError, ValueError) as error:
        raise OddClients(path=path, problem=error) from error
    return clients


def client_of(
    clients: Iterable[MaskinportenClient], stated: Mapping[str, str], organisation: str
) -> MaskinportenClient | None:
    """Who asks the issuer that a statement names on the organisation's behalf; None where nobody does."""
    for one in clients:
        if one.issuer == stated["issuer"] and organisation in one.organisations:
            return one
    return None


def covers(resource: str, feed: str | None) -> bool:
    """Whether the feed lies under the resource, so that a token for the one is a token for the other."""
    start = resource.rstrip("/")
    if feed is None or not feed.startswith(f"{start}/"):
        return False
    return _BELOW.fullmatch(feed.removeprefix(start)) is not None


def refuse_misuse(client: MaskinportenClient, stated: Mapping[str, str], feed: str | None) -> None:
    """Refuse to get a token that somebody else could use elsewhere: `CallFailed`.

    Many services look at the scope alone, so a partner must not choose which of ours it gets; those that look
    at the audience must not be found in a token that goes to another.
    """
    if stated["scope"] not in client.scopes:
        raise CallFailed(CallFault.SCOPE_NOT_ALLOWED)
    if not covers(stated["resource"], feed):
        raise CallFailed(CallFault.RESOURCE_ELSEWHERE)


def assertion(client: MaskinportenClient, stated: Mapping[str, str], organisation: str, now: datetime) -> str:
    """The JWT grant, once and within a minute. Claims that are not documented there are refused there."""
    at = int(now.timestamp())
    claims: dict[str, Any] = {
        "aud": client.issuer,
        "iss": client.client_id,
        "scope": stated["scope"],
        "resource": [stated["resource"]],
        "iat": at,
        "exp": at + ASSERTION_SECONDS,
        "jti": str(new_id()),
    }
    if organisation != client.owner:
        claims["consumer_org"] = organisation.removeprefix(_NORWEGIAN)
    return sign(claims, client.key, typ="JWT")


def form(assertion_text: str) -> dict[str, str]:
    """What is posted: the client says who it is in the assertion."""
    return {"grant_type": GRANT_TYPE, "assertion": assertion_text}


def refuse_failed(answer: Answer, caller: Caller) -> None:
    """`CallFailed` for an answer without a token; what was wrong goes to the log, for the operator."""
    if answer.status == 200:
        return
    said = read_object(answer)
    error, description = (str(said.get(name, "")) for name in ("error", "error_description"))
    extra = {
        "organisation": caller.organisation,
        "partner": str(caller.partner_id),
        "status": answer.status,
        "error": error if _ERROR.fullmatch(error) else "",
        # Whatever it repeats of what it was sent: no part of an assertion goes to the log.
        "description": _LONG.sub("…", description)[:300],
    }
    _log.warning("Maskinporten gave no token", extra=extra)
    if answer.status >= 500 or answer.status == 429:
        raise CallFailed(CallFault.MASKINPORTEN_NOT_REACHED)
    is_scope = error == "invalid_scope"
    raise CallFailed(CallFault.SCOPE_REFUSED if is_scope else CallFault.MASKINPORTEN_REFUSED)


def _refuse_twins(clients: Iterable[MaskinportenClient]) -> None:
    asking = [(one.issuer, organisation) for one in clients for organisation in one.organisations]
    if len(asking) != len(set(asking)):
        raise ValueError("two clients of one issuer ask for the same organisation")


def _client(said: _Listed, beside: Path) -> MaskinportenClient:
    key = signing_key(read_private_jwk(beside / said.key_file))
    if not key.algorithm.startswith("RS"):
        raise ValueError(f"{said.key_file} must hold an RSA key: Maskinporten takes RS256, RS384 and RS512")
    return MaskinportenClient(
        said.issuer,
        said.token_endpoint,
        said.client_id,
        said.owner,
        frozenset(said.organisations or (said.owner,)),
        frozenset(said.scopes),
        key,
    )
