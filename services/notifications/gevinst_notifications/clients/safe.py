"""What the database may not know in clear: addresses that are secrets themselves, and signing keys.

The keys come from outside of the database (`GEVINST_NOTIFICATIONS_CHANNEL_KEY`), so a copy of it opens
nothing. What was sealed for one purpose and record does not open for another.
"""

from collections.abc import Sequence

from gevinst_shared.auth.secret_box import SecretBox, derived_key, secrets_of


class NotOpenedError(Exception):
    """Sealed with a key that is not here, or for something else."""


class Safe:
    """`keys` are texts of 32 characters or more: the first seals, the others still open."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._box = SecretBox(keys, "gevinst notifications sealing")
        self.leaving_keys = tuple(derived_key(key, "gevinst notifications leaving tickets") for key in keys)
        self.ticket_keys = tuple(derived_key(key, "gevinst notifications calendar tickets") for key in keys)

    @classmethod
    def of(cls, setting: str | None) -> "Safe | None":
        """The safe of the setting: one key, or several with spaces between; None without any."""
        keys = secrets_of(setting)
        return cls(keys) if keys else None

    def seal(self, text: str, *, about: str) -> bytes:
        """`text`, to be opened only with the same `about`."""
        return self._box.sealed(text.encode(), about=about)

    def open(self, sealed: bytes, *, about: str) -> str:
        """What was sealed, or `NotOpenedError`."""
        opened = self._box.opened(sealed, about=about)
        if opened is None:
            raise NotOpenedError(about.partition(" ")[0])
        return opened.decode()
