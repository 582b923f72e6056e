"""Keeping what the portfolio service announces: people, roles, units, portfolios and projects."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_notifications.store import register
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role, ScopeKind
from gevinst_shared.values.organisation import day_there

Values = dict[str, Any]
Keep = Callable[[Connection, Mapping[str, Any]], Awaitable[None]]

_log = logging.getLogger(__name__)


async def register_fact(connection: Connection, event: Event) -> None:
    """Keep what `event` says of the organisation, when it says something that we keep.

    A fact that cannot be read is logged and passed over: the feed must go on for everybody else.
    """
    found = _KEPT.get(event.type)
    if found is None:
        return
    read, keep = found
    try:
        values = read(event)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        _log.error(
            "fact not understood", extra={"event_id": event.id, "type": event.type, "cause": repr(error)}
        )
        return
    await keep(connection, {"organisation_id": event.organisation, **values})


def _organisation(event: Event) -> Values:
    data = event.data
    return {"name": _text(data["name"]), "currency": data.get("currency"), "language": data.get("language")}


def _unit(event: Event) -> Values:
    unit_id = UUID(event.data["unit_id"])
    path = [UUID(step) for step in event.data.get("path", [])]
    # Either spelling of a path is understood: with the unit itself at its end, or without.
    return {
        "id": unit_id,
        "name": _text(event.data["name"]),
        "path": path if unit_id in path else [*path, unit_id],
    }


def _person(event: Event) -> Values:
    data = event.data
    subject, name, email = _text(data["subject"]), _text(data["name"]), data.get("email") or None
    return {
        "id": UUID(data["person_id"]),
        "subject": subject,
        "name": name,
        "email": email,
        "language": data.get("language"),
        "known_as": [subject, name, *([] if email is None else [_text(email)])],
    }


def _assignment(event: Event) -> Values:
    data = event.data
    return {
        "id": UUID(data["assignment_id"]),
        "person_id": UUID(data["person_id"]),
        "subject": data.get("subject", ""),
        "role": Role(data["role"]),
        "scope": ScopeKind(data["scope"]),
        "scope_id": _id(data, "scope_id"),
        "valid_from": _day(data, "valid_from"),
        "valid_until": _day(data, "valid_until"),
    }


def _ended_assignment(event: Event) -> Values:
    """Kept with its last day rather than deleted: who heard of what can be told again later (N4)."""
    values = _assignment(event)
    return {**values, "valid_until": values["valid_until"] or day_there(event.organisation, event.time)}


def _portfolio(event: Event) -> Values:
    return {"id": UUID(event.data["portfolio_id"]), "name": _text(event.data["name"])}


def _project(event: Event) -> Values:
    data = event.data
    return {
        "id": UUID(data["project_id"]),
        "name": data.get("name") or data.get("project_name"),
        "portfolio_id": _id(data, "portfolio_id"),
        "programme_id": _id(data, "programme_id"),
        "unit_id": _id(data, "unit_id"),
        "owner_id": _id(data, "owner_id"),
        "manager_id": _id(data, "manager_id"),
        "status": data.get("status"),
        "receiving_unit_ids": [UUID(unit) for unit in data.get("receiving_unit_ids", [])],
    }


def _part_of_project(event: Event) -> Values:
    values = _project(event)
    is_said = "receiving_unit_ids" in event.data
    return {**values, "receiving_unit_ids": values["receiving_unit_ids"] if is_said else None}


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _id(data: Mapping[str, Any], member: str) -> UUID | None:
    return UUID(data[member]) if member in data else None


def _day(data: Mapping[str, Any], member: str) -> date | None:
    return date.fromisoformat(data[member]) if member in data else None


_KEPT: Mapping[str, tuple[Callable[[Event], Values], Keep]] = {
    "gevinst.portfolio.organisation-registered.v1": (_organisation, register.keep_organisation),
    "gevinst.portfolio.unit-changed.v1": (_unit, register.keep_unit),
    "gevinst.portfolio.person-changed.v1": (_person, register.keep_person),
    "gevinst.portfolio.role-assigned.v1": (_assignment, register.keep_assignment),
    "gevinst.portfolio.role-ended.v1": (_ended_assignment, register.keep_assignment),
    "gevinst.portfolio.portfolio-arranged.v1": (_portfolio, register.keep_portfolio),
    # The whole record: what is absent is not there. The others say only what happened.
    "gevinst.portfolio.project-proposed.v1": (_project, register.keep_project),
    "gevinst.portfolio.project-changed.v1": (_project, register.keep_project),
    "gevinst.portfolio.project-merged.v1": (_project, register.keep_project),
    "gevinst.portfolio.project-approved.v1": (_part_of_project, register.keep_part_of_project),
    "gevinst.portfolio.project-stopped.v1": (_part_of_project, register.keep_part_of_project),
    "gevinst.portfolio.project-decided.v1": (_part_of_project, register.keep_part_of_project),
    "gevinst.portfolio.project-rescheduled.v1": (_part_of_project, register.keep_part_of_project),
}
