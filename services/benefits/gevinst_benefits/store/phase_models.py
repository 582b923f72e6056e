"""The phase models that come with the product (G1)."""

import json
from functools import cache
from importlib.resources import files

from gevinst_benefits.domain.phase_models import PhaseModel, parse_phase_model
from gevinst_shared.values.refusal import Unknown


@cache
def shipped_models() -> tuple[PhaseModel, ...]:
    """Every shipped model, by code and then version."""
    folder = files("gevinst_benefits.domain") / "phase_models"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".json")]
    return tuple(
        sorted(
            (parse_phase_model(json.loads(text)) for text in texts),
            key=lambda model: (model.code, model.version),
        )
    )


def get_model(code: str, version: str | None = None) -> PhaseModel:
    """The shipped model of that code, its newest version when none is named; or `Unknown`."""
    for model in reversed(shipped_models()):
        if model.code == code and version in {None, model.version}:
            return model
    raise Unknown
