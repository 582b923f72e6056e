"""Vacant roles, meetings and offers to plan again: what the portfolio asks of people (P10, G6)."""

from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Owner, Task
from gevinst_notifications.domain.duties.effects import (
    Close,
    Data,
    Effect,
    Read,
    closes,
    ended_project,
)
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role

_NAMED = (("owner_id", Role.PROJECT_OWNER), ("manager_id", Role.PROJECT_MANAGER))


def _role_vacant(event: Event, data: Data) -> list[Effect]:
    task = Task(
        DutyKind.ROLE_VACANT,
        f"{data['role']}:{data['project_id']}",
        data["place_name"],
        Owner(role=Role.PORTFOLIO_OFFICE),
        event.subject,
        project_id=UUID(data["project_id"]),
        portfolio_id=UUID(data["portfolio_id"]),
    )
    return [task]


def _project(_: Event, data: Data) -> list[Effect]:
    """Somebody who is named fills the role; a project that has ended asks nothing more."""
    found: list[Effect] = [
        Close(DutyKind.ROLE_VACANT, f"{role}:{data['project_id']}")
        for member, role in _NAMED
        if member in data
    ]
    return [*found, *ended_project(UUID(data["project_id"]), data.get("status"))]


def _role_assigned(_: Event, data: Data) -> list[Effect]:
    if data["scope"] != "project":
        return []
    return [Close(DutyKind.ROLE_VACANT, f"{data['role']}:{data['scope_id']}")]


def _meeting(event: Event, data: Data) -> list[Effect]:
    task = Task(
        DutyKind.MEETING_COMING,
        data["meeting_id"],
        data["meeting_name"],
        Owner(role=Role.BOARD_MEMBER),
        event.subject,
        date.fromisoformat(data["held_on"]),
        portfolio_id=UUID(data["portfolio_id"]),
    )
    return [task]


def _replan_offered(event: Event, data: Data) -> list[Effect]:
    task = Task(
        DutyKind.REPLAN_ANSWER,
        data["replan_id"],
        data["project_name"],
        Owner(role=Role.PORTFOLIO_OFFICE),
        event.subject,
        project_id=UUID(data["project_id"]),
        portfolio_id=UUID(data["portfolio_id"]),
    )
    return [task]


def _type(name: str) -> str:
    return f"gevinst.portfolio.{name}.v1"


READ: dict[str, Read] = {
    _type("role-vacant"): _role_vacant,
    _type("role-assigned"): _role_assigned,
    _type("project-proposed"): _project,
    _type("project-changed"): _project,
    _type("project-merged"): _project,
    _type("project-approved"): _project,
    _type("project-rescheduled"): _project,
    _type("project-decided"): _project,
    _type("project-stopped"): _project,
    _type("meeting-planned"): _meeting,
    _type("meeting-changed"): _meeting,
    _type("meeting-called"): _meeting,
    _type("meeting-held"): closes(DutyKind.MEETING_COMING, "meeting_id"),
    _type("minutes-approved"): closes(DutyKind.MEETING_COMING, "meeting_id"),
    _type("replan-offered"): _replan_offered,
    _type("replan-accepted"): closes(DutyKind.REPLAN_ANSWER, "replan_id"),
    _type("replan-dismissed"): closes(DutyKind.REPLAN_ANSWER, "replan_id", state=DutyState.WITHDRAWN),
}
