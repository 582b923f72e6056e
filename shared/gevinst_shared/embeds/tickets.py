"""Tickets: the right to look at one resource, for a short while, on the pages of a few origins.

A ticket stands in the markup of another's page and names a person, so it is sealed and not only signed:
AES-256 in GCM, by a key of this service that is derived from the installation's. Whoever made it is the only
one to read it, so nothing about it needs to be negotiated.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gevinst_shared.auth.secret_box import SecretBox, secrets_of
from gevinst_shared.values.actor import Actor, Role

LONGEST_TICKET = 6000
USUAL_SECONDS, LONGEST_SECONDS = 600, 3600
MOST_ORIGINS = 10


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
        self._box = SecretBox(keys, f"gevinst {service} embed tickets")

    @classmethod
    def of(cls, service: str, setting: str | None) -> "TicketBox | None":
        """From the setting: one key, or several with spaces between; None without any."""
        keys = secrets_of(setting)
        return cls(service, keys) if keys else None

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
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        return _written(self._box.sealed(text))

    def opened(self, text: str) -> Ticket | None:
        """The ticket, expired or not; None for what this service did not make."""
        try:
            sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            return None
        # The decoder passes over strange characters, and over bits at the end that say nothing.
        if _written(sealed) != text:
            return None
        opened = self._box.opened(sealed)
        return None if opened is None else _read(opened)


def _read(opened: bytes) -> Ticket:
    organisation, subject, roles, resource, origins, expires_at = json.loads(opened)
    actor = Actor(subject, organisation, frozenset(map(Role, roles)))
    return Ticket(actor, resource, tuple(origins), datetime.fromtimestamp(expires_at, UTC))


def _written(sealed: bytes) -> str:
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()
