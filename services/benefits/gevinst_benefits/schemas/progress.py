"""Where a project is in its phase model, on the wire."""

from pydantic import Field

from gevinst_benefits.domain.gates.gates import Outcome, ProjectState, Reopened, gate_checklist
from gevinst_benefits.schemas.phase_models import GateCode, PhaseCode, PhaseGateOut, Text, Version
from gevinst_benefits.usecases.steering import Journey
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Out


class ProgressIn(In):
    """The phase model that the project will follow."""

    phase_model: Code = Field(examples=["prosjektveiviseren"])
    version: Maybe[Version] = Field(None, description="The newest when absent.")


class SkippedPhaseIn(In):
    """A coming phase that the project leaves out."""

    phase: PhaseCode
    reason: Name = Field(examples=["The procurement is covered by an agreement that is in force."])


class PassedGateOut(Out):
    """A decided gate of the project."""

    gate_id: Id
    gate: GateCode
    gate_name: Text
    phase: PhaseCode
    outcome: Outcome
    pause_until: Maybe[Day] = None
    decided_on: Day


class ReopenedOut(Out):
    """The gate that must be decided again, because a condition of its go lapsed (G7)."""

    gate_id: Id
    gate: GateCode


class ProgressOut(Out):
    """Where the project is, which gates lie ahead, and which are behind it, the latest first."""

    project_id: Id
    phase_model: Code = Field(examples=["prosjektveiviseren"])
    phase_model_version: Version
    phase: PhaseCode
    phase_name: Text
    round: int = Field(ge=1, le=1000, description="Counts the runs of a phase that is repeated.")
    state: ProjectState
    skipped_phases: list[PhaseCode] = Field(max_length=50)
    reopened: Maybe[ReopenedOut] = None
    gates_ahead: list[PhaseGateOut] = Field(
        max_length=2, description="With the items that skipped phases brought along (G5)."
    )
    history: list[PassedGateOut] = Field(max_length=100)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment

    @classmethod
    def of(cls, journey: Journey, language: str) -> "ProgressOut":
        progress, model = journey.progress, journey.model
        names = model.gate_names(language)
        return cls.model_validate(
            {
                "project_id": str(progress.project_id),
                "phase_model": model.code,
                "phase_model_version": model.version,
                "phase": progress.phase,
                "phase_name": model.phase(progress.phase).names[language],
                "round": progress.round,
                "state": progress.state,
                "skipped_phases": sorted(progress.skipped_phases, key=model.position),
                "reopened": _reopened(progress.reopened),
                "gates_ahead": [
                    PhaseGateOut.of(gate, gate_checklist(progress, model, gate.code), language)
                    for gate in journey.gates_ahead
                ],
                "history": [
                    # A gate of a model that the project has left keeps the name it was decided by.
                    {**one, "gate_name": names.get(one["gate"], one["gate_name"])}
                    for one in journey.history
                ],
                "revision": journey.revision,
                "created_at": journey.started_at.isoformat(),
            }
        )


def _reopened(reopened: Reopened | None) -> dict[str, str] | None:
    return None if reopened is None else {"gate_id": str(reopened.gate_id), "gate": reopened.gate}
