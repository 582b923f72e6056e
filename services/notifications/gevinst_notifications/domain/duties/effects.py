"""What a fact does to duties: sets, moves, closes, or gives them to another owner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Owner, Task
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.feed.envelope import Event

ENDED = frozenset({"stopped", "closed", "merged", "rejected"})
# What ends with its project. B10: benefits are followed for years after it.
ENDS_WITH_PROJECT = frozenset(
    {
        DutyKind.GATE_COMING,
        DutyKind.GATE_REOPENED,
        DutyKind.GATE_REVIEW,
        DutyKind.CONDITION_LAPSING,
        DutyKind.CONDITION_CONFIRMATION,
        DutyKind.REPORT_DUE,
        DutyKind.MEASURE_DUE,
        DutyKind.DELIVERY_DUE,
        DutyKind.PAUSE_ENDED,
    }
)
# What waits while its project is paused.
RESTS_WITH_PROJECT = frozenset({DutyKind.REPORT_DUE, DutyKind.DELIVERY_DUE, DutyKind.MEASURE_DUE})


@dataclass(frozen=True, slots=True)
class Move:
    """The duty is due on another day; without one it is done for now."""

    kind: DutyKind
    key: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Close:
    """One duty is done or withdrawn."""

    kind: DutyKind
    key: str
    state: DutyState = DutyState.DONE


@dataclass(frozen=True, slots=True)
class CloseAll:
    """Open duties of these kinds (all of them when empty) of a project or a benefit are."""

    state: DutyState
    kinds: frozenset[DutyKind] = frozenset()
    project_id: UUID | None = None
    benefit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reown:
    """Another role answers for the benefit, and for what the former one had to do."""

    benefit_id: UUID
    former: Owner
    owner: Owner


Effect = Task | Move | Close | CloseAll | Reown


Data = Mapping[str, Any]
Read = Callable[[Event, Data], list[Effect]]


def closes(kind: DutyKind, *members: str, state: DutyState = DutyState.DONE) -> Read:
    """The duty whose key the fact's `members` make is over."""
    return lambda _, data: [Close(kind, ":".join(str(data[member]) for member in members), state)]


def ended_project(project: UUID, status: object) -> list[Effect]:
    """What ends with the project, when it has come to such a status."""
    return [CloseAll(DutyState.WITHDRAWN, ENDS_WITH_PROJECT, project_id=project)] if status in ENDED else []


def day(data: Data, member: str) -> date | None:
    return date.fromisoformat(data[member]) if member in data else None


def record(data: Data, member: str) -> UUID | None:
    return UUID(data[member]) if member in data else None
