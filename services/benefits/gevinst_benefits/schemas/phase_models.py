"""Phase models on the wire, in the reader's language (G1)."""

from collections.abc import Sequence
from typing import Annotated, Literal
from unicodedata import normalize

from pydantic import AfterValidator, Field

from gevinst_benefits.domain.gates.phase_models import ChecklistItem, Gate, Phase
from gevinst_benefits.store.phase_models import Known
from gevinst_benefits.usecases.modelling import ModelChange
from gevinst_shared.web.shapes import ONE_LINE, In, Maybe, Moment, Name, Out

# Gates keep the codes that their models gave them: BP3, 0, S1.
GateCode = Annotated[
    str, Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$", examples=["BP3"])
]
PhaseCode = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", examples=["gjennomfore"])
]
Version = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z.]+$", examples=["1"])]
Text = Annotated[str, Field(max_length=2000)]
Sentence = Annotated[
    str,
    Field(min_length=1, max_length=2000, pattern=ONE_LINE),
    AfterValidator(lambda value: normalize("NFC", value).strip()),
]


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
    is_own: bool = Field(description="Made by your organisation; others come with the product.")
    retired_at: Maybe[Moment] = Field(None, description="No project starts on it any more.")

    @classmethod
    def of(cls, known: Known, language: str) -> "PhaseModelSummaryOut":
        model = known.model
        return cls.model_construct(
            code=model.code,
            version=model.version,
            name=model.names[language],
            language=model.language,
            authority=model.authority,
            sources=list(model.sources),
            is_own=known.id is not None,
            retired_at=known.retired_at,
        )


class PhaseModelOut(PhaseModelSummaryOut):
    """A phase model with its phases, gates and checklists."""

    phases: list[PhaseOut] = Field(max_length=50)

    @classmethod
    def whole(cls, known: Known, language: str) -> "PhaseModelOut":
        """The model with everything in it."""
        summary = PhaseModelSummaryOut.of(known, language)
        phases = [PhaseOut.of(phase, language) for phase in known.model.phases]
        return cls.model_construct(**dict(summary), phases=phases)


class PhaseModelListOut(Out):
    """The phase models that a project can follow."""

    items: list[PhaseModelSummaryOut] = Field(max_length=10_000)


class TextsIn(In):
    """A text in one or more languages; the model's own language must be among them."""

    en: Maybe[Sentence] = None
    nb: Maybe[Sentence] = None
    nn: Maybe[Sentence] = None
    da: Maybe[Sentence] = None
    sv: Maybe[Sentence] = None


class ChecklistItemIn(In):
    """A question of a gate."""

    code: PhaseCode = Field(examples=["risks-accepted"])
    is_mandatory: bool
    texts: TextsIn


class PhaseGateIn(In):
    """A decision point with what it asks."""

    code: GateCode
    names: TextsIn
    items: list[ChecklistItemIn] = Field(min_length=1, max_length=100)


class PhaseIn(In):
    """A phase with the gate at its end; `repeat_gate` lets the same phase start once more."""

    code: PhaseCode
    names: TextsIn
    gate: PhaseGateIn
    repeat_gate: Maybe[PhaseGateIn] = None
    may_be_skipped: bool = False


class PhaseModelIn(In):
    """A phase model of your own, or a new version of one. What a version says never changes."""

    code: PhaseCode = Field(examples=["our-model"])
    version: Version
    names: TextsIn
    language: Literal["en", "nb", "nn", "da", "sv"] = Field(description="The model's own language.")
    authority: Name = Field(examples=["Digitisation unit"])
    sources: list[Name] = Field(min_length=1, max_length=20, examples=[["Our project handbook, 2026"]])
    phases: list[PhaseIn] = Field(min_length=1, max_length=50)


class RetirementIn(In):
    """The version on which no more projects shall start, and why."""

    version: Version
    reason: Name = Field(examples=["Version 2 has one gate less."])


class ModelChangeIn(In):
    """Another model, or version, for a project to follow."""

    phase_model: PhaseCode = Field(examples=["our-model"])
    version: Maybe[Version] = Field(None, description="The newest when absent.")
    phase: Maybe[PhaseCode] = Field(None, description="Where it goes on, if the model lacks its phase.")
    reason: Name = Field(examples=["The handbook was revised."])

    def change(self) -> ModelChange:
        return ModelChange(self.phase_model, self.version, self.phase, self.reason)
