"""Which projects are part of a scenario's question, and why the others are not (P2, P5)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.optimiser.problem import Project
from gevinst_portfolio.domain.project_profiles import ProjectFigures, duration_in_quarters, first_quarter
from gevinst_portfolio.domain.projects import ProjectStatus, Registration
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Span
from gevinst_portfolio.domain.scenario_rules import Group
from gevinst_portfolio.domain.scenarios import CannotForceIn

# Takes nothing, and cannot be planned.
INACTIVE = frozenset(
    {
        ProjectStatus.PAUSED,
        ProjectStatus.STOPPED,
        ProjectStatus.CLOSED,
        ProjectStatus.MERGED,
        ProjectStatus.REJECTED,
    }
)

# The ways in which each project can be carried out: itself, or its concepts.
Planned = Mapping[UUID, Sequence[Project]]


class Omission(StrEnum):
    """Why a project is not part of the question at all."""

    REPORTED_LIGHTLY = "reported-lightly"
    NOT_ACTIVE = "not-active"
    FORCED_OUT = "forced-out"
    CONCEPT_NOT_OPEN = "concept-not-open"
    OVER = "over"
    LENGTH_UNKNOWN = "length-unknown"
    COST_UNKNOWN = "cost-unknown"
    VALUE_UNKNOWN = "value-unknown"
    VALUE_IN_OTHER_PRICES = "value-in-other-prices"
    DEPENDS_ON_LEFT_OUT = "depends-on-left-out"
    GROUP_LEFT_OUT = "group-left-out"
    NO_START = "no-start"


class ForcedBy(StrEnum):
    """Why a project is in whatever it is worth (P5, P7)."""

    UNDER_WAY = "under-way"
    DECISION = "decision"
    LAW = "law"
    SCENARIO = "scenario"
    CHOSEN_START = "chosen-start"


def is_under_way(project: ProjectFigures, first: Quarter) -> bool:
    """Running, or approved with a start before the scenario begins."""
    if project.status is ProjectStatus.APPROVED:
        begins = first_quarter(project)
        return begins is not None and begins < first
    return project.status is ProjectStatus.RUNNING


def omission_of(
    project: ProjectFigures, assumptions: Assumptions, span: Span, *, has_money: bool, worth: int | None
) -> Omission | None:
    """Why the project is no part of the question; None when it is."""
    if reason := why_not_asked(project, assumptions):
        return reason
    duration = duration_in_quarters(project)
    begins = first_quarter(project)
    if duration is None or (is_under_way(project, span.first) and begins is None):
        return Omission.LENGTH_UNKNOWN
    if has_money and not project.has_known_cost:
        return Omission.COST_UNKNOWN
    if is_under_way(project, span.first):
        assert begins is not None
        return Omission.OVER if begins.index + duration <= span.origin.index else None
    if worth is not None or is_forced(project, assumptions):
        return None
    is_foreign = assumptions.value.counts_case and not project.is_case_in_our_prices
    return Omission.VALUE_IN_OTHER_PRICES if is_foreign else Omission.VALUE_UNKNOWN


def why_not_asked(project: ProjectFigures, assumptions: Assumptions) -> Omission | None:
    """Why nobody would ask about the project, whatever its figures."""
    if project.id in assumptions.forced_out:
        return Omission.FORCED_OUT
    if project.status in INACTIVE:
        return Omission.NOT_ACTIVE
    is_light = project.status is ProjectStatus.PROPOSED and project.registration is Registration.LIGHT
    # P2: what is below the threshold is registered, and not prioritised centrally.
    return Omission.REPORTED_LIGHTLY if is_light and project.id not in assumptions.all_forced_in else None


def why_no_option(project: ProjectFigures, assumptions: Assumptions) -> Omission:
    """Why a project is no part of the question of which the scenario leaves no concept open (P9)."""
    is_wanted = project.id in assumptions.all_forced_in
    return why_not_asked(project, assumptions) or (
        Omission.CONCEPT_NOT_OPEN if is_wanted else Omission.FORCED_OUT
    )


def forced_by(project: ProjectFigures, assumptions: Assumptions, span: Span) -> ForcedBy | None:
    """Why the project is in whatever it is worth; None when it is free (P5)."""
    if is_under_way(project, span.first):
        return ForcedBy.UNDER_WAY
    if project.id in assumptions.rules.pins:
        return ForcedBy.CHOSEN_START
    if project.status is not ProjectStatus.PROPOSED:
        return ForcedBy.DECISION
    if project.is_statutory:
        return ForcedBy.LAW
    return ForcedBy.SCENARIO if project.id in assumptions.forced_in else None


def is_forced(project: ProjectFigures, assumptions: Assumptions) -> bool:
    """Whether the project is in whatever it is worth: by law, by a decision, or by the scenario (P5)."""
    has_been_decided = project.status is not ProjectStatus.PROPOSED
    return project.is_statutory or has_been_decided or project.id in assumptions.all_forced_in


def omit_followers(
    projects: Sequence[ProjectFigures],
    planned: dict[UUID, tuple[Project, ...]],
    omitted: dict[UUID, Omission],
    groups: Sequence[Group],
) -> None:
    """Take out what cannot be without something that is no part of the question.

    A proposal cannot be planned while something that it needs first is not, nor without the others of its
    all-or-none group; `CannotForceIn` when one of these must be in. What is over needs no place.
    """
    names = {project.id: project.name for project in projects}
    over = {one.id for one in projects if one.status is ProjectStatus.CLOSED}
    over |= {key for key, why in omitted.items() if why is Omission.OVER}
    waiting = _waiting(projects, planned)
    together = _together(groups)
    missing = [key for key in (*waiting, *together) if key not in planned and key not in over]
    while missing:
        gone = missing.pop()
        for after in waiting.get(gone, ()):
            if planned.pop(after, None) is not None:
                omitted[after] = Omission.DEPENDS_ON_LEFT_OUT
                missing.append(after)
        for other in together.get(gone, ()):
            if any(option.is_forced for option in planned.get(other, ())):
                why = omitted.get(gone, Omission.NOT_ACTIVE)
                raise CannotForceIn(name=names.get(gone, gone), reason=why.value)
            if planned.pop(other, None) is not None:
                omitted[other] = Omission.GROUP_LEFT_OUT
                missing.append(other)


def has_begun(options: Sequence[Project]) -> bool:
    """What is under way has no options left."""
    return any(option.fixed_start is not None for option in options)


def _waiting(projects: Sequence[ProjectFigures], planned: Planned) -> dict[UUID, list[UUID]]:
    """Who waits for whom among what has not begun."""
    found: dict[UUID, list[UUID]] = {}
    for project in projects:
        if project.id in planned and not has_begun(planned[project.id]):
            for before in project.depends_on:
                found.setdefault(before, []).append(project.id)
    return found


def _together(groups: Sequence[Group]) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for group in groups:
        for key in group:
            found.setdefault(key, set()).update(group)
    return found


def refuse_forced(
    projects: Sequence[ProjectFigures], assumptions: Assumptions, omitted: Mapping[UUID, Omission]
) -> None:
    """Refuse to force in what cannot be planned."""
    for project in projects:
        if project.id in assumptions.all_forced_in and project.id in omitted:
            raise CannotForceIn(name=project.name, reason=omitted[project.id].value)
