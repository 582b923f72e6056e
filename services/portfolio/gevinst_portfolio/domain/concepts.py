"""Concepts: the ways to meet a project's need, compared with doing nothing (P9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostOfYear, Need, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_shared.values.refusal import Refusal


class ConceptState(StrEnum):
    """Where a concept stands; at most one of a project's is chosen."""

    CONSIDERED = "considered"
    CHOSEN = "chosen"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Assessment:
    """How feasible a concept is in one dimension: `level` is from 1 (hardly) to 5 (surely)."""

    dimension: str
    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One way to meet the need of a project, with what it would cost, give and take.

    Money is in whole hundredths of the project's currency; `cost_by_year` and `needs` are as a project's,
    and `quarters` is how long it takes.
    """

    id: UUID
    project_id: UUID
    name: str
    is_zero_alternative: bool
    state: ConceptState
    is_recommended: bool = False
    feasibility: tuple[Assessment, ...] = ()
    cost_minor: int | None = None
    benefit_minor: int | None = None
    cost_by_year: tuple[CostOfYear, ...] = ()
    needs: tuple[Need, ...] = ()
    quarters: int | None = None


class AssessedTwice(Refusal):
    code = "assessed-twice"
    title = "Assessed twice"
    detail = "The feasibility in {dimension} is given twice. Give one level with its reason."


class ZeroAlternativeIsReference(Refusal):
    code = "zero-alternative-is-reference"
    title = "The zero alternative is what the others are compared with"
    detail = (
        "It costs, gives and takes nothing by definition, and its description is the project's zero "
        "alternative. Leave `{member}` away."
    )


class ZeroAlternativeStays(Refusal):
    code = "zero-alternative-stays"
    title = "The zero alternative stays"
    detail = (
        "Doing nothing is always compared with, so it can be neither withdrawn nor chosen. A project that "
        "shall not be carried out is left out, stopped or rejected instead."
    )


class ConceptSettled(Refusal):
    code = "concept-settled"
    title = "The concept is settled"
    detail = "The concept {name} is {state} and cannot be changed any more. Add another one instead."


class ChosenTooLate(Refusal):
    code = "chosen-too-late"
    title = "The project is decided"
    detail = "The project is {status}, and its concept can be chosen only while it is a proposal."


class NothingToCompare(Refusal):
    code = "nothing-to-compare"
    title = "No concepts yet"
    detail = "The project has no concepts. Add one, and the zero alternative comes along."


def refuse_assessed_twice(feasibility: Sequence[Assessment]) -> None:
    """Refuse two levels in one dimension."""
    dimensions = [one.dimension for one in feasibility]
    for dimension in dimensions:
        if dimensions.count(dimension) > 1:
            raise AssessedTwice(dimension=dimension, pointer="/body/feasibility")


def refuse_settled(concept: Concept) -> None:
    """Refuse to change what was chosen or withdrawn."""
    if concept.state is not ConceptState.CONSIDERED:
        raise ConceptSettled(name=concept.name, state=concept.state.value)


def refuse_choice(concept: Concept, status: ProjectStatus) -> None:
    """Refuse to choose what cannot be carried out, or for a project that the board has decided."""
    if concept.is_zero_alternative:
        raise ZeroAlternativeStays
    refuse_settled(concept)
    if status is not ProjectStatus.PROPOSED:
        raise ChosenTooLate(status=status.value)


def end_with(concept: Concept, *, start: date | None, end: date | None) -> date | None:
    """The last day of the project with this concept; its own where the concept does not say how long.

    Check: 4 quarters from 2027-02-01 end on 2027-12-31.
    """
    if concept.quarters is None:
        return end
    return None if start is None else Quarter.of(start).plus(concept.quarters - 1).last_day


def figures_with(project: ProjectFigures, concept: Concept) -> ProjectFigures:
    """The project as it would be with the concept's figures; its dependencies and score stay its own."""
    return replace(
        project,
        name=f"{project.name}: {concept.name}",
        end=end_with(concept, start=project.start, end=project.end),
        quarters=concept.quarters,
        cost_minor=concept.cost_minor,
        benefit_minor=concept.benefit_minor,
        cost_by_year=concept.cost_by_year,
        needs=concept.needs,
        waves=(),
    )


def alternatives(concepts: Sequence[Concept]) -> tuple[Concept, ...]:
    """Those that could still be chosen: none once one is chosen, and never the zero alternative.

    P9: leaving the project out of a plan is choosing its zero alternative.
    """
    if any(one.state is ConceptState.CHOSEN for one in concepts):
        return ()
    return tuple(
        one for one in concepts if one.state is ConceptState.CONSIDERED and not one.is_zero_alternative
    )
