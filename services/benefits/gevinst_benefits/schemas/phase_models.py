"""Phase models on the wire, in the reader's language (G1)."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.phase_models import ChecklistItem, Gate, Phase, PhaseModel
from gevinst_shared.web.shapes import Maybe, Out

# Gates keep the codes that their models gave them: BP3, 0, S1.
GateCode = Annotated[
    str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", examples=["BP3"])
]
PhaseCode = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", examples=["gjennomfore"])
]
Version = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z.]+$", examples=["1"])]
Text = Annotated[str, Field(max_length=2000)]


class ChecklistItemOut(Out):
    """A question of a gate. A mandatory one blocks *go* until it is answered (G5)."""

    code: PhaseCode = Field(examples=["risks-accepted"])
    is_mandatory: bool
    text: Text

    @classmethod
    def of(cls, item: ChecklistItem, language: str) -> "ChecklistItemOut":
        return cls(code=item.code, is_mandatory=item.is_mandatory, text=item.texts[language])


class PhaseGateOut(Out):
    """A decision point."""

    code: GateCode
    name: Text
    items: list[ChecklistItemOut] = Field(max_length=100)

    @classmethod
    def of(cls, gate: Gate, items: Sequence[ChecklistItem], language: str) -> "PhaseGateOut":
        shown = [ChecklistItemOut.of(item, language) for item in items]
        return cls(code=gate.code, name=gate.names[language], items=shown)


class PhaseOut(Out):
    """A phase with the gate at its end; `repeat_gate` lets the same phase start once more."""

    code: PhaseCode
    name: Text
    gate: PhaseGateOut
    repeat_gate: Maybe[PhaseGateOut] = None
    may_be_skipped: bool

    @classmethod
    def of(cls, phase: Phase, language: str) -> "PhaseOut":
        gates = {"gate": phase.gate, "repeat_gate": phase.repeat_gate}
        shown = {
            name: PhaseGateOut.of(gate, gate.items, language)
            for name, gate in gates.items()
            if gate is not None
        }
        return cls(code=phase.code, name=phase.names[language], may_be_skipped=phase.may_be_skipped, **shown)


class PhaseModelSummaryOut(Out):
    """A phase model. Code and version together identify it."""

    code: PhaseCode = Field(examples=["prosjektveiviseren"])
    version: Version
    name: Text
    language: str = Field(max_length=5, description="The model's own language.", examples=["nb"])
    authority: Text
    sources: list[Text] = Field(max_length=20)

    @classmethod
    def of(cls, model: PhaseModel, language: str) -> "PhaseModelSummaryOut":
        return cls(
            code=model.code,
            version=model.version,
            name=model.names[language],
            language=model.language,
            authority=model.authority,
            sources=list(model.sources),
        )


class PhaseModelOut(PhaseModelSummaryOut):
    """A phase model with its phases, gates and checklists."""

    phases: list[PhaseOut] = Field(max_length=50)

    @classmethod
    def whole(cls, model: PhaseModel, language: str) -> "PhaseModelOut":
        """The model with everything in it."""
        summary = PhaseModelSummaryOut.of(model, language)
        return cls(**dict(summary), phases=[PhaseOut.of(phase, language) for phase in model.phases])


class PhaseModelListOut(Out):
    """The phase models that a project can follow."""

    items: list[PhaseModelSummaryOut] = Field(max_length=100)
