"""Following up what decisions ask for: met, confirmed, waived, or lapsed (G7)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import conditions as domain
from gevinst_benefits.domain.gates.conditions import Condition, ConditionState, SetCondition
from gevinst_benefits.domain.gates.gates import Decision, Outcome, ProjectState, Reopened, reopen
from gevinst_benefits.domain.permissions import CONFIRM_CONDITION, DECIDE_GATE
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.conditions import (
    ConditionClosed,
    ConditionLapsed,
    ConditionMet,
    ConditionRejected,
    ConditionReported,
    ConditionSet,
    ConditionWaived,
    OfCondition,
)
from gevinst_benefits.store import conditions as store
from gevinst_benefits.store.alarms import set_alarm
from gevinst_benefits.store.gates import get_proposal
from gevinst_benefits.store.progress import find_progress, move_progress
from gevinst_benefits.store.projects import get_project
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_ends
from gevinst_shared.values.refusal import Unknown


async def set_conditions(work: Work, project: Project, decision: Decision) -> None:
    """Follow each condition of a decision up from now on, until the end of its last day."""
    for condition in decision.ruling.conditions:
        await _set(work, project, decision, condition)


async def refuse_open(work: Work, project_id: UUID, gate: str, outcome: Outcome) -> None:
    """G7: a plain go of a gate waits for what its last decision asked for."""
    if outcome is not Outcome.GO:
        return
    rows = await store.unsettled(work.connection, project_id)
    domain.refuse_open_conditions([store.condition_from(row) for row in rows if row["gate"] == gate])


async def close_conditions(work: Work, project: Project) -> None:
    """G6: with the stop of a project nothing is asked of anybody any more."""
    for row in await store.unsettled(work.connection, project.id):
        closed = domain.close(store.condition_from(row), by=work.actor.subject, at=work.now)
        await _changed(work, project, row, closed, ConditionClosed)


async def report(work: Work, condition_id: UUID, *, evidence: str, expected: int) -> Stored | None:
    """The owner says that the condition is met, and by what it shows."""
    row, project = await _held(work, condition_id)
    met = domain.report_met(store.condition_from(row), by=work.actor.subject, evidence=evidence, at=work.now)
    fact = ConditionMet if met.state is ConditionState.MET else ConditionReported
    return await _changed(work, project, row, met, fact, expected=expected)


async def confirm(
    work: Work, condition_id: UUID, *, is_met: bool, reason: str | None, expected: int
) -> Stored | None:
    """Somebody other than its owner confirms that the condition is met, or that it is not."""
    row, project = await _held(work, condition_id)
    work.require(CONFIRM_CONDITION, project.place())
    found = domain.confirm_met(
        store.condition_from(row), by=work.actor.subject, is_met=is_met, reason=reason, at=work.now
    )
    fact = ConditionMet if is_met else ConditionRejected
    if not is_met:
        # The deadline may have passed while the report waited.
        await set_alarm(
            work, "condition-lapses", condition_id, rings_at=day_ends(work.organisation, row["deadline"])
        )
    return await _changed(work, project, row, found, fact, expected=expected, reason=reason)


async def waive(work: Work, condition_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """A decider lets the condition go."""
    row, project = await _held(work, condition_id)
    work.require(DECIDE_GATE, project.place())
    waived = domain.waive(store.condition_from(row), by=work.actor.subject, reason=reason, at=work.now)
    return await _changed(work, project, row, waived, ConditionWaived, expected=expected, reason=reason)


async def lapse(work: Work, condition_id: UUID) -> None:
    """The deadline is over: what is still open has lapsed, and the go that rested on it is reopened."""
    row, project = await _held(work, condition_id)
    lapsed = domain.lapse(store.condition_from(row), by=work.actor.subject, at=work.now)
    if lapsed is None:
        return
    reopens = await _reopen(work, row)
    await _changed(work, project, row, lapsed, ConditionLapsed, reopens_gate=reopens)


async def _reopen(work: Work, row: Mapping[str, Any]) -> bool:
    put = await get_proposal(work.connection, row["gate_id"])
    kept = await find_progress(work.connection, row["project_id"], for_change=True)
    if put.outcome is not Outcome.GO_WITH_CONDITIONS or kept is None:
        return False
    if put.proposal.gate not in {gate.code for gate in kept.model.gates}:
        return False  # the project has been moved to a model without that gate
    gate = Reopened(
        row["gate_id"],
        put.proposal.gate,
        kept.model.phase_of(put.proposal.gate).code,
        kept.progress.state,
    )
    moved = reopen(kept.progress, kept.model, gate)
    await move_progress(work.connection, moved)
    return moved.reopened is not None and moved.state is not ProjectState.STOPPED


async def _set(work: Work, project: Project, decision: Decision, condition: Condition) -> None:
    condition_id = new_id()
    gate = decision.proposal
    values = {
        "id": condition_id,
        "project_id": project.id,
        "gate_id": gate.id,
        "gate": gate.gate,
        "text": condition.text,
        "owner_id": UUID(condition.owner),
        "deadline": condition.deadline,
        "needs_confirmation": condition.needs_confirmation,
        "state": ConditionState.OPEN.value,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    values |= dict.fromkeys(("evidence", "reported_by", "reported_at", "settled_by", "settled_at", "reason"))
    fact = ConditionSet(**_facts(project, values), state=ConditionState.OPEN.value)
    record = recorded(work, fact, subject=subject_of("conditions", condition_id))
    await store.RECORDS.add(work.connection, values, record)
    rings_at = day_ends(work.organisation, condition.deadline)
    await set_alarm(work, "condition-lapses", condition_id, rings_at=rings_at)


async def _held(work: Work, condition_id: UUID) -> tuple[Mapping[str, Any], Project]:
    row = await store.RECORDS.row(work.connection, condition_id)
    # The project's progress is held before its conditions, in every use case: so nobody waits in a circle.
    await find_progress(work.connection, row["project_id"], for_change=True)
    held = await store.find_held(work.connection, condition_id)
    if held is None:
        raise Unknown
    return held, await get_project(work.connection, held["project_id"])


async def _changed(
    work: Work,
    project: Project,
    row: Mapping[str, Any],
    changed: SetCondition,
    kind: type[OfCondition],
    *,
    expected: int | None = None,
    **more: Any,
) -> Stored | None:
    said = {name: value for name, value in more.items() if value is not None and name in _members(kind)}
    fact = kind(**_facts(project, row), state=changed.state.value, **said)
    subject = subject_of("conditions", changed.id)
    record = recorded(work, fact, subject=subject, reason=more.get("reason"))
    return await store.RECORDS.change(work.connection, store.columns_of(changed), record, expected=expected)


def _members(kind: type[OfCondition]) -> frozenset[str]:
    return frozenset(kind.__dataclass_fields__)


def _facts(project: Project, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "project_name": project.name,
        "gate_id": row["gate_id"],
        "gate": row["gate"],
        "condition_id": row["id"],
        "text": row["text"],
        "owner_id": row["owner_id"],
        "deadline": row["deadline"],
    }
