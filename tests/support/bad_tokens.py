"""Tokens that must never be believed, and the raw material to make them.

Nothing here uses the product's own signing: a token is put together by hand, so that it can be wrong in
every way. `bad_tokens` works against a verifier, a service or the gateway alike: whoever calls it holds
the issuer's private key, as the development issuer's operator does.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORGANISATION = "0192:958935420"


def bad_tokens(
    private_jwk: Mapping[str, Any], *, issuer: str, audience: str, now: datetime
) -> dict[str, str]:
    """Name → token, each with one fault; `private_jwk` (ES256) is the key that `issuer` really signs with.

    All are ASCII, so they fit in a header; `huge` (1 MB) may be cut off with 431 before anyone reads it.
    """
    header = {"alg": "ES256", "kid": private_jwk["kid"], "typ": "at+jwt"}
    claims = good_claims(issuer=issuer, audience=audience, now=now)
    good = token(header, claims, private_jwk)
    return {
        **_shapeless(good),
        **_forged(header, claims, private_jwk),
        **_with_header(header, claims, private_jwk),
        **_with_claims(header, claims, private_jwk, now),
    }


def good_claims(*, issuer: str, audience: str, now: datetime) -> dict[str, Any]:
    """What a person's token from the development issuer says."""
    seconds = int(now.timestamp())
    return {
        "iss": issuer,
        "aud": audience,
        "sub": "kari",
        "client_id": "gevinst-command",
        "iat": seconds,
        "exp": seconds + 3600,
        "jti": "one",
        "organisation": ORGANISATION,
        "roles": ["reader"],
    }


def token(header: object, claims: object, private_jwk: Mapping[str, Any]) -> str:
    """A compact token of any header and claims (objects, or bytes as they are), signed by its key's type."""
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_base64url(signature(signed.encode(), private_jwk))}"


def signature(signed: bytes, private_jwk: Mapping[str, Any]) -> bytes:
    if private_jwk["kty"] == "RSA":
        return _rsa_key(private_jwk).sign(signed, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(_ec_key(private_jwk).sign(signed, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


@cache
def rsa_jwk(bits: int, kid: str) -> dict[str, Any]:
    """A private RSA key as a JWK; 1024 bits are too weak to be believed."""
    numbers = rsa.generate_private_key(public_exponent=65537, key_size=bits).private_numbers()
    members = {
        "n": numbers.public_numbers.n,
        "e": numbers.public_numbers.e,
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    texts = {name: _base64url(n.to_bytes((n.bit_length() + 7) // 8, "big")) for name, n in members.items()}
    return {"kty": "RSA", "kid": kid, "alg": "RS256", "use": "sig", **texts}


def ec_jwk(kid: str) -> dict[str, Any]:
    """A fresh private ES256 key as a JWK."""
    numbers = ec.generate_private_key(ec.SECP256R1()).private_numbers()
    point = numbers.public_numbers
    texts = {
        name: _base64url(n.to_bytes(32, "big"))
        for name, n in (("x", point.x), ("y", point.y), ("d", numbers.private_value))
    }
    return {"kty": "EC", "crv": "P-256", "kid": kid, "alg": "ES256", "use": "sig", **texts}


def public_half(jwk: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in jwk.items() if name not in {"d", "p", "q", "dp", "dq", "qi"}}


def _shapeless(good: str) -> dict[str, str]:
    header, claims, signed = good.split(".")
    nested = _base64url(b"[" * 5000)
    return {
        "empty": "",
        "garbage": "not-a-token",
        "dots": "..",
        "two parts": f"{header}.{claims}",
        "four parts": f"{good}.{signed}",
        "five parts, as if encrypted": f"{header}.{claims}.{signed}.{signed}.{signed}",
        "quoted": f'"{good}"',
        "padded": f"{good}==",
        "standard base64": f"{header}.{claims}.+/+/{signed[4:]}",
        "odd base64 length": f"{header}A.{claims}.{signed}",
        "header is no JSON": f"{_base64url(b'{')}.{claims}.{signed}",
        "header is a list": f"{_base64url(b'[]')}.{claims}.{signed}",
        "header is no UTF-8": f"{_base64url(bytes([0xFF, 0xFE]))}.{claims}.{signed}",
        "header nested too deep": f"{nested}.{claims}.{signed}",
        "claims nested too deep": f"{header}.{nested}.{signed}",
        "huge": f"{header}.{'A' * 1_000_000}.{signed}",
        "just too long": f"{header}.{'A' * 8192}.{signed}",
        "no signature": f"{header}.{claims}.",
        "signature cut short": good[:-8],
        "signature spelt otherwise": good[:-1] + _same_bits(good[-1]),
    }


def _forged(header: Mapping[str, Any], claims: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, str]:
    good = token(header, claims, key)
    start, payload, signed = good.split(".")
    raised = _part({**claims, "roles": ["administrator"]})
    other = ec_jwk(str(key["kid"]))
    unsigned = {"typ": "at+jwt", "kid": key["kid"]}
    zeros, public = _base64url(bytes(64)), _ec_key(key).public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {
        "tampered payload": f"{start}.{raised}.{signed}",
        "another key's signature": token(header, claims, other),
        "r and s are zero": f"{start}.{payload}.{zeros}",
        "alg none": f"{_part({**unsigned, 'alg': 'none'})}.{payload}.",
        "alg none with a signature": f"{_part({**unsigned, 'alg': 'none'})}.{payload}.{signed}",
        "alg None in capitals": f"{_part({**unsigned, 'alg': 'NONE'})}.{payload}.{signed}",
        "no alg": f"{_part(unsigned)}.{payload}.{signed}",
        "HS256 with the public key as PEM": _hmac({**header, "alg": "HS256"}, claims, pem),
        "HS256 with the public key as DER": _hmac({**header, "alg": "HS256"}, claims, der),  # CVE-2026-85394
        "HS256 with the public key as JWK": _hmac(
            {**header, "alg": "HS256"}, claims, json.dumps(public_half(key)).encode()
        ),
        "HS256 with an empty key": _hmac({**header, "alg": "HS256"}, claims, b""),
        "RS256 named, ES256 signed": token({**header, "alg": "RS256"}, claims, key),
        "a key of its own in jwk": token({**header, "jwk": public_half(other)}, claims, other),
        "a key address of its own in jku": token({**header, "jku": "http://127.0.0.1:9/keys"}, claims, other),
        "weak RSA key": token({**header, "alg": "RS256", "kid": "weak"}, claims, rsa_jwk(1024, "weak")),
        "signature as DER": f"{start}.{payload}.{_base64url(_der_signature(f'{start}.{payload}', key))}",
    }


def _with_header(
    header: Mapping[str, Any], claims: Mapping[str, Any], key: Mapping[str, Any]
) -> dict[str, str]:
    changed: dict[str, Mapping[str, Any]] = {
        "unknown crit": {"crit": ["exp"], "exp": 1},
        "empty crit": {"crit": []},
        "unencoded payload": {"crit": ["b64"], "b64": False},
        "typ of an ID token": {"typ": "JWT"},
        "typ is a number": {"typ": 7},
        "foreign kid": {"kid": "nobody"},
        "kid is a path": {"kid": "../../../../dev/null"},
        "kid is a query": {"kid": "' OR '1'='1"},
        "kid is a list": {"kid": [key["kid"]]},
        "kid is empty": {"kid": ""},
    }
    made = {name: token({**header, **members}, claims, key) for name, members in changed.items()}
    twice = json.dumps(dict(header))[:-1] + ', "alg": "ES256"}'
    return {
        **made,
        "no kid": token(_without(header, "kid"), claims, key),
        "no typ": token(_without(header, "typ"), claims, key),
        "nested token": token({**header, "cty": "JWT"}, token(header, claims, key).encode(), key),
        "repeated header": token(twice.encode(), claims, key),
    }


def _with_claims(
    header: Mapping[str, Any], claims: Mapping[str, Any], key: Mapping[str, Any], now: datetime
) -> dict[str, str]:
    def at(**ahead: float) -> int:
        return int((now + timedelta(**ahead)).timestamp())

    changed: dict[str, Mapping[str, Any]] = {
        "wrong aud": {"aud": "https://somewhere.else"},
        "aud is a part of ours": {"aud": claims["aud"][:-1]},
        "aud is an object": {"aud": {claims["aud"]: True}},
        "empty aud": {"aud": []},
        "foreign iss": {"iss": "https://issuer.example"},
        "iss with a slash more": {"iss": claims["iss"] + "/"},
        "iss is a list": {"iss": [claims["iss"]]},
        "expired": {"iat": at(hours=-2), "exp": at(hours=-1)},
        "far exp": {"exp": at(days=3650)},
        "exp is text": {"exp": str(claims["exp"])},
        "exp is true": {"exp": True},
        "exp is endless": {"exp": 10**400},
        "exp before iat": {"iat": at(seconds=20), "exp": at(seconds=10)},
        "future iat": {"iat": at(hours=1), "exp": at(hours=2)},
        "future iat behind a past nbf": {"iat": at(hours=1), "exp": at(hours=2), "nbf": at(hours=-1)},
        "negative iat": {"iat": -1},
        "not yet valid": {"nbf": at(minutes=30)},
        "nbf is text": {"nbf": "now"},
        "nbf is true": {"nbf": True},
        "empty sub": {"sub": ""},
        "sub is a number": {"sub": 7},
        "sub with a NUL": {"sub": "kari\x00"},
        "sub with half a pair": {"sub": "kari\ud800"},
        "endless sub": {"sub": "k" * 256},
    }
    made = {name: token(header, {**claims, **members}, key) for name, members in changed.items()}
    lacking = {
        f"no {name}": token(header, _without(claims, name), key)
        for name in ("aud", "exp", "iat", "sub", "iss")
    }
    text = json.dumps(dict(claims))
    return {
        **made,
        **lacking,
        "exp is infinite": token(header, text.replace(str(claims["exp"]), "Infinity").encode(), key),
        "exp is not a number": token(header, text.replace(str(claims["exp"]), "NaN").encode(), key),
        "repeated claim": token(header, (text[:-1] + ', "sub": "ola"}').encode(), key),
        "claims are a list": token(header, [dict(claims)], key),
        "claims are text": token(header, b'"claims"', key),
        "claims are no UTF-8": token(header, b'{"iss": "\xff"}', key),
    }


def _hmac(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    signed = f"{_part(header)}.{_part(claims)}"
    return f"{signed}.{_base64url(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def _der_signature(signed: str, key: Mapping[str, Any]) -> bytes:
    return _ec_key(key).sign(signed.encode(), ec.ECDSA(hashes.SHA256()))


def _ec_key(jwk: Mapping[str, Any]) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(_number(jwk["d"]), ec.SECP256R1())


def _rsa_key(jwk: Mapping[str, Any]) -> rsa.RSAPrivateKey:
    public = rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"]))
    p, q, d, dp, dq, qi = (_number(jwk[name]) for name in ("p", "q", "d", "dp", "dq", "qi"))
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, public).private_key()


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _part(content: object) -> str:
    return _base64url(content if isinstance(content, bytes) else json.dumps(content).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _same_bits(last: str) -> str:
    """Another last letter for 64 bytes: it carries two bits, and decoders pass over its other four."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return alphabet[alphabet.index(last) + 1]  # a canonical last letter stands at 0, 16, 32 or 48


def _without(members: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in members.items() if key != name}
