"""Following what one has no role in, and muting what one has heard enough of."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from gevinst_notifications.domain.rules import NoticeKind
from gevinst_shared.values.actor import Place, ScopeKind


class Level(StrEnum):
    FOLLOW = "follow"  # hear of everything about it
    MUTE = "mute"  # hear only of what is mandatory


@dataclass(frozen=True, slots=True)
class Following:
    person_id: UUID
    scope: ScopeKind
    scope_id: UUID
    level: Level


# Answers and reminders to one person, and the office's own work, are nothing to follow.
UNFOLLOWED = frozenset(
    {
        NoticeKind.IDEA_ANSWERED,
        NoticeKind.IMPORT_FINISHED,
        NoticeKind.DUTY_REMINDED,
        NoticeKind.DUTY_ESCALATED,
        NoticeKind.ENDPOINT_DISABLED,
    }
)
_NARROWER = (ScopeKind.UNIT, ScopeKind.PORTFOLIO, ScopeKind.PROGRAMME, ScopeKind.PROJECT)


def levels(followings: Iterable[Following], place: Place) -> dict[UUID, Level]:
    """What each person wants to hear of something that stands at `place`.

    The narrowest counts: a project that is followed is heard of although its portfolio is muted. Between
    two of the same kind, such as two units above each other, following wins.
    """
    found: dict[UUID, tuple[int, Level]] = {}
    for one in followings:
        if one.scope_id not in ids_of(place)[one.scope]:
            continue
        width = _NARROWER.index(one.scope)
        known = found.get(one.person_id)
        if known is None or known[0] < width or (known[0] == width and one.level is Level.FOLLOW):
            found[one.person_id] = (width, one.level)
    return {person: level for person, (_, level) in found.items()}


def ids_of(place: Place) -> dict[ScopeKind, frozenset[UUID]]:
    """The ids of a place by what they are ids of."""
    return {
        ScopeKind.UNIT: place.units,
        ScopeKind.PORTFOLIO: place.portfolios,
        ScopeKind.PROGRAMME: place.programmes,
        ScopeKind.PROJECT: place.projects,
    }
