"""A duty through its life: set, moved, acknowledged, closed (N1, N2)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid5

from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.values.actor import Role
from gevinst_shared.values.refusal import Refusal

_OURS = UUID("0197b1e6-5b0a-7c53-9a54-6d7574696573")


class DutyClosed(Refusal):
    code = "duty-closed"
    title = "The duty is closed"
    detail = "The duty is {state}: nobody is reminded of it any more."


class QuietTooLong(Refusal):
    code = "quiet-too-long"
    title = "Not silent for that long"
    detail = "Choose a day after {today} and at most {longest} days away."


LONGEST_QUIET = 60


@dataclass(frozen=True, slots=True)
class Owner:
    """Who must do it: a person, or who holds a role in a unit, else in the project or portfolio."""

    person_id: UUID | None = None
    role: Role | None = None
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What a fact says is to be done. Without `due_on` the rule of its kind gives a number of days."""

    kind: DutyKind
    key: str
    name: str
    owner: Owner
    subject: str
    due_on: date | None = None
    project_id: UUID | None = None
    portfolio_id: UUID | None = None
    benefit_id: UUID | None = None
    not_by: str | None = None

    @property
    def id(self) -> UUID:
        return duty_id(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class Duty:
    """A task with its day. `due_version` counts the days that it was due on, and the owners it had."""

    id: UUID
    task: Task
    due_on: date
    due_version: int
    set_at: datetime
    opened_at: datetime
    state: DutyState = DutyState.OPEN
    closed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: UUID | None = None
    quiet_until: date | None = None
    next_at: datetime | None = None

    def is_quiet(self, today: date) -> bool:
        """N2: acknowledged, for good or until a day that has not come."""
        return self.acknowledged_at is not None and (self.quiet_until is None or today < self.quiet_until)


def duty_id(kind: DutyKind, key: str) -> UUID:
    """The same for the same thing to do, however often and in whatever order its facts are read."""
    return uuid5(_OURS, f"{kind}:{key}")


def notice_id(duty: UUID, version: int, step: str) -> UUID:
    """The same for the same step, so that it is told once (N5)."""
    return uuid5(duty, f"{version}:{step}")


def opened(task: Task, *, due_on: date, at: datetime) -> Duty:
    return Duty(task.id, task, due_on, due_version=1, set_at=at, opened_at=at, next_at=at)


def set_again(duty: Duty, task: Task, *, due_on: date, at: datetime) -> Duty:
    """The duty as a later fact says it is. Another day or owner withdraws what has not been told."""
    is_open = duty.state is DutyState.OPEN
    if task.due_on is None and is_open and task.owner == duty.task.owner:
        due_on = duty.due_on
    changed = replace(duty, task=task, due_on=due_on)
    if is_open and due_on == duty.due_on and task.owner == duty.task.owner:
        return changed
    return replace(
        changed,
        due_version=duty.due_version + 1,
        set_at=at,
        opened_at=duty.opened_at if is_open else at,
        state=DutyState.OPEN,
        closed_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        quiet_until=None,
        next_at=at,
    )


def closed(duty: Duty, state: DutyState, *, at: datetime) -> Duty:
    """Done or withdrawn; a closed one stays as it was."""
    if duty.state is not DutyState.OPEN:
        return duty
    return replace(duty, state=state, closed_at=at, next_at=None)


def acknowledged(duty: Duty, *, by: UUID, until: date | None, at: datetime, today: date) -> Duty:
    """Silent from now on, or until a day (N2). A moved deadline ends the silence."""
    if duty.state is not DutyState.OPEN:
        raise DutyClosed(state=duty.state.value)
    if until is not None and not 0 < (until - today).days <= LONGEST_QUIET:
        raise QuietTooLong(today=today, longest=LONGEST_QUIET, pointer="/body/until")
    return replace(duty, acknowledged_at=at, acknowledged_by=by, quiet_until=until, next_at=at)


def told_of(duty: Duty) -> dict[str, str | int]:
    """The members that every notice of the duty carries."""
    members: dict[str, str | int] = {
        "duty_id": str(duty.id),
        "duty": str(duty.task.kind),
        "duty_name": duty.task.name,
        "due_on": duty.due_on.isoformat(),
        "due_version": duty.due_version,
    }
    for noun, record in (("project_id", duty.task.project_id), ("portfolio_id", duty.task.portfolio_id)):
        if record is not None:
            members[noun] = str(record)
    return members
