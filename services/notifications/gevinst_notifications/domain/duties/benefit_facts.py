"""Benefits, measurements, actions, agreements and goals: what they ask of people (B2, B6, B8, B11, G8)."""

from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Owner, Task
from gevinst_notifications.domain.duties.effects import (
    Close,
    CloseAll,
    Data,
    Effect,
    Move,
    Read,
    Reown,
    closes,
    day,
    record,
)
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role

_WITHDRAWN = DutyState.WITHDRAWN


def _benefit(event: Event, data: Data) -> list[Effect]:
    """B2: an estimate that its owner has not confirmed, or not as it now is, waits for that."""
    if data["state"] != "proposed":
        return [Close(DutyKind.BENEFIT_CONFIRMATION, data["benefit_id"])]
    return [_of_benefit(DutyKind.BENEFIT_CONFIRMATION, event, data["benefit_id"])]


def _handed_over(event: Event, data: Data) -> list[Effect]:
    former = Owner(role=Role(data["previous_role"]), unit_id=UUID(data["previous_unit_id"]))
    return [Reown(UUID(data["benefit_id"]), former, _owner(data)), *_benefit(event, data)]


def _benefit_ended(_: Event, data: Data) -> list[Effect]:
    return [CloseAll(_WITHDRAWN, benefit_id=UUID(data["benefit_id"]))]


def _agreement(event: Event, data: Data) -> list[Effect]:
    """B11: what another body was asked is to be followed up until it has answered."""
    key = f"{data['benefit_id']}:{data['body']}"
    if data["agreement_state"] != "proposed":
        return [Close(DutyKind.AGREEMENT_ANSWER, key)]
    return [_of_benefit(DutyKind.AGREEMENT_ANSWER, event, key)]


def _indicator(event: Event, data: Data) -> list[Effect]:
    """B6: whoever measures it, or the benefit's owner, by the first due day that is not met."""
    due_on = day(data, "next_due_on")
    if due_on is None:
        return [Close(DutyKind.MEASUREMENT_DUE, data["indicator_id"], _WITHDRAWN)]
    task = Task(
        DutyKind.MEASUREMENT_DUE,
        data["indicator_id"],
        data["name"],
        Owner(role=Role(data["role"]), unit_id=UUID(data["unit_id"])),
        event.subject,
        due_on,
        project_id=UUID(data["project_id"]),
        benefit_id=UUID(data["benefit_id"]),
    )
    return [task]


def _measured(_: Event, data: Data) -> list[Effect]:
    return [Move(DutyKind.MEASUREMENT_DUE, data["indicator_id"], day(data, "next_due_on"))]


def _action(event: Event, data: Data) -> list[Effect]:
    """B8: without an owner of its own it is the project manager's."""
    due_on = day(data, "due_on")
    if due_on is None:
        return [Close(DutyKind.ACTION_DUE, data["action_id"], _WITHDRAWN)]
    person, role = record(data, "owner_person_id"), data.get("owner_role")
    owner = Owner(person, Role(role) if role else None, record(data, "owner_unit_id"))
    if person is None and role is None:
        owner = Owner(role=Role.PROJECT_MANAGER)
    task = Task(
        DutyKind.ACTION_DUE,
        data["action_id"],
        data["name"],
        owner,
        event.subject,
        due_on,
        project_id=UUID(data["project_id"]),
        benefit_id=UUID(data["benefit_id"]),
    )
    return [task]


def _verification_due(event: Event, data: Data) -> list[Effect]:
    """G3: a controller, never the owner."""
    task = Task(
        DutyKind.VERIFICATION_DUE,
        f"{data['benefit_id']}:{data['year']}",
        f"{data['name']} ({data['year']})",
        Owner(role=Role.BENEFIT_CONTROLLER, unit_id=UUID(data["owner_unit_id"])),
        event.subject,
        project_id=UUID(data["project_id"]),
        benefit_id=UUID(data["benefit_id"]),
    )
    return [task]


def _goal_without_means(event: Event, data: Data) -> list[Effect]:
    owner = Owner(role=Role.UNIT_LEADER, unit_id=UUID(data["unit_id"]))
    return [Task(DutyKind.GOAL_WITHOUT_MEANS, data["goal_id"], data["name"], owner, event.subject)]


def _goal_settled(_: Event, data: Data) -> list[Effect]:
    if data["state"] == "open":
        return []
    state = DutyState.DONE if data["state"] == "met" else _WITHDRAWN
    return [Close(DutyKind.GOAL_WITHOUT_MEANS, data["goal_id"], state)]


def _owner_vacant(event: Event, data: Data) -> list[Effect]:
    """B2: the unit's leader finds somebody."""
    owner = Owner(role=Role.UNIT_LEADER, unit_id=UUID(data["unit_id"]))
    key = f"{data['role']}:{data['unit_id']}"
    return [Task(DutyKind.ROLE_VACANT, key, data["unit_name"], owner, event.subject)]


def _of_benefit(kind: DutyKind, event: Event, key: str, *, due_on: date | None = None) -> Task:
    """What the benefit's owner must do."""
    data = event.data
    project, benefit = UUID(data["project_id"]), UUID(data["benefit_id"])
    return Task(
        kind,
        key,
        data["name"],
        _owner(data),
        event.subject,
        due_on,
        project_id=project,
        benefit_id=benefit,
    )


def _owner(data: Data) -> Owner:
    return Owner(role=Role(data["owner_role"]), unit_id=UUID(data["owner_unit_id"]))


def _type(name: str) -> str:
    return f"gevinst.benefits.{name}.v1"


READ: dict[str, Read] = {
    _type("benefit-planned"): _benefit,
    _type("benefit-changed"): _benefit,
    _type("benefit-moved-in-time"): _benefit,
    _type("benefit-confirmed"): _benefit,
    _type("benefit-realised"): _benefit,
    _type("benefit-handed-over"): _handed_over,
    _type("benefit-closed"): _benefit_ended,
    _type("benefit-moved"): _benefit_ended,
    _type("agreement-recorded"): _agreement,
    _type("indicator-added"): _indicator,
    _type("indicator-changed"): _indicator,
    _type("indicator-measured"): _measured,
    _type("measurements-recorded"): _measured,
    _type("action-planned"): _action,
    _type("action-changed"): _action,
    _type("action-started"): _action,
    _type("action-done"): closes(DutyKind.ACTION_DUE, "action_id"),
    _type("action-dropped"): closes(DutyKind.ACTION_DUE, "action_id", state=_WITHDRAWN),
    _type("verification-due"): _verification_due,
    _type("benefit-verified"): closes(DutyKind.VERIFICATION_DUE, "benefit_id", "year"),
    _type("goal-without-means"): _goal_without_means,
    _type("goal-means-linked"): closes(DutyKind.GOAL_WITHOUT_MEANS, "goal_id"),
    _type("goal-settled"): _goal_settled,
    _type("benefit-owner-vacant"): _owner_vacant,
    _type("benefit-owner-filled"): closes(DutyKind.ROLE_VACANT, "role", "unit_id"),
}
