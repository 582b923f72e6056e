"""What a token has to say before anyone believes it, and how a token that says otherwise is refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

from gevinst_shared.values.refusal import Refusal

# An agreed year 5138: beyond it a number is a trick against the arithmetic, not a date.
_LATEST = 10**11


class Flaw(StrEnum):
    """Why a token was refused: for our log, never for the caller."""

    TOO_LONG = "too-long"
    MALFORMED = "malformed"
    UNKNOWN_ISSUER = "unknown-issuer"
    WRONG_TYPE = "wrong-type"
    CRITICAL_HEADER = "critical-header"
    NO_KEY_ID = "no-key-id"
    UNKNOWN_KEY = "unknown-key"
    WRONG_ALGORITHM = "wrong-algorithm"
    WRONG_SIGNATURE = "wrong-signature"
    WRONG_AUDIENCE = "wrong-audience"
    ODD_TIME = "odd-time"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    LIVES_TOO_LONG = "lives-too-long"
    NO_SUBJECT = "no-subject"


class BadToken(Refusal):
    """The bearer token proves nothing. Answered 401; `flaw` goes to the log only."""

    code = "bad-token"
    title = "Not signed in"
    detail = "The access token is missing or not valid. Get a new one and try again."

    def __init__(self, flaw: Flaw) -> None:
        super().__init__()
        self.flaw = flaw


class KeysUnavailable(Refusal):
    """No key of this issuer was ever fetched, so nothing can be said about the token. Answered 503."""

    code = "keys-unavailable"
    title = "Sign-in cannot be checked now"
    detail = "The keys of the token's issuer cannot be fetched at the moment. Try again in a minute."


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What one issuer's tokens must look like.

    `types` are values of the header `typ` in lower case without `application/`; the empty string allows
    a header without it. `subject_claim` names the claim that has to be there to say who it is about.
    """

    issuer: str
    audiences: frozenset[str]
    types: frozenset[str] = frozenset({"at+jwt"})
    max_life_seconds: int = 43_200
    subject_claim: str = "sub"


def read_object(text: bytes) -> dict[str, Any]:
    """The JSON object in `text`; a repeated member, NaN, or anything that is no object is `BadToken`."""
    try:
        found = json.loads(text, object_pairs_hook=_once_each, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # RecursionError: thousands of opening brackets fit in 8 KB
        raise BadToken(Flaw.MALFORMED) from None
    if not isinstance(found, dict):
        raise BadToken(Flaw.MALFORMED)
    return found


def check_header(header: Mapping[str, Any], rules: TokenRules) -> None:
    """Refuse a header of another kind of token, or one that demands an extension: we know none."""
    if "crit" in header:
        raise BadToken(Flaw.CRITICAL_HEADER)
    kind = header.get("typ", "")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in rules.types:
        raise BadToken(Flaw.WRONG_TYPE)


def check_claims(claims: Mapping[str, Any], rules: TokenRules, *, now: float, leeway: float) -> None:
    """Refuse claims that do not hold at `now` (seconds since 1970); `leeway` forgives clocks, in seconds."""
    if claims.get("iss") != rules.issuer:
        raise BadToken(Flaw.UNKNOWN_ISSUER)
    if rules.audiences.isdisjoint(_audiences(claims)):
        raise BadToken(Flaw.WRONG_AUDIENCE)
    _check_times(claims, rules.max_life_seconds, now=now, leeway=leeway)
    subject = claims.get(rules.subject_claim)
    # isprintable: no NUL, which PostgreSQL cannot store, and no half of a surrogate pair
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise BadToken(Flaw.NO_SUBJECT)


def _check_times(claims: Mapping[str, Any], max_life: int, *, now: float, leeway: float) -> None:
    issued, expires = _time(claims, "iat"), _time(claims, "exp")
    not_before = _time(claims, "nbf") if "nbf" in claims else issued
    if now >= expires + leeway:
        raise BadToken(Flaw.EXPIRED)
    if max(issued, not_before) > now + leeway:
        raise BadToken(Flaw.NOT_YET_VALID)
    if not 0 < expires - issued <= max_life:
        raise BadToken(Flaw.LIVES_TOO_LONG)


def _time(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LATEST:
        raise BadToken(Flaw.ODD_TIME)
    return value


def _audiences(claims: Mapping[str, Any]) -> set[str]:
    found = claims.get("aud")
    listed = found if isinstance(found, list) else [found]
    return {one for one in listed if isinstance(one, str)}


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers may pick different ones of a repeated member: nobody gets to choose."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("repeated member")
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
