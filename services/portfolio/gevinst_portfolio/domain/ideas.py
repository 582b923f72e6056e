"""Ideas become proposals, or are answered otherwise (P1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from gevinst_portfolio.domain.project_profiles import ProjectFigures, duration_in_quarters
from gevinst_shared.values.refusal import Refusal


class IdeaState(StrEnum):
    """Where an idea stands; `proposed` is for good."""

    OPEN = "open"
    PARKED = "parked"
    REJECTED = "rejected"
    PROPOSED = "proposed"


class IdeaAnswer(StrEnum):
    """What can be answered beside working it up to a proposal; `open` takes it up again."""

    OPEN = "open"
    PARKED = "parked"
    REJECTED = "rejected"


class IdeaIsProposed(Refusal):
    code = "idea-is-proposed"
    title = "The idea has become a proposal"
    detail = "The idea {name} lives on as a project. Change that one: {project}."


class IdeaIsAnswered(Refusal):
    code = "idea-is-answered"
    title = "The idea has been answered"
    detail = "The idea {name} is {state}. Take it up again before you change it."


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something a proposal does not say yet; without what is needed it cannot be prioritised."""

    member: str
    is_needed: bool


def refuse_proposed(name: str, state: IdeaState, project: object) -> None:
    """Refuse to change what lives on as a project."""
    if state is IdeaState.PROPOSED:
        raise IdeaIsProposed(name=name, project=project)


def refuse_answered(name: str, state: IdeaState, project: object) -> None:
    """Refuse to change what was parked, rejected or proposed."""
    refuse_proposed(name, state, project)
    if state is not IdeaState.OPEN:
        raise IdeaIsAnswered(name=name, state=state.value)


def lacking(
    figures: ProjectFigures, said: Sequence[tuple[str, bool]], *, unscored: int
) -> tuple[Lacking, ...]:
    """What is missing before the proposal can be prioritised, what is needed for that first.

    Needed is what a plan cannot do without: cost, length, and a worth (a benefit, or a score on every
    criterion). `said` are further members and whether the proposal has them; `unscored` is how many criteria
    it has no score on. B6: what is missing is named, never taken for zero.
    """
    has_worth = figures.benefit_minor is not None or unscored == 0
    needed = [
        ("cost", figures.has_known_cost),
        ("end", duration_in_quarters(figures) is not None),
        ("benefit", has_worth),
    ]
    wished = [*said, ("scores", unscored == 0)]
    return tuple(
        Lacking(member, is_needed)
        for members, is_needed in ((needed, True), (wished, False))
        for member, is_there in members
        if not is_there
    )
