"""What an event's record is part of, and who is named by it: filled in from what the portfolio announced."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_notifications.domain.messages import Held
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind

# Where a fact says whose deed it was.
DOERS = (
    "actor",
    "proposed_by",
    "decided_by",
    "withdrawn_by",
    "reviewer_id",
    "overruled_by",
    "awarded_by",
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project as far as it was announced."""

    id: UUID
    name: str | None = None
    portfolio_id: UUID | None = None
    portfolio_name: str | None = None
    programme_id: UUID | None = None
    unit_ids: frozenset[UUID] = frozenset()
    owner_id: UUID | None = None
    manager_id: UUID | None = None
    unit_id: UUID | None = None
    status: str | None = None


def completed(event: Event, projects: Sequence[Project], *, portfolio_name: str | None = None) -> Event:
    """The event with the names that its message needs, where it does not bring them itself.

    A project that was never announced is called by its id: better told so than not told.
    """
    found: dict[str, Any] = {}
    if isinstance(event.data.get("project_id"), str):
        known = projects[0] if projects else None
        found["project_name"] = known.name if known and known.name else event.data["project_id"]
        portfolio_name = portfolio_name or (known.portfolio_name if known else None)
    if portfolio_name:
        found["portfolio_name"] = portfolio_name
    return replace(event, data={**found, **event.data})


def place_around(place: Place, projects: Iterable[Project], paths: Iterable[Sequence[UUID]]) -> Place:
    """`place` with everything that its projects are part of; `paths` lead from the root to each unit."""
    projects = list(projects)
    return Place(
        units=place.units.union(*paths),
        portfolios=place.portfolios | {p.portfolio_id for p in projects if p.portfolio_id},
        programmes=place.programmes | {p.programme_id for p in projects if p.programme_id},
        projects=place.projects,
    )


def named_holders(projects: Iterable[Project]) -> list[Held]:
    """The owner and the manager whom a project names: they hold their roles on it."""
    return [
        Held(Grant(role, ScopeKind.PROJECT, project.id), (person_id,))
        for project in projects
        for person_id, role in (
            (project.owner_id, Role.PROJECT_OWNER),
            (project.manager_id, Role.PROJECT_MANAGER),
        )
        if person_id is not None
    ]


def doer(data: Mapping[str, Any]) -> str | None:
    """Whose deed the event was, as subject or person id; None when it names none, or several."""
    for member in DOERS:
        if isinstance(data.get(member), str):
            return str(data[member])
    return None
