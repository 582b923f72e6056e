"""How a project may be carried out in a scenario: as it is, or by one of its concepts (P9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from uuid import UUID

from gevinst_portfolio.domain.concepts import Concept, ConceptState, alternatives, figures_with
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.scenario_assumptions import Assumptions
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

    def concept_members(self) -> dict[str, str]:
        """How an answer says which concept it is; nothing when the project has none."""
        if self.concept is None:
            return {}
        return {"concept_id": str(self.concept.id), "concept_name": self.concept.name}


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


def options_asked(
    project: ProjectFigures, concepts: Concepts, assumptions: Assumptions
) -> tuple[Option, ...]:
    """Those of its options that the scenario leaves open: none when it forces out all of them, or forces in
    a concept that cannot be chosen."""
    wanted = assumptions.forced_in & {one.id for one in concepts.get(project.id, ())}
    options = options_of(project, concepts)
    meant = [_meant(option, concepts) for option in options]
    return tuple(
        option
        for option, ids in zip(options, meant, strict=True)
        if wanted <= ids and not ids & assumptions.forced_out
    )


def concepts_open(project: ProjectFigures, concepts: Concepts) -> frozenset[UUID]:
    """The concepts by which the project can be carried out still."""
    return frozenset[UUID]().union(*(_meant(one, concepts) for one in options_of(project, concepts)))


def with_projects_forced_in(assumptions: Assumptions, concepts: Concepts) -> Assumptions:
    """The same, and the projects of the concepts that are forced in are forced in too."""
    every = (one for found in concepts.values() for one in found)
    projects = {one.project_id for one in every if one.id in assumptions.forced_in}
    return replace(assumptions, forced_in=assumptions.forced_in | projects)


def worth_of_options(options: Sequence[Option], rule: ValueRule) -> dict[str, int]:
    """What each option is worth, by its key, where that is known."""
    keys = {one.figures.id if one.concept is None else one.concept.id: one.key for one in options}
    told = [replace(one.figures, id=key) for key, one in zip(keys, options, strict=True)]
    return {keys[key]: worth for key, worth in worths(told, rule).items()}


def _meant(option: Option, concepts: Concepts) -> frozenset[UUID]:
    """The ids of concepts that name the option: one that is chosen has become the project itself."""
    if option.concept is not None:
        return frozenset({option.concept.id})
    known = concepts.get(option.figures.id, ())
    return frozenset(one.id for one in known if one.state is ConceptState.CHOSEN)
