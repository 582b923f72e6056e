"""Keeping the read model: what the portfolio service's events mean here."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from gevinst_benefits.clients.portfolio import (
    NotUnderstood,
    PersonFact,
    PortfolioFact,
    ProgrammeFact,
    ProjectFact,
    RoleFact,
    ThemeFact,
    UnitFact,
    read,
)
from gevinst_benefits.store import arrangements, projects, themes
from gevinst_benefits.store.deliveries import deliveries_of
from gevinst_benefits.usecases import following_sync
from gevinst_benefits.usecases.moving_in_time import announce_moves
from gevinst_benefits.usecases.watching_owners import look_for_vacancies
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Actor, ScopeKind
from gevinst_shared.values.organisation import day_there

_FEED = "portfolio-feed"
# What a benefit's years can hang on.
_MOVING = ("start", "end", "status")
_log = logging.getLogger(__name__)


async def apply(connection: Connection, event: Event, *, now: datetime | None = None) -> None:
    """Keep what the event says; what is of no interest or not understood is passed over.

    An event that is not understood must not stop those behind it: it is logged and left out. `now` is when
    it is read, and dates what follows from it here; the event's own moment when it is not given.
    """
    keep = _KEEPERS.get(event.type)
    if keep is None:
        return
    actor = Actor(_FEED, event.organisation)
    try:
        await keep(Work(connection, actor, now or event.time, event.id), event)
    except NotUnderstood as fault:
        _log.warning("event not understood", extra={"event": str(event.id), "fault": str(fault)})


async def _project_told(work: Work, event: Event) -> None:
    """Proposed or changed: the event tells the whole project."""
    fact = read(ProjectFact, event)
    if fact.name is None:
        raise NotUnderstood(f"{event.type}: name")
    await _keep_project(work, event, _columns(fact))


async def _project_moved(work: Work, event: Event) -> None:
    """Approved, stopped or rescheduled: what the event does not tell stays as it was."""
    fact = read(ProjectFact, event)
    known = await projects.find_row(work.connection, fact.project_id) or {}
    told = {name: value for name, value in _columns(fact).items() if value is not None}
    if "receiving_unit_ids" not in fact.model_fields_set:
        told.pop("receiving_unit_ids")
    values = {**_columns(fact), **known, **told}
    if values["name"] is None:
        raise NotUnderstood(f"{event.type}: name")
    values.pop("organisation_id", None)
    await _keep_project(work, event, values)


async def _keep_project(work: Work, event: Event, values: Mapping[str, Any]) -> None:
    """Keep the project, and tell of the benefits that its new dates have moved (B9)."""
    known = await projects.find_row(work.connection, values["id"])
    await projects.keep_project(work.connection, event.organisation, values)
    if known is None or all(known[name] == values[name] for name in _MOVING):
        return
    deliveries = await deliveries_of(work.connection, values["id"])
    before, after = (projects.project_from({**row, "path": None}, deliveries) for row in (known, values))
    await announce_moves(work, before, after, cause=event.id)


async def _unit_told(work: Work, event: Event) -> None:
    fact = read(UnitFact, event)
    # A unit always stands in its own path, so that a role in it holds in it.
    path = [unit_id for unit_id in fact.path if unit_id != fact.unit_id] + [fact.unit_id]
    values = {"id": fact.unit_id, "name": fact.name, "parent_id": fact.parent_id, "path": path}
    await projects.keep_unit(work.connection, event.organisation, values)
    await look_for_vacancies(work)


async def _portfolio_told(work: Work, event: Event) -> None:
    fact = read(PortfolioFact, event)
    await arrangements.keep_name(
        work.connection, event.organisation, fact.portfolio_id, fact.name, is_programme=False
    )


async def _programme_told(work: Work, event: Event) -> None:
    fact = read(ProgrammeFact, event)
    await arrangements.keep_name(
        work.connection, event.organisation, fact.programme_id, fact.name, is_programme=True
    )


async def _person_told(work: Work, event: Event) -> None:
    fact = read(PersonFact, event)
    values = fact.model_dump(exclude={"person_id"}) | {"id": fact.person_id}
    await projects.keep_person(work.connection, event.organisation, values)


async def _role_assigned(work: Work, event: Event) -> None:
    await _keep_role(work, event, _role(read(RoleFact, event)))


async def _role_ended(work: Work, event: Event) -> None:
    """The assignment stays, with the day from which it no longer holds."""
    values = _role(read(RoleFact, event))
    values["valid_until"] = values["valid_until"] or day_there(event.organisation, event.time)
    await _keep_role(work, event, values)


async def _keep_role(work: Work, event: Event, values: Mapping[str, Any]) -> None:
    """B2: whether an owner's role has become vacant, or is filled, is looked at at once."""
    await projects.keep_role(work.connection, event.organisation, values)
    if values["scope"] == ScopeKind.UNIT:
        await look_for_vacancies(work, role=values["role"])


async def _theme_told(work: Work, event: Event) -> None:
    fact = read(ThemeFact, event)
    await themes.keep_theme(work.connection, event.organisation, **fact.model_dump())


def _columns(fact: ProjectFact) -> dict[str, Any]:
    return fact.model_dump(exclude={"project_id"}) | {"id": fact.project_id}


def _role(fact: RoleFact) -> dict[str, Any]:
    return fact.model_dump(exclude={"assignment_id"}) | {"id": fact.assignment_id}


_KEEPERS: dict[str, Callable[[Work, Event], Awaitable[None]]] = {
    "gevinst.portfolio.project-proposed.v1": _project_told,
    "gevinst.portfolio.project-changed.v1": _project_told,
    "gevinst.portfolio.project-merged.v1": _project_told,
    "gevinst.portfolio.project-approved.v1": _project_moved,
    "gevinst.portfolio.project-stopped.v1": _project_moved,
    "gevinst.portfolio.project-rescheduled.v1": _project_moved,
    "gevinst.portfolio.project-decided.v1": _project_moved,
    "gevinst.portfolio.portfolio-arranged.v1": _portfolio_told,
    "gevinst.portfolio.portfolio-changed.v1": _portfolio_told,
    "gevinst.portfolio.programme-changed.v1": _programme_told,
    "gevinst.portfolio.unit-changed.v1": _unit_told,
    "gevinst.portfolio.person-changed.v1": _person_told,
    "gevinst.portfolio.role-assigned.v1": _role_assigned,
    "gevinst.portfolio.role-ended.v1": _role_ended,
    "gevinst.portfolio.theme-chosen.v1": _theme_told,
    **following_sync.KEEPERS,
}
