"""A body of a joint portfolio: ourselves or a partner, and how old and complete what it gave is (X4)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Generic, Protocol, TypeVar
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


class JointFigures(Protocol):
    """What a body's records come to. `is_empty`: nothing of what is asked for is here of it; `silent` names
    what it has told of none of its records."""

    @property
    def is_empty(self) -> bool: ...

    @property
    def silent(self) -> Collection[str]: ...


F = TypeVar("F", bound=JointFigures)


@dataclass(frozen=True, slots=True)
class JointLine(Generic[F]):
    """A body, and what its records come to; None while it is held."""

    body: JointBody
    figures: F | None


@dataclass(frozen=True, slots=True)
class JointView(Generic[F]):
    """A line for each body."""

    lines: Sequence[JointLine[F]]

    @property
    def bodies(self) -> list[JointBody]:
        return [line.body for line in self.lines]

    @property
    def own(self) -> F | None:
        """Ours; None when they are not wanted."""
        return next((line.figures for line in self.lines if line.body.is_own), None)

    @property
    def every(self) -> list[F] | None:
        """What a total is made of; None while anybody is held: it would be wrong."""
        known = [line.figures for line in self.lines if line.figures is not None]
        return known if len(known) == len(self.lines) else None

    @property
    def sharing(self) -> int:
        """How many partners share something that is asked for, or may."""
        partners = [line for line in self.lines if not line.body.is_own]
        return sum(line.figures is None or not line.figures.is_empty for line in partners)

    def page(
        self, *, after: Sequence[str] | None, missing: str | None, limit: int
    ) -> tuple[list[JointLine[F]], Place | None]:
        """The next lines behind the place `after`, and the place to go on from. With `missing` only bodies
        that have told it of none of their records."""
        by_place = {line.body.place: line for line in self.lines}
        placed = [by_place[body.place] for body in in_order(self.bodies, after=after)]
        if missing is not None:
            placed = [line for line in placed if line.figures is not None and missing in line.figures.silent]
        more = len(placed) > limit
        return placed[:limit], placed[limit - 1].body.place if more else None


def joint_view(
    bodies: Sequence[JointBody], found: Mapping[UUID | None, F], empty: Callable[[], F], *, with_own: bool
) -> JointView[F]:
    """The bodies with what was `found` of each by partner (None: ours); `empty` where nothing was."""
    taking_part = [body for body in bodies if with_own or not body.is_own]
    return JointView(
        [
            JointLine(body, None if body.held else found.get(body.partner_id) or empty())
            for body in taking_part
        ]
    )
