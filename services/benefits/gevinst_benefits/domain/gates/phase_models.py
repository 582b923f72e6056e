"""G1: phase models as versioned data, read from a document and refused when they do not hold together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gevinst_shared.values.refusal import Refusal

LANGUAGES = ("en", "nb", "nn", "da", "sv")


class OddPhaseModel(Refusal):
    code = "odd-phase-model"
    title = "The phase model does not hold together"
    detail = "{place}: {reason}"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A question of a gate. G5: a mandatory one blocks *go* until it is answered. `texts` is by language."""

    code: str
    is_mandatory: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Gate:
    """A decision point. `name` is in the model's own language, `names` by language."""

    code: str
    name: str
    names: Mapping[str, str]
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase with the gate at its end; `repeat_gate` lets the same phase start once more."""

    code: str
    name: str
    names: Mapping[str, str]
    gate: Gate
    repeat_gate: Gate | None = None
    may_be_skipped: bool = False


@dataclass(frozen=True, slots=True)
class PhaseModel:
    """Phases in their order. Code and version together identify a model; a change is a new version."""

    code: str
    version: str
    name: str
    names: Mapping[str, str]
    language: str
    authority: str
    sources: tuple[str, ...]
    phases: tuple[Phase, ...]

    def phase(self, code: str) -> Phase:
        """The phase of that code, or `KeyError`."""
        return self.phases[self.position(code)]

    @property
    def gates(self) -> tuple[Gate, ...]:
        """Every gate, in the order of their phases."""
        return tuple(gate for phase in self.phases for gate in (phase.gate, phase.repeat_gate) if gate)

    def gate(self, code: str) -> Gate:
        """The gate of that code, or `KeyError`."""
        for gate in self.gates:
            if gate.code == code:
                return gate
        raise KeyError(code)

    def gate_names(self, language: str) -> Mapping[str, str]:
        """What each gate is called, by code."""
        return {gate.code: gate.names[language] for gate in self.gates}

    def phase_of(self, gate: str) -> Phase:
        """The phase at whose end the gate stands, or which it repeats; or `KeyError`."""
        for phase in self.phases:
            if any(one is not None and one.code == gate for one in (phase.gate, phase.repeat_gate)):
                return phase
        raise KeyError(gate)

    def position(self, code: str) -> int:
        """The place of a phase in the order, from 0, or `KeyError`."""
        for place, phase in enumerate(self.phases):
            if phase.code == code:
                return place
        raise KeyError(code)


def parse_phase_model(document: Mapping[str, object]) -> PhaseModel:
    """The model that a JSON document describes, or `OddPhaseModel` that names the place at fault.

    Every name and text is there in all five languages; codes are unique among the phases, among the gates
    and within a gate; every gate has an item; at least one phase.
    """
    phases = tuple(_phase(phase, f"phases/{n}") for n, phase in enumerate(_list(document, "phases", "")))
    gates = [gate for phase in phases for gate in (phase.gate, phase.repeat_gate) if gate]
    _refuse_twice([phase.code for phase in phases], "phases")
    _refuse_twice([gate.code for gate in gates], "phases")
    sources = _list(document, "sources", "")
    if not all(isinstance(source, str) and source for source in sources):
        raise OddPhaseModel(place="sources", reason="every source is a text.")
    return PhaseModel(
        code=_text(document, "code", ""),
        version=_text(document, "version", ""),
        name=_text(document, "name", ""),
        names=_texts(document, "names", ""),
        language=_text(document, "language", ""),
        authority=_text(document, "authority", ""),
        sources=tuple(str(source) for source in sources),
        phases=phases,
    )


def _phase(document: object, place: str) -> Phase:
    members = _mapping(document, place)
    repeat_gate = members.get("repeat_gate")
    return Phase(
        code=_text(members, "code", place),
        name=_text(members, "name", place),
        names=_texts(members, "names", place),
        gate=_gate(members.get("gate"), f"{place}/gate"),
        repeat_gate=None if repeat_gate is None else _gate(repeat_gate, f"{place}/repeat_gate"),
        may_be_skipped=_flag(members, "may_be_skipped", place),
    )


def _gate(document: object, place: str) -> Gate:
    members = _mapping(document, place)
    items = tuple(_item(item, f"{place}/items/{n}") for n, item in enumerate(_list(members, "items", place)))
    _refuse_twice([item.code for item in items], f"{place}/items")
    return Gate(
        code=_text(members, "code", place),
        name=_text(members, "name", place),
        names=_texts(members, "names", place),
        items=items,
    )


def _item(document: object, place: str) -> ChecklistItem:
    members = _mapping(document, place)
    return ChecklistItem(
        code=_text(members, "code", place),
        is_mandatory=_flag(members, "is_mandatory", place),
        texts=_texts(members, "texts", place),
    )


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise OddPhaseModel(place=place, reason="an object is missing here.")
    return value


def _list(members: Mapping[str, object], member: str, place: str) -> Sequence[object]:
    value = members.get(member)
    if not isinstance(value, list | tuple) or not value:
        raise OddPhaseModel(place=_join(place, member), reason="a list with at least one member is missing.")
    return value


def _text(members: Mapping[str, object], member: str, place: str) -> str:
    value = members.get(member)
    if not isinstance(value, str) or not value.strip():
        raise OddPhaseModel(place=_join(place, member), reason="a text is missing.")
    return value


def _texts(members: Mapping[str, object], member: str, place: str) -> Mapping[str, str]:
    place = _join(place, member)
    texts = _mapping(members.get(member), place)
    return {language: _text(texts, language, place) for language in LANGUAGES}


def _flag(members: Mapping[str, object], member: str, place: str) -> bool:
    value = members.get(member, False)
    if not isinstance(value, bool):
        raise OddPhaseModel(place=_join(place, member), reason="write true or false.")
    return value


def _refuse_twice(codes: Sequence[str], place: str) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise OddPhaseModel(place=place, reason=f"the code {code} is used more than once.")


def _join(place: str, member: str) -> str:
    return f"{place}/{member}" if place else member
