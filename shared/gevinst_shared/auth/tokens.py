"""Signed tokens, checked and made. The only file that imports jose.

jose's own `decode` lets pass a missing audience or expiry, unknown critical headers, weak keys and, without
a list of algorithms, a public key used as a shared secret (CVE-2026-85394). So jose does the signatures
here, with keys prepared once and bound to one algorithm each; every rule stands in `claims`.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from jose import jwk, jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from gevinst_shared.auth.claims import BadToken, Flaw, TokenRules, check_claims, check_header, read_object

MAX_TOKEN_LENGTH = 8192
CACHE_SECONDS = 60
CACHE_SIZE = 4096
LEEWAY_SECONDS = 30

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]{1,2048}")
# Key type and curve → the algorithms it may be used with; the first when the key does not say.
_ALGORITHMS = {
    ("RSA", None): ("RS256", "RS384", "RS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A prepared key and the one algorithm that it checks."""

    algorithm: str
    key: Key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A prepared private key, its algorithm, and the name under which its public half is published."""

    kid: str
    algorithm: str
    key: Key


class KeySource(Protocol):
    """Where one issuer's keys come from."""

    async def find(self, kid: str) -> PublicKey | None: ...


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Keys that were handed over once and stay."""

    keys: Mapping[str, PublicKey]

    async def find(self, kid: str) -> PublicKey | None:
        return self.keys.get(kid)


class TokenVerifier:
    """Checks compact signed tokens of several issuers; each key is found by issuer and key id.

    `clock` gives aware UTC time. A verified token is remembered by its hash until it expires, at most
    `CACHE_SECONDS`, so that a withdrawn key stops working after that time.
    """

    def __init__(
        self,
        trusted: Iterable[tuple[TokenRules, KeySource]],
        *,
        clock: Callable[[], datetime],
        leeway_seconds: float = LEEWAY_SECONDS,
    ) -> None:
        self._trusted = {rules.issuer: (rules, keys) for rules, keys in trusted}
        self._clock = clock
        self._leeway = leeway_seconds
        self._verified: dict[bytes, tuple[float, Mapping[str, Any]]] = {}

    async def verify(self, token: str) -> Mapping[str, Any]:
        """The token's claims; `BadToken` for whatever else it is, `KeysUnavailable` when nobody can tell."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise BadToken(Flaw.TOO_LONG)
        if not token.isascii():
            raise BadToken(Flaw.MALFORMED)
        digest = hashlib.sha256(token.encode()).digest()
        now = self._clock().timestamp()
        remembered = self._verified.get(digest)
        if remembered is not None and now < remembered[0]:
            return remembered[1]
        claims = MappingProxyType(await self._check(token, now))
        self._remember(digest, claims, now)
        return claims

    async def _check(self, token: str, now: float) -> dict[str, Any]:
        header, claims, signed, signature = _taken_apart(token)
        issuer = claims.get("iss")
        if not isinstance(issuer, str) or issuer not in self._trusted:
            raise BadToken(Flaw.UNKNOWN_ISSUER)
        rules, keys = self._trusted[issuer]
        check_header(header, rules)
        kid = header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise BadToken(Flaw.NO_KEY_ID)
        key = await keys.find(kid)
        if key is None:
            raise BadToken(Flaw.UNKNOWN_KEY)
        if header.get("alg") != key.algorithm:
            raise BadToken(Flaw.WRONG_ALGORITHM)
        if not key.key.verify(signed, signature):
            raise BadToken(Flaw.WRONG_SIGNATURE)
        check_claims(claims, rules, now=now, leeway=self._leeway)
        return claims

    def _remember(self, digest: bytes, claims: Mapping[str, Any], now: float) -> None:
        self._verified.pop(digest, None)
        if len(self._verified) >= CACHE_SIZE:
            del self._verified[next(iter(self._verified))]  # the oldest
        self._verified[digest] = (min(now + CACHE_SECONDS, claims["exp"]), claims)


def public_keys(document: object) -> dict[str, PublicKey]:
    """The usable keys of a JWK set (RFC 7517), by key id; `ValueError` when it is no such set.

    Left out: shared secrets, encryption keys, private keys (a published one proves nothing), RSA keys
    outside 2048 to 8192 bits, unknown algorithms and curves, keys without an id, broken ones.
    """
    listed = document.get("keys") if isinstance(document, Mapping) else None
    if not isinstance(listed, list):
        raise ValueError("A JWK set is an object with a list named keys.")  # noqa: TRY004 - a bad document, not a bad call
    found: dict[str, PublicKey] = {}
    for one in listed:
        key = _public_key(one) if isinstance(one, Mapping) else None
        if key is not None:
            found.setdefault(one["kid"], key)
    return found


def signing_key(private_jwk: Mapping[str, Any]) -> SigningKey:
    """A private JWK with a `kid`, prepared; `ValueError` when it cannot sign."""
    algorithm = _algorithm(private_jwk)
    if algorithm is None or not private_jwk.get("kid") or "d" not in private_jwk:
        raise ValueError("The private key must be a JWK of type EC or RSA with the members kid and d.")
    try:
        return SigningKey(private_jwk["kid"], algorithm, jwk.construct(dict(private_jwk), algorithm))
    except (JOSEError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError("The private key cannot be read.") from error


def sign(claims: Mapping[str, Any], key: SigningKey, *, typ: str = "at+jwt") -> str:
    """The claims as a compact signed token with the key's id in its header.

    They are written as UTF-8 (RFC 7519): jose would write six letters for each that is not ASCII. Half of a
    surrogate pair has no UTF-8, and is escaped.
    """
    text = json.dumps(claims, ensure_ascii=False, separators=(",", ":"))
    content = text.encode("utf-8", "backslashreplace")
    return jws.sign(content, key.key, headers={"kid": key.kid, "typ": typ}, algorithm=key.algorithm)


def check_signature(text: str, keys: Mapping[str, PublicKey], *, typ: str, longest: int) -> Mapping[str, Any]:
    """What one of `keys` signed as a text of the kind `typ`, or `BadToken`; no claim is looked at."""
    if len(text) > longest:
        raise BadToken(Flaw.TOO_LONG)
    header, claims, signed, signature = _taken_apart(text)
    if header.keys() != {"alg", "kid", "typ"} or header["typ"] != typ:
        raise BadToken(Flaw.WRONG_TYPE)
    key = keys.get(header["kid"]) if isinstance(header["kid"], str) else None
    if key is None:
        raise BadToken(Flaw.UNKNOWN_KEY)
    if header["alg"] != key.algorithm:
        raise BadToken(Flaw.WRONG_ALGORITHM)
    if not key.key.verify(signed, signature):
        raise BadToken(Flaw.WRONG_SIGNATURE)
    return claims


def stated_audiences(token: str) -> frozenset[str]:
    """Whom a token says that it is for; nothing is checked, and one that cannot be read says nothing."""
    try:
        found = _taken_apart(token)[1].get("aud")
    except BadToken:
        return frozenset()
    listed = found if isinstance(found, list) else [found]
    return frozenset(one for one in listed if isinstance(one, str))


def _taken_apart(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, what was signed, and the signature; nothing is believed yet."""
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise BadToken(Flaw.MALFORMED)
    header, claims, signature = (_decoded(part) for part in parts.groups())
    return read_object(header), read_object(claims), token[: parts.end(2)].encode(), signature


def _decoded(part: str) -> bytes:
    """Base64url, in its one canonical spelling: a token has no second form that is also valid."""
    try:
        found = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise BadToken(Flaw.MALFORMED) from None
    if base64.urlsafe_b64encode(found).rstrip(b"=") != part.encode():
        raise BadToken(Flaw.MALFORMED)
    return found


def _public_key(one: Mapping[str, Any]) -> PublicKey | None:
    algorithm = _algorithm(one)
    if algorithm is None or not _is_for_checking(one):
        return None
    names = ("n", "e") if one["kty"] == "RSA" else ("x", "y")
    if not all(isinstance(one.get(name), str) and _BASE64URL.fullmatch(one[name]) for name in names):
        return None
    try:
        if one["kty"] == "RSA" and not 2048 <= _bits(one["n"]) <= 8192:
            return None
        return PublicKey(algorithm, jwk.construct(dict(one), algorithm))
    except (JOSEError, ValueError, UnsupportedAlgorithm):
        return None


def _is_for_checking(one: Mapping[str, Any]) -> bool:
    has_id = isinstance(one.get("kid"), str) and one["kid"] != ""
    is_meant = one.get("use", "sig") == "sig" and one.get("key_ops", ["verify"]) == ["verify"]
    return has_id and is_meant and "d" not in one


def _algorithm(one: Mapping[str, Any]) -> str | None:
    kind, curve = one.get("kty"), one.get("crv")
    if not isinstance(kind, str) or not isinstance(curve, str | None):
        return None
    allowed = _ALGORITHMS.get((kind, curve), ())
    named = one.get("alg", allowed[0] if allowed else None)
    return named if named in allowed else None


def _bits(number: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(number + "=" * (-len(number) % 4)), "big").bit_length()
