"""Statements: what a body says of itself to everybody, signed by each of its keys (X1).

JWS in JSON (RFC 7515 §7.2.1). Nothing of it is believed for being signed: the first time, people compare the
thumbprint; from then on a statement counts when a key that was known before has signed it, too.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gevinst_shared.auth.claims import BadToken, read_object
from gevinst_shared.auth.key_files import thumbprint
from gevinst_shared.auth.tokens import PublicKey, SigningKey, check_signature, public_keys, sign
from gevinst_shared.sync.maskinporten import SCOPE
from gevinst_shared.values.web_address import OddWebAddressError, web_address

TYPE = "gevinst-federation"
MEDIA_TYPE = "application/jose+json"
MOST_BYTES = 65_536
MOST_KEYS = 8
MOST_WITHDRAWN = 100
_DEEPEST = 8
_EC = frozenset({"kty", "crv", "x", "y"})
Service = Literal["portfolio", "benefits"]
# The service whose keys speak for the body: they sign its statement, and tokens are got with them.
SPEAKS = "portfolio"


class Fault(StrEnum):
    """What is wrong with a statement."""

    TOO_LARGE = "statement-too-large"
    ODD = "odd-statement"
    WRONG_OWNER = "statement-of-another"
    ODD_KEY = "odd-statement-key"
    WRONG_SIGNATURE = "wrong-statement-signature"
    OLDER = "older-statement"
    UNKNOWN_KEYS = "unknown-statement-keys"
    CHANGED = "statement-without-serial"
    WITHDRAWN = "withdrawn-statement-key"


class StatementError(Exception):
    """A statement that nothing is taken of."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _callable(text: str) -> str:
    try:
        return str(web_address(text))
    except OddWebAddressError as error:
        raise ValueError(str(error)) from error


def _as_written(text: str) -> str:
    _callable(text)
    return text


_Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\u0000-\u001f\u007f-\u009f]+$")]
_Address = Annotated[str, Field(max_length=2000), AfterValidator(_callable)]
# As it is written: it is an audience, which is the same only when it is spelt the same.
_Resource = Annotated[str, Field(max_length=200), AfterValidator(_as_written)]


class _Said(BaseModel):
    # What later versions say beside it is passed over.
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class _Token(_Said):
    endpoint: _Address
    audience: _Text
    scope: _Text


class _Maskinporten(_Said):
    issuer: _Text
    scope: Annotated[str, Field(pattern=SCOPE)]
    resource: _Resource


class _Keys(_Said):
    keys: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_KEYS)]


class _ServiceKeys(_Keys):
    keys: Annotated[list[dict[str, Any]], Field(max_length=MOST_KEYS)]


class _Statement(_Said):
    owner: _Text
    name: _Text
    serial: Annotated[int, Field(ge=1, le=2**53)]
    contact: _Text | None = None
    keys: _Keys
    # What another service signs its revisions with, and nothing else.
    service_keys: dict[Literal["benefits"], _ServiceKeys] = Field(default={})
    feeds: dict[Service, _Address]
    token: _Token | None = None
    maskinporten: _Maskinporten | None = None
    # Keys that somebody else may have, too: nothing that they sign counts, whenever it was signed.
    withdrawn: Annotated[list[_Text], Field(max_length=MOST_WITHDRAWN)] = Field(default=[])


class _Signature(_Said):
    protected: Annotated[str, Field(max_length=1000)]
    signature: Annotated[str, Field(max_length=1000)]


class _Signed(_Said):
    payload: str
    signatures: Annotated[list[_Signature], Field(min_length=1, max_length=2 * MOST_KEYS)]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose own keys have all signed it. `keys` is {kid: {"jwk": …, "until": moment or absent,
    "service": whose only, or absent}}; `kid` is the key of today; `hash` tells two statements apart.

    `token` is how tokens for the feeds are got: `endpoint`, `audience` and `scope` with one's own key, and
    under `maskinporten` `issuer`, `scope` and `resource` for one from there; each where it is stated.
    """

    owner: str
    name: str
    serial: int
    contact: str | None
    kid: str
    keys: Mapping[str, Mapping[str, Any]]
    feeds: Mapping[str, str]
    token: Mapping[str, Any]
    hash: str
    withdrawn: Sequence[str] = ()


def signed_statement(said: Mapping[str, Any], keys: Sequence[SigningKey]) -> str:
    """The statement as it is answered, signed by each of `keys`."""
    parts = [sign(said, key, typ=TYPE).split(".") for key in keys]
    signatures = [{"protected": protected, "signature": signature} for protected, _, signature in parts]
    return json.dumps({"payload": parts[0][1], "signatures": signatures})


def signed_payload(text: str) -> dict[str, Any]:
    """What our own statement says."""
    return read_object(_decoded(json.loads(text)["payload"]))


def read_statement(content: bytes, *, owner: str) -> Statement:
    """The statement of `owner`; `StatementError` for everything else that may come instead of it."""
    if len(content) > MOST_BYTES:
        raise StatementError(Fault.TOO_LARGE)
    try:
        signed = _Signed.model_validate(_object(content))
        said = _Statement.model_validate(_object(_decoded(signed.payload)))
    except (BadToken, ValidationError, ValueError) as error:
        raise StatementError(Fault.ODD) from error
    if said.owner != owner:
        raise StatementError(Fault.WRONG_OWNER)
    kept = {_kid(one): _kept(one) for one in said.keys.keys}
    todays = [kid for kid, one in kept.items() if "until" not in one]
    if len(kept) != len(said.keys.keys) or len(todays) != 1:
        raise StatementError(Fault.ODD_KEY)
    of_services = _of_services(said)
    if kept.keys() & of_services.keys() or {**kept, **of_services}.keys() & set(said.withdrawn):
        raise StatementError(Fault.ODD_KEY)
    _require_all_signed(signed, public_keys({"keys": [one["jwk"] for one in kept.values()]}), kept)
    token = {} if said.token is None else said.token.model_dump()
    if said.maskinporten is not None:
        token["maskinporten"] = said.maskinporten.model_dump()
    hash_ = thumbprint({"payload": signed.payload})
    return Statement(
        said.owner,
        said.name,
        said.serial,
        said.contact,
        todays[0],
        {**kept, **of_services},
        dict(said.feeds.items()),
        token,
        hash_,
        tuple(said.withdrawn),
    )


def refuse_unfollowing(found: Statement, *, serial: int, hash_: str | None, known: Sequence[str]) -> bool:
    """Whether there is something new to take over from `found`; `StatementError` where it does not follow.

    `serial`, `hash_` and `known` (key ids) are of what was taken over last. All keys of a statement have
    signed it, so one of them that is known is a known key that vouches for the others.
    """
    if found.serial < serial:
        raise StatementError(Fault.OLDER)
    if found.serial == serial:
        if found.hash != hash_:
            raise StatementError(Fault.CHANGED)
        return False
    vouching = {kid for kid, key in found.keys.items() if "service" not in key}
    if known and not set(known) & vouching:
        raise StatementError(Fault.UNKNOWN_KEYS)
    return True


def _of_services(said: _Statement) -> dict[str, dict[str, Any]]:
    """The keys that sign revisions of one service only. The body's own keys vouch for them."""
    listed = [
        (_kid(one), {**_kept(one), "service": service})
        for service, keys in said.service_keys.items()
        for one in keys.keys
    ]
    found = dict(listed)
    usable = public_keys({"keys": [one["jwk"] for one in found.values()]})
    if not len(listed) == len(found) == len(usable):
        raise StatementError(Fault.ODD_KEY)
    return found


def refuse_withdrawn(found: Statement, withdrawn: Sequence[str]) -> None:
    """Refuse a statement that names a key again which an earlier one has withdrawn."""
    if found.keys.keys() & set(withdrawn):
        raise StatementError(Fault.WITHDRAWN)


def all_withdrawn(said: Sequence[str], known: Sequence[str]) -> list[str]:
    """What a partner says it has withdrawn, and what it had said before; no more than a statement names.

    Check: (b, c) after (a, b) are b, c and a.
    """
    return list(dict.fromkeys([*said, *known]))[:MOST_WITHDRAWN]


def _object(content: bytes) -> dict[str, Any]:
    found = read_object(content)
    if _is_deep(found):
        raise StatementError(Fault.ODD)
    return found


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _is_deep(found: object) -> bool:
    """Whether lists and objects stand deeper in each other than any statement needs."""
    level = [found]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
    return bool(level)


def _kid(jwk: Mapping[str, Any]) -> str:
    """The key's own thumbprint, which it has to be named by."""
    is_ours = jwk.get("kty") == "EC" and jwk.get("crv") == "P-256" and jwk.get("alg") == "ES256"
    if not is_ours or "d" in jwk or not all(isinstance(jwk.get(name), str) for name in _EC):
        raise StatementError(Fault.ODD_KEY)
    kid = thumbprint({name: jwk[name] for name in _EC})
    if jwk.get("kid") != kid or not _is_moment(jwk.get("exp", 1)):
        raise StatementError(Fault.ODD_KEY)
    return kid


def _is_moment(value: object) -> bool:
    """Whether it is whole seconds since 1970, before 2242."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**33


def _kept(jwk: Mapping[str, Any]) -> dict[str, Any]:
    public = {name: jwk[name] for name in (*sorted(_EC), "kid")} | {"alg": "ES256", "use": "sig"}
    if "exp" not in jwk:
        return {"jwk": public}
    until = datetime.fromtimestamp(jwk["exp"], UTC)
    return {"jwk": public, "until": f"{until:%Y-%m-%dT%H:%M:%S}Z"}


def _require_all_signed(
    signed: _Signed, usable: Mapping[str, PublicKey], kept: Mapping[str, Mapping[str, Any]]
) -> None:
    if usable.keys() != kept.keys():
        raise StatementError(Fault.ODD_KEY)
    signers = set()
    for one in signed.signatures:
        try:
            kid = read_object(_decoded(one.protected)).get("kid")
            text = f"{one.protected}.{signed.payload}.{one.signature}"
            check_signature(text, usable, typ=TYPE, longest=2 * MOST_BYTES)
        except (BadToken, ValueError):
            continue
        signers.add(kid)
    if signers != kept.keys():
        raise StatementError(Fault.WRONG_SIGNATURE)
