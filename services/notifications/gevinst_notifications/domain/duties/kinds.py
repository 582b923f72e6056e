"""What somebody must do by a day (N1)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class DutyKind(StrEnum):
    """The kinds of duties; each has words in every language under `vocabularies.duties` in the texts."""

    GATE_COMING = "gate-coming"
    GATE_REOPENED = "gate-reopened"
    GATE_REVIEW = "gate-review"
    CONDITION_LAPSING = "condition-lapsing"
    CONDITION_CONFIRMATION = "condition-confirmation"
    REPORT_DUE = "report-due"
    MEASURE_DUE = "measure-due"
    MEASUREMENT_DUE = "measurement-due"
    ACTION_DUE = "action-due"
    DELIVERY_DUE = "delivery-due"
    BENEFIT_CONFIRMATION = "benefit-confirmation"
    VERIFICATION_DUE = "verification-due"
    HANDOVER_DUE = "handover-due"
    EFFECT_REVIEW_DUE = "effect-review-due"
    AGREEMENT_ANSWER = "agreement-answer"
    GOAL_WITHOUT_MEANS = "goal-without-means"
    PAUSE_ENDED = "pause-ended"
    ROLE_VACANT = "role-vacant"
    REPLAN_ANSWER = "replan-answer"
    MEETING_COMING = "meeting-coming"


class DutyState(StrEnum):
    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class PersonsDuty:
    """A duty as it stands in a person's calendar. `due_version` counts the days that it was due on."""

    id: UUID
    kind: DutyKind
    subject: str
    name: str
    project_id: UUID | None
    project_name: str | None
    due_on: date
    due_version: int
    state: DutyState
