"""How a project may be carried out in a scenario: as it is, or by one of its concepts (P9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from gevinst_portfolio.domain.concepts import Concept, alternatives, figures_with
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.scenario_worth import ValueRule, worths

Concepts = Mapping[UUID, Sequence[Concept]]
NO_CONCEPTS: Concepts = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Option:
    """One way to carry a project out; `figures` have the project's id and the concept's figures."""

    figures: ProjectFigures
    concept: Concept | None = None

    @property
    def key(self) -> str:
        """Its id in the optimiser's problem."""
        project_id = str(self.figures.id)
        return project_id if self.concept is None else f"{project_id}/{self.concept.id}"

    @property
    def concept_of(self) -> str | None:
        return None if self.concept is None else str(self.figures.id)


def options_of(project: ProjectFigures, concepts: Concepts) -> tuple[Option, ...]:
    """One for each concept that a proposal could still choose; the project itself when there is none.

    The zero alternative is no option: leaving the project out is choosing it. Nor is a concept whose cost
    nobody has told yet: while all are sketches, the project's own figures are asked with.
    """
    is_open = project.status is ProjectStatus.PROPOSED
    picks = alternatives(concepts.get(project.id, ())) if is_open else ()
    told = tuple(Option(figures_with(project, concept), concept) for concept in picks)
    known = tuple(option for option in told if option.figures.has_known_cost)
    return known or (Option(project),)


def worth_of_options(options: Sequence[Option], rule: ValueRule) -> dict[str, int]:
    """What each option is worth, by its key, where that is known."""
    keys = {one.figures.id if one.concept is None else one.concept.id: one.key for one in options}
    told = [replace(one.figures, id=key) for key, one in zip(keys, options, strict=True)]
    return {keys[key]: worth for key, worth in worths(told, rule).items()}
