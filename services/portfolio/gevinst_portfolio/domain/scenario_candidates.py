"""Which projects are part of a scenario's question, and why the others are not (P2, P5)."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from gevinst_portfolio.domain.optimiser.problem import Project
from gevinst_portfolio.domain.project_profiles import ProjectFigures, duration_in_quarters, first_quarter
from gevinst_portfolio.domain.projects import ProjectStatus, Registration
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Span
from gevinst_portfolio.domain.scenarios import CannotForceIn

INACTIVE = frozenset(
    {ProjectStatus.PAUSED, ProjectStatus.STOPPED, ProjectStatus.CLOSED, ProjectStatus.REJECTED}
)


class Omission(StrEnum):
    """Why a project is not part of the question at all."""

    REPORTED_LIGHTLY = "reported-lightly"
    NOT_ACTIVE = "not-active"
    FORCED_OUT = "forced-out"
    OVER = "over"
    LENGTH_UNKNOWN = "length-unknown"
    COST_UNKNOWN = "cost-unknown"
    VALUE_UNKNOWN = "value-unknown"
    DEPENDS_ON_LEFT_OUT = "depends-on-left-out"


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
    if reason := _not_a_candidate(project, assumptions):
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
    is_free = not is_forced(project, assumptions)
    return Omission.VALUE_UNKNOWN if is_free and worth is None else None


def _not_a_candidate(project: ProjectFigures, assumptions: Assumptions) -> Omission | None:
    if project.id in assumptions.forced_out:
        return Omission.FORCED_OUT
    if project.status in INACTIVE:
        return Omission.NOT_ACTIVE
    is_light = project.status is ProjectStatus.PROPOSED and project.registration is Registration.LIGHT
    # P2: what is below the threshold is registered, and not prioritised centrally.
    return Omission.REPORTED_LIGHTLY if is_light and project.id not in assumptions.forced_in else None


def is_forced(project: ProjectFigures, assumptions: Assumptions) -> bool:
    """Whether the project is in whatever it is worth: by law, by a decision, or by the scenario (P5)."""
    has_been_decided = project.status is not ProjectStatus.PROPOSED
    return project.is_statutory or has_been_decided or project.id in assumptions.forced_in


def omit_dependants(
    projects: Sequence[ProjectFigures],
    planned: dict[UUID, Project],
    omitted: dict[UUID, Omission],
    closed: frozenset[UUID],
) -> None:
    """A proposal cannot be planned while something that it needs first is no part of the question."""
    while True:
        ready = planned.keys() | closed | {key for key, why in omitted.items() if why is Omission.OVER}
        stuck = [
            project.id
            for project in projects
            if project.id in planned
            and planned[project.id].fixed_start is None
            and not ready.issuperset(project.depends_on)
        ]
        if not stuck:
            return
        for project_id in stuck:
            del planned[project_id]
            omitted[project_id] = Omission.DEPENDS_ON_LEFT_OUT


def refuse_forced(
    projects: Sequence[ProjectFigures], assumptions: Assumptions, omitted: Mapping[UUID, Omission]
) -> None:
    """Refuse to force in what cannot be planned."""
    for project in projects:
        if project.id in assumptions.forced_in and project.id in omitted:
            raise CannotForceIn(name=project.name, reason=omitted[project.id].value)
