"""Cursors that only their maker can read, and ids that stand for records a partner may not know.

Both are made with keys derived from the installation's one secret. A cursor has always the same length, so it
does not tell how far a feed has come.
"""

import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from gevinst_shared.auth.secret_box import SecretBox, derived_key
from gevinst_shared.sync.kinds import HIDDEN

LONGEST_CURSOR = 200
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
        about = f"gevinst {service} exchange {organisation} {partner}"
        self._box = SecretBox([secret], f"{about} cursors")
        self._key = derived_key(secret, f"{about} ids")

    def sealed(self, cursor: Cursor) -> str:
        content = _CONTENT.pack(cursor.epoch.bytes, cursor.stamp.bytes, cursor.position)
        return urlsafe_b64encode(self._box.sealed(content)).rstrip(b"=").decode()

    def opened(self, text: str) -> Cursor | None:
        """The cursor; None for what these keys did not seal."""
        if len(text) > LONGEST_CURSOR:
            return None
        try:
            content = self._box.opened(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        except ValueError:
            return None
        if content is None:
            return None
        epoch, stamp, position = _CONTENT.unpack(content)
        return Cursor(UUID(bytes=epoch), UUID(bytes=stamp), position)

    def hidden(self, kind: str, record: str) -> str:
        """What stands for the record: always the same for this partner, and told to nobody else."""
        digest = hmac.new(self._key, f"{kind} {record}".encode(), sha256).digest()[:16]
        return HIDDEN + urlsafe_b64encode(digest).rstrip(b"=").decode()
