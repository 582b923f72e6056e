"""Gates, conditions, reports, deliveries, handovers and effect reviews: what they ask of people (G2–G10)."""

from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Owner, Task
from gevinst_notifications.domain.duties.effects import (
    Close,
    CloseAll,
    Data,
    Effect,
    Read,
    closes,
    day,
    ended_project,
)
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Role

_DECIDER = Owner(role=Role.PROJECT_OWNER)
_MANAGER = Owner(role=Role.PROJECT_MANAGER)
_WITHDRAWN = DutyState.WITHDRAWN


def _gate_proposed(event: Event, data: Data) -> list[Effect]:
    project, gate = UUID(data["project_id"]), data["gate_id"]
    decide_by, proposer = day(data, "decide_by"), data.get("proposed_by")
    decision = Task(
        DutyKind.GATE_COMING,
        gate,
        data["gate_name"],
        _DECIDER,
        event.subject,
        decide_by,
        project_id=project,
        not_by=proposer,
    )
    reviews = [
        Task(
            DutyKind.GATE_REVIEW,
            f"{gate}:{reviewer}",
            data["gate_name"],
            Owner(person_id=UUID(reviewer)),
            event.subject,
            day(data, "review_by") or decide_by,
            project_id=project,
        )
        for reviewer in data.get("reviewer_ids", ())
    ]
    waited = frozenset({DutyKind.GATE_REOPENED, DutyKind.PAUSE_ENDED})
    return [CloseAll(DutyState.DONE, waited, project_id=project), decision, *reviews]


def _gate_decided(_: Event, data: Data) -> list[Effect]:
    project = UUID(data["project_id"])
    waited = frozenset({DutyKind.GATE_REOPENED, DutyKind.PAUSE_ENDED})
    found: list[Effect] = [
        Close(DutyKind.GATE_COMING, data["gate_id"]),
        CloseAll(_WITHDRAWN, frozenset({DutyKind.GATE_REVIEW}), project_id=project),
        CloseAll(DutyState.DONE, waited, project_id=project),
    ]
    return [*found, *ended_project(project, data.get("project_state"))]


def _gate_withdrawn(_: Event, data: Data) -> list[Effect]:
    reviews = frozenset({DutyKind.GATE_REVIEW})
    return [
        Close(DutyKind.GATE_COMING, data["gate_id"], _WITHDRAWN),
        CloseAll(_WITHDRAWN, reviews, project_id=UUID(data["project_id"])),
    ]


def _pause_ended(event: Event, data: Data) -> list[Effect]:
    return [_of_project(DutyKind.PAUSE_ENDED, event, data["gate"], key=data["project_id"])]


def _condition_open(event: Event, data: Data) -> list[Effect]:
    owner = Owner(person_id=UUID(data["owner_id"]))
    due_on = date.fromisoformat(data["deadline"])
    task = Task(
        DutyKind.CONDITION_LAPSING,
        data["condition_id"],
        data["text"],
        owner,
        event.subject,
        due_on,
        project_id=UUID(data["project_id"]),
    )
    return [Close(DutyKind.CONDITION_CONFIRMATION, data["condition_id"]), task]


def _condition_reported(event: Event, data: Data) -> list[Effect]:
    confirmation = Task(
        DutyKind.CONDITION_CONFIRMATION,
        data["condition_id"],
        data["text"],
        _DECIDER,
        event.subject,
        project_id=UUID(data["project_id"]),
        not_by=data["owner_id"],
    )
    return [Close(DutyKind.CONDITION_LAPSING, data["condition_id"]), confirmation]


def _condition_settled(state: DutyState) -> Read:
    def read(_: Event, data: Data) -> list[Effect]:
        kinds = (DutyKind.CONDITION_LAPSING, DutyKind.CONDITION_CONFIRMATION)
        return [Close(kind, data["condition_id"], state) for kind in kinds]

    return read


def _condition_lapsed(event: Event, data: Data) -> list[Effect]:
    settled = _condition_settled(_WITHDRAWN)(event, data)
    if not data.get("reopens_gate"):
        return settled
    return [*settled, _of_project(DutyKind.GATE_REOPENED, event, data["gate"], key=data["gate_id"])]


def _delivery(event: Event, data: Data) -> list[Effect]:
    if "delivered_on" in data:
        return [Close(DutyKind.DELIVERY_DUE, data["delivery_id"])]
    due_on = date.fromisoformat(data["due_on"])
    return [_of_project(DutyKind.DELIVERY_DUE, event, data["name"], key=data["delivery_id"], due_on=due_on)]


def _report_owed(event: Event, data: Data) -> list[Effect]:
    key, due_on = f"{data['project_id']}:{data['month']}", date.fromisoformat(data["due_on"])
    return [_of_project(DutyKind.REPORT_DUE, event, data["month"], key=key, due_on=due_on)]


def _measure(event: Event, data: Data) -> list[Effect]:
    if data["state"] != "decided":
        done = DutyState.DONE if data["state"] == "done" else _WITHDRAWN
        return [Close(DutyKind.MEASURE_DUE, data["measure_id"], done)]
    if "deadline" not in data:
        return []
    owner = Owner(person_id=UUID(data["owner_id"])) if "owner_id" in data else _MANAGER
    due_on = date.fromisoformat(data["deadline"])
    task = Task(
        DutyKind.MEASURE_DUE,
        data["measure_id"],
        data["text"],
        owner,
        event.subject,
        due_on,
        project_id=UUID(data["project_id"]),
    )
    return [task]


def _effect_review(event: Event, data: Data) -> list[Effect]:
    task = Task(
        DutyKind.EFFECT_REVIEW_DUE,
        data["review_id"],
        data["project_name"],
        _DECIDER,
        event.subject,
        date.fromisoformat(data["due_on"]),
        project_id=UUID(data["project_id"]),
    )
    return [task]


def _handover_offered(event: Event, data: Data) -> list[Effect]:
    task = Task(
        DutyKind.HANDOVER_DUE,
        data["handover_id"],
        data["project_name"],
        Owner(role=Role.UNIT_LEADER, unit_id=UUID(data["receiving_unit_id"])),
        event.subject,
        project_id=UUID(data["project_id"]),
    )
    return [task]


def _of_project(kind: DutyKind, event: Event, name: str, *, key: str, due_on: date | None = None) -> Task:
    """What the project's manager must do."""
    project = UUID(event.data["project_id"])
    return Task(kind, key, name, _MANAGER, event.subject, due_on, project_id=project)


def _type(name: str) -> str:
    return f"gevinst.benefits.{name}.v1"


READ: dict[str, Read] = {
    _type("gate-proposed"): _gate_proposed,
    _type("gate-decided"): _gate_decided,
    _type("gate-withdrawn"): _gate_withdrawn,
    _type("gate-reviewed"): closes(DutyKind.GATE_REVIEW, "gate_id", "reviewer_id"),
    _type("pause-ended"): _pause_ended,
    _type("condition-set"): _condition_open,
    _type("condition-rejected"): _condition_open,
    _type("condition-reported"): _condition_reported,
    _type("condition-met"): _condition_settled(DutyState.DONE),
    _type("condition-waived"): _condition_settled(_WITHDRAWN),
    _type("condition-closed"): _condition_settled(_WITHDRAWN),
    _type("condition-lapsed"): _condition_lapsed,
    _type("delivery-planned"): _delivery,
    _type("delivery-changed"): _delivery,
    _type("monthly-report-owed"): _report_owed,
    _type("monthly-report-late"): _report_owed,
    _type("monthly-report-submitted"): closes(DutyKind.REPORT_DUE, "project_id", "month"),
    _type("measure-decided"): _measure,
    _type("measure-followed-up"): _measure,
    _type("effect-review-scheduled"): _effect_review,
    _type("effect-review-held"): closes(DutyKind.EFFECT_REVIEW_DUE, "review_id"),
    _type("effect-review-called-off"): closes(DutyKind.EFFECT_REVIEW_DUE, "review_id", state=_WITHDRAWN),
    _type("handover-offered"): _handover_offered,
    _type("handover-accepted"): closes(DutyKind.HANDOVER_DUE, "handover_id"),
    _type("handover-refused"): closes(DutyKind.HANDOVER_DUE, "handover_id"),
    _type("handover-called-off"): closes(DutyKind.HANDOVER_DUE, "handover_id", state=_WITHDRAWN),
}
