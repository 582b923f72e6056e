"""Concepts side by side: benefit against cost and feasibility, against doing nothing (P9).

Money and feasibility stay apart: no figure adds them. Missing is not zero: what is not known is compared
with nothing, neither for nor against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_portfolio.domain.concepts import Concept


@dataclass(frozen=True, slots=True)
class LevelCompared:
    """Feasibility in one dimension; `difference` is the level less that of the zero alternative."""

    dimension: str
    level: int | None
    difference: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ComparedConcept:
    """A concept beside the zero alternative; differences are its own figure less the reference's, in whole
    hundredths. `dominated_by` are those that are nowhere worse and somewhere better."""

    concept: Concept
    cost_difference: int | None
    benefit_difference: int | None
    net_benefit: int | None
    feasibility: tuple[LevelCompared, ...]
    dominated_by: tuple[UUID, ...]


def compared(concepts: Sequence[Concept]) -> tuple[ComparedConcept, ...]:
    """The concepts of one project, the zero alternative first; it must be among them.

    Check: with 10 and 30 for cost and benefit, the difference to the zero alternative is 10 and 30.
    """
    (zero,) = (one for one in concepts if one.is_zero_alternative)
    dimensions = sorted({one.dimension for concept in concepts for one in concept.feasibility})
    return tuple(
        ComparedConcept(
            one,
            cost_difference=_less(one.cost_minor, zero.cost_minor),
            benefit_difference=_less(one.benefit_minor, zero.benefit_minor),
            net_benefit=_less(one.benefit_minor, one.cost_minor),
            feasibility=_levels(one, zero, dimensions),
            dominated_by=tuple(
                other.id for other in concepts if other.id != one.id and _dominates(other, one, dimensions)
            ),
        )
        for one in sorted(concepts, key=lambda one: (not one.is_zero_alternative, one.id))
    )


def _levels(concept: Concept, zero: Concept, dimensions: Sequence[str]) -> tuple[LevelCompared, ...]:
    own = {one.dimension: one for one in concept.feasibility}
    reference = {one.dimension: one.level for one in zero.feasibility}
    found = []
    for dimension in dimensions:
        known = own.get(dimension)
        level = None if known is None else known.level
        reason = None if known is None else known.reason
        found.append(LevelCompared(dimension, level, _less(level, reference.get(dimension)), reason))
    return tuple(found)


def _dominates(one: Concept, other: Concept, dimensions: Sequence[str]) -> bool:
    """Whether all is known of both, and `one` is nowhere worse and somewhere better."""
    pairs = list(zip(_merits(one, dimensions), _merits(other, dimensions), strict=True))
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    is_known = len(known) == len(pairs)
    return is_known and all(a >= b for a, b in known) and any(a > b for a, b in known)


def _merits(concept: Concept, dimensions: Sequence[str]) -> list[int | None]:
    """What speaks for the concept: more is better."""
    levels = {one.dimension: one.level for one in concept.feasibility}
    cost = None if concept.cost_minor is None else -concept.cost_minor
    return [concept.benefit_minor, cost, *(levels.get(dimension) for dimension in dimensions)]


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other
