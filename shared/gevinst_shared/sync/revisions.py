"""Signed revisions: each says whose record it is, for whom, and what of it (X2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_shared.auth.claims import BadToken, Flaw
from gevinst_shared.auth.tokens import PublicKey, SigningKey, check_signature, sign
from gevinst_shared.values.ids import is_id

TYPE = "gevinst-revision+jws"
# As it is signed and sent: all of it is ASCII, so letters are bytes.
LONGEST_REVISION = 4 * 2**20
# Header, signature, the claims that are not fields, and what a page writes between revisions; never more.
_AROUND = 1000
_MEMBERS = {"epoch", "number", "kind", "id", "owner", "audience", "at"}


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a record as its partner gets it; `fields` is None for a tombstone.

    `owner` is the body that owns the record and signs; `audience` the one that it is for. `at` is when the
    state was published, as text.
    """

    epoch: str
    number: int
    kind: str
    id: UUID
    owner: str
    audience: str
    at: str
    fields: Mapping[str, Any] | None


def signed(revision: Revision, key: SigningKey) -> str:
    """The revision as a compact JWS."""
    claims: dict[str, Any] = {
        "epoch": revision.epoch,
        "number": revision.number,
        "kind": revision.kind,
        "id": str(revision.id),
        "owner": revision.owner,
        "audience": revision.audience,
        "at": revision.at,
    }
    claims |= {"tombstone": True} if revision.fields is None else {"fields": revision.fields}
    return sign(claims, key, typ=TYPE)


def length_on_the_wire(body: str | None) -> int:
    """How long the revision with this body (JSON, None for a tombstone) is at most once it is signed.

    Check: `{"n":"å"}` is ten bytes, so fourteen letters of base64, beside what stands around them.
    """
    return _AROUND + -(-len((body or "").encode()) * 4 // 3)


def opened(text: str, keys: Mapping[str, PublicKey]) -> Revision:
    """What one of the keys signed, or `BadToken`; whether it is for us is not asked here."""
    return _read(check_signature(text, keys, typ=TYPE, longest=LONGEST_REVISION))


def _read(claims: Mapping[str, Any]) -> Revision:
    is_tombstone = claims.get("tombstone") is True
    wanted = _MEMBERS | ({"tombstone"} if is_tombstone else {"fields"})
    number = claims.get("number")
    texts = all(isinstance(claims.get(name), str) for name in _MEMBERS - {"number"})
    if claims.keys() != wanted or not texts or not is_id(claims["id"]) or not _is_number(number):
        raise BadToken(Flaw.MALFORMED)
    fields = None if is_tombstone else claims["fields"]
    if fields is not None and not isinstance(fields, dict):
        raise BadToken(Flaw.MALFORMED)
    return Revision(
        epoch=claims["epoch"],
        number=claims["number"],
        kind=claims["kind"],
        id=UUID(claims["id"]),
        owner=claims["owner"],
        audience=claims["audience"],
        at=claims["at"],
        fields=fields,
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53
