"""Work that takes longer than a request: queued, done by a worker, followed by whoever asked (A6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_shared.values.refusal import Refusal

# A run whose worker died is tried again; one that kills its worker each time is not tried for ever.
MOST_ATTEMPTS = 3


class RunKind(StrEnum):
    IMPORT = "import"
    SOLVE = "solve"
    READ_UPLOAD = "read-upload"
    APPLY_UPLOAD = "apply-upload"
    ANALYSE = "analyse"


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Run:
    """A run as a worker has claimed it. Only the worker with this number of `attempts` may write to it."""

    organisation: str
    id: UUID
    kind: RunKind
    portfolio_id: UUID
    scenario_id: UUID | None
    input: Mapping[str, Any]
    requested_by: str
    request_id: UUID
    attempts: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its result, and why when it failed. Both are JSON objects."""

    state: RunState
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None


class RunEnded(Refusal):
    code = "run-ended"
    title = "The run has ended"
    detail = "The run has ended as {state}; there is nothing to cancel any more."


class RunAbandoned(Refusal):
    """What a run says that ended its workers, or lost them, too often."""

    code = "run-abandoned"
    title = "The run did not get through"
    detail = "The run was begun {attempts} times and never came to an end. Nothing of it was kept; ask again."


class RunNotKept(Refusal):
    """What a run says whose effects the database refused: another attempt would end the same way."""

    code = "run-not-kept"
    title = "The result could not be kept"
    detail = (
        "What the run was about to write cannot be stored ({cause}), and nothing of it was. Look for "
        "something unusual in what it was given; if you find nothing, tell those who run the service the "
        "run’s id, {run}."
    )


def error_of(refusal: Refusal) -> dict[str, Any]:
    """The refusal as a failed run keeps it; `values` are what other languages' sentences need."""
    values = {name: str(value) for name, value in refusal.values.items()}
    return {"code": refusal.code, "title": refusal.title, "detail": str(refusal), "values": values}
