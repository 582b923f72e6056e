"""Sealing with a secret of the installation: what the database, or somebody's address, may hold but not tell.

AES-256 in GCM. The key of each purpose is derived from the secret, so that what was sealed for one purpose
opens for no other. The secret comes from a file or the environment, never from the database.
"""

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12
_SHORTEST = 32


class SecretBox:
    """`secrets` are texts of 32 characters or more: the first seals, the others still open."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        if not secrets or any(len(secret) < _SHORTEST for secret in secrets):
            raise ValueError(f"a secret has {_SHORTEST} characters or more")
        self._ciphers = [AESGCM(derived_key(secret, purpose)) for secret in secrets]

    def sealed(self, content: bytes, *, about: str = "") -> bytes:
        """`content`, to be opened only with the same `about`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._ciphers[0].encrypt(nonce, content, about.encode())

    def opened(self, sealed: bytes, *, about: str = "") -> bytes | None:
        """What was sealed; None for what was sealed with other secrets or about something else."""
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(nonce, rest, about.encode())
            except (InvalidTag, ValueError):
                continue
        return None


def derived_key(secret: str, purpose: str) -> bytes:
    """256 bits for one purpose, which tell nothing of the secret or of those for another purpose."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def secrets_of(setting: str | None) -> tuple[str, ...]:
    """The secrets of a setting, the newest first, with spaces between; none without it."""
    return tuple((setting or "").split())
