"""Cursors that only their maker can read, and ids that stand for records a partner may not know.

Both are made with keys derived from the installation's one secret. A cursor has always the same length, so it
does not tell how far a feed has come.
"""

import hmac
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gevinst_shared.sync.kinds import HIDDEN

LONGEST_CURSOR = 200
_SHORTEST_SECRET = 32
_NONCE_BYTES = 12
_CONTENT = struct.Struct(">16s16sQ")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a partner's feed, and the random stamp of the page that led there."""

    epoch: UUID
    stamp: UUID
    position: int


class Seals:
    """The keys of one service for one organisation and one partner: nobody else's cursor opens."""

    def __init__(self, secret: str, *, service: str, organisation: str, partner: UUID) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"the secret has {_SHORTEST_SECRET} characters or more")
        about = f"gevinst {service} exchange {organisation} {partner}"
        keys = HKDF(SHA256(), length=64, salt=None, info=about.encode()).derive(secret.encode())
        self._cipher, self._key = AESGCM(keys[:32]), keys[32:]

    def sealed(self, cursor: Cursor) -> str:
        content = _CONTENT.pack(cursor.epoch.bytes, cursor.stamp.bytes, cursor.position)
        nonce = os.urandom(_NONCE_BYTES)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, content, None)).rstrip(b"=").decode()

    def opened(self, text: str) -> Cursor | None:
        """The cursor; None for what these keys did not seal."""
        if len(text) > LONGEST_CURSOR:
            return None
        try:
            sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            content = self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
            epoch, stamp, position = _CONTENT.unpack(content)
        except (InvalidTag, ValueError, struct.error):
            return None
        return Cursor(UUID(bytes=epoch), UUID(bytes=stamp), position)

    def hidden(self, kind: str, record: str) -> str:
        """What stands for the record: always the same for this partner, and told to nobody else."""
        digest = hmac.new(self._key, f"{kind} {record}".encode(), sha256).digest()[:16]
        return HIDDEN + urlsafe_b64encode(digest).rstrip(b"=").decode()
