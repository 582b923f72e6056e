"""G1: a phase model that an organisation writes for itself, completed to the languages of the product."""

from collections.abc import Iterable, Mapping
from typing import Any

from gevinst_benefits.domain.gates.phase_models import LANGUAGES, OddPhaseModel, PhaseModel, parse_phase_model
from gevinst_shared.values.refusal import Refusal


class ShippedModel(Refusal):
    code = "phase-model-shipped"
    title = "The phase model comes with the product"
    detail = "{model} comes with the product and cannot be retired. Start projects on your own model instead."


class RetiredModel(Refusal):
    code = "phase-model-retired"
    title = "The phase model is retired"
    detail = "{model} {version} is retired. Projects that follow it go on; choose another for a new project."


class PhaseNotKept(Refusal):
    code = "phase-not-kept"
    title = "The project stays in its phase"
    detail = "The new model has the phase {phase} too, so the project stays in it. Leave the phase away."


class PhaseNotNamed(Refusal):
    code = "phase-not-named"
    title = "Name the phase in which the project goes on"
    detail = "The new model has no phase {phase}. Name one of its own: {phases}."


class GateReopened(Refusal):
    code = "gate-reopened"
    title = "A reopened gate comes first"
    detail = "The gate {gate} must be decided again before the project follows another model."


def own_phase_model(document: Mapping[str, Any], *, shipped: Iterable[str]) -> PhaseModel:
    """The model of a document whose texts are in the model's own language, and in others as far as they are.

    A text that is missing in a language is that of the model's own. `OddPhaseModel` names the place at fault,
    also of a code that a shipped model has.
    """
    language = document["language"]
    if language not in LANGUAGES:
        raise OddPhaseModel(place="language", reason=f"write one of {', '.join(LANGUAGES)}.")
    if document["code"] in set(shipped):
        raise OddPhaseModel(place="code", reason="a model that comes with the product has this code.")
    return parse_phase_model(_completed(document, language, ""))


def phase_in(model: PhaseModel, phase: str, named: str | None) -> str:
    """Where a project goes on that comes to `model` in `phase`: there, or in the phase `named`.

    Named only when it must be: a change of model is no way past a gate.
    """
    codes = [one.code for one in model.phases]
    if phase in codes:
        if named not in {None, phase}:
            raise PhaseNotKept(phase=phase)
        return phase
    if named not in codes:
        raise PhaseNotNamed(phase=phase, phases=", ".join(codes))
    return str(named)


def _completed(value: Any, language: str, place: str) -> Any:  # noqa: ANN401 - any JSON
    """The document with every text in every language, and the name in the model's own beside `names`."""
    if isinstance(value, list):
        return [_completed(one, language, f"{place}/{n}".strip("/")) for n, one in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    members = {
        name: _texts(one, language, f"{place}/{name}".strip("/"))
        if name in {"names", "texts"}
        else _completed(one, language, f"{place}/{name}".strip("/"))
        for name, one in value.items()
    }
    return members | {"name": members["names"][language]} if "names" in members else members


def _texts(texts: Any, language: str, place: str) -> dict[str, str]:  # noqa: ANN401 - any JSON
    own = texts.get(language) if isinstance(texts, Mapping) else None
    if not isinstance(own, str) or not own.strip():
        raise OddPhaseModel(
            place=f"{place}/{language}", reason="the text in the model's own language is missing."
        )
    return {one: texts.get(one) or own for one in LANGUAGES}
