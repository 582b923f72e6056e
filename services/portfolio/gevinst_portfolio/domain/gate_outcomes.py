"""What the portfolio reads of a gate that was decided in the benefits service (G2, G6)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.projects import ProjectStatus

GATE_DECIDED = "gevinst.benefits.gate-decided.v1"


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


def _text(data: Mapping[str, Any], member: str) -> str:
    found = data[member]
    if not isinstance(found, str) or not found.strip():
        raise ValueError(member)
    return found


def _find_text(data: Mapping[str, Any], member: str) -> str | None:
    return _text(data, member) if data.get(member) is not None else None


def _find_code(data: Mapping[str, Any], member: str) -> str | None:
    found = _find_text(data, member)
    if found is not None and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found):
        raise ValueError(member)
    return found
