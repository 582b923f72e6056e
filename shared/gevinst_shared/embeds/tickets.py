"""Tickets: the right to look at one resource, for a short while, on the pages of a few origins.

A ticket stands in the markup of another's page and names a person, so it is sealed and not only signed:
AES-256 in GCM, by a key of this service that is derived from the installation's. Whoever made it is the only
one to read it, so nothing about it needs to be negotiated.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gevinst_shared.values.actor import Actor, Role

LONGEST_TICKET = 6000
USUAL_SECONDS, LONGEST_SECONDS = 600, 3600
MOST_ORIGINS = 10
_NONCE_BYTES = 12
_SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Ticket:
    """`actor` is who asked for it, with the roles of the token; what is held in places is looked up again."""

    actor: Actor
    resource: str
    origins: tuple[str, ...]
    expires_at: datetime

    def is_valid(self, resource: str, now: datetime) -> bool:
        return resource == self.resource and now < self.expires_at


class TicketBox:
    """Makes and reads the tickets of one service."""

    def __init__(self, service: str, keys: Sequence[str]) -> None:
        """`keys` are texts of 32 characters or more: the first seals, the others still open."""
        if not keys or any(len(key) < _SHORTEST_KEY for key in keys):
            raise ValueError(f"an embed key has {_SHORTEST_KEY} characters or more")
        self._ciphers = [AESGCM(_derived(key, service)) for key in keys]

    @classmethod
    def of(cls, service: str, setting: str | None) -> "TicketBox | None":
        """From the setting: one key, or several with spaces between; None without any."""
        return None if not setting or not setting.split() else cls(service, setting.split())

    def sealed(self, ticket: Ticket) -> str:
        """The ticket as it stands in an address."""
        actor = ticket.actor
        content = [
            actor.organisation,
            actor.subject,
            sorted(actor.roles),
            ticket.resource,
            ticket.origins,
            int(ticket.expires_at.timestamp()),
        ]
        nonce = os.urandom(_NONCE_BYTES)
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        sealed = nonce + self._ciphers[0].encrypt(nonce, text, None)
        return _written(sealed)

    def opened(self, text: str) -> Ticket | None:
        """The ticket, expired or not; None for what this service did not make."""
        try:
            sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            return None
        # The decoder passes over strange characters, and over bits at the end that say nothing.
        if _written(sealed) != text:
            return None
        for cipher in self._ciphers:
            try:
                opened = cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
            except (InvalidTag, ValueError):
                continue
            return _read(opened)
        return None


def _read(opened: bytes) -> Ticket:
    organisation, subject, roles, resource, origins, expires_at = json.loads(opened)
    actor = Actor(subject, organisation, frozenset(map(Role, roles)))
    return Ticket(actor, resource, tuple(origins), datetime.fromtimestamp(expires_at, UTC))


def _written(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _derived(key: str, service: str) -> bytes:
    about = f"gevinst {service} embed tickets".encode()
    return HKDF(SHA256(), length=32, salt=None, info=about).derive(key.encode())
