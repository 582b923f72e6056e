"""Facts of a project's way through its phase model (G1)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class ProgressStarted(Fact):
    type: ClassVar[str] = "gevinst.benefits.progress-started.v1"
    project_id: UUID
    phase_model: str
    phase: str


@dataclass(frozen=True, slots=True)
class PhaseSkipped(Fact):
    type: ClassVar[str] = "gevinst.benefits.phase-skipped.v1"
    project_id: UUID
    phase: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhaseModelMade(Fact):
    type: ClassVar[str] = "gevinst.benefits.phase-model-made.v1"
    phase_model: str
    version: str
    name: str


@dataclass(frozen=True, slots=True)
class PhaseModelRetired(Fact):
    type: ClassVar[str] = "gevinst.benefits.phase-model-retired.v1"
    phase_model: str
    version: str
    reason: str


@dataclass(frozen=True, slots=True)
class PhaseModelChanged(Fact):
    """A project follows another model, or another version, from here on."""

    type: ClassVar[str] = "gevinst.benefits.phase-model-changed.v1"
    project_id: UUID
    phase_model: str
    version: str
    phase: str
    reason: str
