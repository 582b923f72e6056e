"""A body of a joint portfolio: ourselves or a partner, and how old and complete what it gave is (X4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

_LONGEST_KEY = 40
Place = tuple[str, str, str]


class Held(StrEnum):
    """Why a partner's figures are held since we were restored from a backup."""

    NOT_READ_IN_FULL = "not-read-in-full"
    HAS_NOT_READ_US = "has-not-read-us"


@dataclass(frozen=True, slots=True)
class JointBody:
    """`partner_id` is None for ourselves, of whom everything is known.

    `quarantined` is how much of what it sent was put aside; `contact_at` is when it last answered, None when
    it never did.
    """

    organisation: str
    name: str | None = None
    partner_id: UUID | None = None
    is_paused: bool = False
    is_read_in_full: bool = True
    contact_at: datetime | None = None
    quarantined: int = 0
    held: tuple[Held, ...] = ()

    @property
    def is_own(self) -> bool:
        return self.partner_id is None

    @property
    def place(self) -> Place:
        """Where it stands in lists: we first, then by name. No two are the same."""
        return ("0" if self.is_own else "1", (self.name or "")[:_LONGEST_KEY], self.organisation)


def in_order(bodies: Sequence[JointBody], *, after: Sequence[str] | None = None) -> list[JointBody]:
    """The bodies by place, from behind the place `after` on."""
    placed = sorted(bodies, key=lambda body: body.place)
    return placed if after is None else [body for body in placed if body.place > tuple(after)]
