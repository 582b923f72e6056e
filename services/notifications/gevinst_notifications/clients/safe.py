"""What the database may not know in clear: addresses that are secrets themselves, and signing keys.

The keys come from outside of the database (`GEVINST_NOTIFICATIONS_CHANNEL_KEY`), so a copy of it opens
nothing. What was sealed for one purpose and record does not open for another.
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_SHORTEST_KEY = 32


class NotOpenedError(Exception):
    """Sealed with a key that is not here, or for something else."""


class Safe:
    """`keys` are texts of 32 characters or more: the first seals, the others still open."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or any(len(key) < _SHORTEST_KEY for key in keys):
            raise ValueError(f"a channel key has {_SHORTEST_KEY} characters or more")
        self._ciphers = [AESGCM(_derived(key, b"sealing")) for key in keys]
        self.leaving_keys = tuple(_derived(key, b"leaving tickets") for key in keys)
        self.ticket_keys = tuple(_derived(key, b"calendar tickets") for key in keys)

    @classmethod
    def of(cls, setting: str | None) -> "Safe | None":
        """The safe of the setting: one key, or several with spaces between; None without any."""
        return None if not setting or not setting.split() else cls(setting.split())

    def seal(self, text: str, *, about: str) -> bytes:
        """`text`, to be opened only with the same `about`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, text.encode(), about.encode())

    def open(self, sealed: bytes, *, about: str) -> str:
        """What was sealed, or `NotOpenedError`."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, rest, about.encode()).decode()
            except (InvalidTag, ValueError):
                continue
        raise NotOpenedError(about.partition(" ")[0])


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"gevinst notifications " + purpose).derive(key.encode())
