"""What the portfolio reads of phases begun and gates decided in the benefits service (G1, G2, G6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.projects import ProjectStatus

GATE_DECIDED = "gevinst.benefits.gate-decided.v1"
PROGRESS_STARTED = "gevinst.benefits.progress-started.v1"
_GO = frozenset({"go", "go-with-conditions"})


class OddFactError(ValueError):
    """An event of another service lacks a member, or has an odd one."""


class ProjectState(StrEnum):
    """What a gate left the project in."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"

    @property
    def status(self) -> ProjectStatus:
        return ProjectStatus(self.value)


@dataclass(frozen=True, slots=True)
class GateOutcome:
    project_id: UUID
    gate: str
    gate_name: str
    outcome: str
    phase: str | None
    state: ProjectState
    decided_on: date
    decided_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class StartedPhase:
    """Where a project begins that was put on a phase model (G1)."""

    project_id: UUID
    phase_model: str
    phase: str


def gate_outcome(data: Mapping[str, Any]) -> GateOutcome:
    """From the event's data; members that we do not know are ignored. Raises `OddFactError`."""
    try:
        return GateOutcome(
            project_id=UUID(data["project_id"]),
            gate=_text(data, "gate"),
            gate_name=_text(data, "gate_name"),
            outcome=_text(data, "outcome"),
            phase=_find_code(data, "phase"),
            state=ProjectState(data["project_state"]),
            decided_on=date.fromisoformat(data["decided_on"]),
            decided_by=_find_text(data, "decided_by"),
            reason=_find_text(data, "reason"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error


def started_phase(data: Mapping[str, Any]) -> StartedPhase:
    """From the event's data; members that we do not know are ignored. Raises `OddFactError`."""
    try:
        return StartedPhase(UUID(data["project_id"]), _text(data, "phase_model"), _code(data, "phase"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OddFactError(repr(error)) from error


def passed_phases(first: str | None, outcomes: Sequence[tuple[str, str | None]]) -> frozenset[str]:
    """The phases that a project may be in, from each gate's outcome and the phase after it, in order.

    No gate stands before the `first` phase of its phase model; None when it follows none yet. A step back to
    a phase takes back what came after it; the project must be let in anew.
    """
    begun = [] if first is None else [first]
    passed = list(begun)
    for outcome, phase in outcomes:
        if phase is None:
            continue
        if outcome == "step-back":
            passed = passed[: passed.index(phase) + 1] if phase in passed else list(begun)
        elif outcome in _GO and phase not in passed:
            passed.append(phase)
    return frozenset(passed)


def _text(data: Mapping[str, Any], member: str) -> str:
    found = data[member]
    if not isinstance(found, str) or not found.strip():
        raise ValueError(member)
    return found


def _find_text(data: Mapping[str, Any], member: str) -> str | None:
    return _text(data, member) if data.get(member) is not None else None


def _code(data: Mapping[str, Any], member: str) -> str:
    found = _text(data, member)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found):
        raise ValueError(member)
    return found


def _find_code(data: Mapping[str, Any], member: str) -> str | None:
    return _code(data, member) if data.get(member) is not None else None
