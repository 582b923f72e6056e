"""The keys that an organisation signs with: made, sealed at rest, and shown as people read them aloud."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.secret_box import SecretBox
from gevinst_shared.auth.tokens import SigningKey, signing_key

PURPOSE = "identities"
_GROUP = 4


@dataclass(frozen=True, slots=True)
class NewKey:
    """`kid` is the thumbprint of RFC 7638; `sealed` opens only for this organisation and key."""

    kid: str
    public: Mapping[str, Any]
    sealed: bytes


class KeyNotOpenedError(Exception):
    """Sealed with a secret that this installation has no more."""


def new_key(organisation: str, box: SecretBox) -> NewKey:
    """A fresh key (EC P-256) of the organisation."""
    private = new_private_jwk()
    kid = private["kid"]
    sealed = box.sealed(json.dumps(private).encode(), about=_about(organisation, kid))
    return NewKey(kid, public_jwk(private), sealed)


def opened_key(organisation: str, kid: str, sealed: bytes, box: SecretBox) -> SigningKey:
    """The key, ready to sign; `KeyNotOpenedError`."""
    opened = box.opened(sealed, about=_about(organisation, kid))
    if opened is None:
        raise KeyNotOpenedError
    return signing_key(json.loads(opened))


def read_aloud(kid: str) -> str:
    """A thumbprint as people compare it: 64 hexadecimal digits in groups of four.

    Check: SHA-256 of nothing begins with "e3b0 c442 98fc 1c14".
    """
    digits = base64.urlsafe_b64decode(kid + "=" * (-len(kid) % 4)).hex()
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def is_same_thumbprint(read: str, kid: str) -> bool:
    """Whether what somebody read out is the key's, however they have spaced and written its digits."""
    digits = "".join(read.split()).replace("-", "").replace(":", "").lower()
    return digits == read_aloud(kid).replace(" ", "") or read.strip() == kid


def kid_of(read: str) -> str | None:
    """The key id whose thumbprint somebody read out; None for what is none."""
    digits = "".join(read.split()).replace("-", "").replace(":", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        return None
    return base64.urlsafe_b64encode(bytes.fromhex(digits)).rstrip(b"=").decode()


def public_part(public: Mapping[str, Any], until: datetime | None) -> dict[str, Any]:
    """The key as the statement shows it; nothing is signed with it after `exp`."""
    return {**public, **({} if until is None else {"exp": int(until.timestamp())})}


def _about(organisation: str, kid: str) -> str:
    return f"{organisation} {kid}"
