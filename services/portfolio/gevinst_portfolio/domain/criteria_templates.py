"""Criteria models that come with the product, so that nobody begins with an empty page (P6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gevinst_portfolio.domain.criteria_models import SaidCriterion, refuse_odd_criteria
from gevinst_portfolio.domain.scoring import Better, Level


@dataclass(frozen=True, slots=True)
class CriteriaTemplate:
    """A shipped model in one language."""

    code: str
    name: str
    description: str
    criteria: tuple[SaidCriterion, ...]


def parse_template(document: Mapping[str, Any], language: str) -> CriteriaTemplate:
    """A shipped model as one language says it. Each text is an object of languages."""
    criteria = tuple(_criterion(one, language) for one in document["criteria"])
    refuse_odd_criteria(criteria)
    return CriteriaTemplate(
        document["code"], document["name"][language], document["description"][language], criteria
    )


def _criterion(said: Mapping[str, Any], language: str) -> SaidCriterion:
    return SaidCriterion(
        name=said["name"][language],
        description=said["description"][language],
        weight=said["weight"],
        scale_min=said["scale_min"],
        scale_max=said["scale_max"],
        better=Better(said["better"]),
        levels=tuple(Level(level["name"][language], level["value"]) for level in said["levels"]),
    )
