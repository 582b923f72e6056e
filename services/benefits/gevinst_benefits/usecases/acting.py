"""Realisation actions: planned, carried out or dropped, each by somebody and by a day (B8)."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.actions import (
    ActionKind,
    ActionState,
    is_overdue,
    refuse_odd_action,
    refuse_odd_step,
)
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.domain.plan.planned_years import anchored
from gevinst_benefits.domain.plan.timing import HangsOn, Timing, refuse_odd_anchor
from gevinst_benefits.events.actions import (
    ActionChanged,
    ActionDone,
    ActionDropped,
    ActionPlanned,
    ActionStarted,
    OfAction,
)
from gevinst_benefits.store import actions
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.plan_owners import PlanOwner, refuse_unknown_owner
from gevinst_benefits.usecases.planning import refuse_other_delivery, require_followed
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id

Json = dict[str, Any]
_FACTS: dict[ActionState, type[OfAction]] = {
    ActionState.PLANNED: ActionChanged,
    ActionState.STARTED: ActionStarted,
    ActionState.DONE: ActionDone,
    ActionState.DROPPED: ActionDropped,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of its own, or some months after a date of the project."""

    hangs_on: HangsOn
    offset_months: int = 0
    day: date | None = None
    delivery_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """What a planner says of an action."""

    kind: ActionKind
    name: str
    owner: PlanOwner
    deadline: Deadline
    other_kind: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What became of an action; `on` is the day it was done."""

    state: ActionState
    on: date | None = None
    reason: str | None = None
    follow_up: str | None = None


async def add_action(work: Work, benefit_id: UUID, draft: ActionDraft) -> tuple[UUID, Stored]:
    """Give the benefit an action; its id and record."""
    benefit = await require_followed(work, PLAN, benefit_id)
    await _refuse_odd(work, benefit, draft)
    refuse_too_many(await actions.count_of_benefit(work.connection, benefit_id))
    values = {**_columns(new_id(), benefit_id, draft), **_untouched()}
    record = await _record(work, ActionPlanned, benefit, values)
    created = {"created_by": work.actor.subject, "created_at": work.now}
    stored = await actions.RECORDS.add(work.connection, {**values, **created}, record)
    return values["id"], _today(work, stored)


async def change_action(work: Work, action_id: UUID, draft: ActionDraft, *, expected: int) -> Stored | None:
    """Change what is to be done by whom and when; None when it changed meanwhile."""
    row = await actions.RECORDS.row(work.connection, action_id, for_change=True)
    benefit = await require_followed(work, PLAN, row["benefit_id"])
    await _refuse_odd(work, benefit, draft)
    values = {**row, **_columns(action_id, benefit.id, draft)}
    record = await _record(work, ActionChanged, benefit, values)
    stored = await actions.RECORDS.change(work.connection, values, record, expected=expected)
    return None if stored is None else _today(work, stored)


async def take_step(work: Work, action_id: UUID, step: Step, *, expected: int) -> Stored | None:
    """Start, finish, drop the action, or take it up again; None when it changed meanwhile."""
    row = await actions.RECORDS.row(work.connection, action_id, for_change=True)
    benefit = await require_followed(work, PLAN, row["benefit_id"])
    day = step.on or work.today
    refuse_odd_step(ActionState(row["state"]), step.state, reason=step.reason, on=day, today=work.today)
    is_done = step.state is ActionState.DONE
    values = {
        **row,
        "state": step.state.value,
        "reason": step.reason,
        "done_on": day if is_done else None,
        "done_by": work.actor.subject if is_done else None,
        "follow_up": step.follow_up,
    }
    record = await _record(work, _FACTS[step.state], benefit, values, reason=step.reason)
    stored = await actions.RECORDS.change(work.connection, values, record, expected=expected)
    return None if stored is None else _today(work, stored)


def with_overdue(work: Work, members: Json) -> Json:
    """The action's members with whether it is overdue today."""
    day = members.get("due_on")
    due_on = None if day is None else date.fromisoformat(day)
    return {**members, "is_overdue": is_overdue(ActionState(members["state"]), due_on, today=work.today)}


def all_with_overdue(work: Work, items: str) -> str:
    """A page's actions, each with whether it is overdue today."""
    return json.dumps([with_overdue(work, members) for members in json.loads(items)], ensure_ascii=False)


async def get_action(work: Work, action_id: UUID) -> Stored:
    """The action as it is today, or `Unknown`."""
    return _today(work, await actions.RECORDS.get(work.connection, action_id))


def _today(work: Work, stored: Stored) -> Stored:
    members = with_overdue(work, json.loads(stored.document))
    return Stored(json.dumps(members, ensure_ascii=False), stored.revision)


async def _refuse_odd(work: Work, benefit: Benefit, draft: ActionDraft) -> None:
    owner, deadline = draft.owner, draft.deadline
    refuse_odd_action(
        kind=draft.kind, other=draft.other_kind, person_id=owner.person_id, unit_id=owner.unit_id
    )
    refuse_odd_anchor(deadline.hangs_on, deadline.offset_months, deadline.day, deadline.delivery_id)
    await refuse_unknown_owner(work, owner)
    await refuse_other_delivery(work, benefit.project_id, deadline.delivery_id)


async def _record(
    work: Work, kind: type[OfAction], benefit: Benefit, values: Json, *, reason: str | None = None
) -> Json:
    project = await dated_project(work, benefit.project_id)
    deadline = Timing(
        HangsOn(values["hangs_on"]), values["offset_months"], values["day"], values["delivery_id"]
    )
    told = ("name", "kind", "state", "owner_person_id", "owner_role", "owner_unit_id")
    fact = kind(
        project_id=benefit.project_id,
        benefit_id=benefit.id,
        benefit_name=benefit.name,
        action_id=values["id"],
        due_on=anchored(deadline, project),
        **{name: values[name] for name in told},
    )
    return recorded(work, fact, subject=subject_of("actions", values["id"]), reason=reason)


def _untouched() -> Json:
    nothing = dict.fromkeys(("reason", "done_on", "done_by", "follow_up"))
    return {"state": ActionState.PLANNED.value, **nothing}


def _columns(action_id: UUID, benefit_id: UUID, draft: ActionDraft) -> Json:
    return {
        "id": action_id,
        "benefit_id": benefit_id,
        "kind": draft.kind.value,
        "other_kind": draft.other_kind,
        "name": draft.name,
        "description": draft.description,
        "owner_person_id": draft.owner.person_id,
        "owner_role": draft.owner.role,
        "owner_unit_id": draft.owner.unit_id,
        "hangs_on": draft.deadline.hangs_on.value,
        "offset_months": draft.deadline.offset_months,
        "day": draft.deadline.day,
        "delivery_id": draft.deadline.delivery_id,
    }
