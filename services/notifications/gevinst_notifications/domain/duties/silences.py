"""Why nobody is reminded of an open duty for the time being (N2, N4)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gevinst_notifications.domain.duties.duties import Duty
from gevinst_notifications.domain.duties.effects import RESTS_WITH_PROJECT
from gevinst_notifications.domain.duties.ladder import Workplace
from gevinst_notifications.domain.surroundings import Project


class Cause(StrEnum):
    """Each has a clause in every language under `vocabularies.silences` in the texts."""

    ACKNOWLEDGED = "acknowledged"
    PROJECT_PAUSED = "project-paused"


@dataclass(frozen=True, slots=True)
class Silence:
    """Until when nothing is said, or until something changes, and why."""

    cause: Cause
    until: datetime | None


def silence(duty: Duty, project: Project | None, place: Workplace, *, now: datetime) -> Silence | None:
    """Why nothing is said of the duty now; None when it is spoken of."""
    if duty.is_quiet(place.day_of(now)):
        until = None if duty.quiet_until is None else place.morning(duty.quiet_until)
        return Silence(Cause.ACKNOWLEDGED, until)
    rests = duty.task.kind in RESTS_WITH_PROJECT
    if rests and project is not None and project.status == "paused":
        return Silence(Cause.PROJECT_PAUSED, place.next_morning(now))
    return None
