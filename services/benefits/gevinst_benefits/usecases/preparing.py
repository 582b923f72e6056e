"""What must be in place for a benefit, and what can keep it away: whose it is, and what is done about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.domain.plan.prerequisites import (
    Level,
    PrerequisiteState,
    RiskState,
    is_pressing,
    risk_level,
)
from gevinst_benefits.events.prerequisites import (
    PrerequisiteChanged,
    PrerequisiteFailed,
    RiskChanged,
    RiskTurnedHigh,
)
from gevinst_benefits.store import prerequisites as store
from gevinst_benefits.usecases.plan_owners import PlanOwner, refuse_unknown_owner
from gevinst_benefits.usecases.planning import require_followed
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class PrerequisiteDraft:
    """What must be in place."""

    name: str
    owner: PlanOwner
    state: PrerequisiteState
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class RiskDraft:
    """What can keep the benefit away."""

    name: str
    owner: PlanOwner
    probability: Level
    consequence: Level
    state: RiskState
    measure: str | None = None


async def add_prerequisite(work: Work, benefit_id: UUID, draft: PrerequisiteDraft) -> tuple[UUID, Stored]:
    """Add what must be in place; its id and record."""
    benefit = await _prepared(work, benefit_id, draft.owner)
    refuse_too_many(await store.prerequisite_count(work.connection, benefit_id))
    values = _prerequisite(new_id(), benefit, draft)
    record = _prerequisite_record(work, benefit, values, before=None)
    return values["id"], await store.PREREQUISITES.add(work.connection, values | _made(work), record)


async def change_prerequisite(
    work: Work, prerequisite_id: UUID, draft: PrerequisiteDraft, *, expected: int
) -> Stored | None:
    """Change it, or say that it is met; None when it changed meanwhile."""
    row = await store.PREREQUISITES.row(work.connection, prerequisite_id, for_change=True)
    benefit = await _prepared(work, row["benefit_id"], draft.owner)
    values = _prerequisite(prerequisite_id, benefit, draft)
    record = _prerequisite_record(work, benefit, values, before=row)
    return await store.PREREQUISITES.change(work.connection, values, record, expected=expected)


async def add_risk(work: Work, benefit_id: UUID, draft: RiskDraft) -> tuple[UUID, Stored]:
    """Add what can keep the benefit away; its id and record."""
    benefit = await _prepared(work, benefit_id, draft.owner)
    refuse_too_many(await store.risk_count(work.connection, benefit_id))
    values = _risk(new_id(), benefit, draft)
    record = _risk_record(work, benefit, values, before=None)
    return values["id"], await store.RISKS.add(work.connection, values | _made(work), record)


async def change_risk(work: Work, risk_id: UUID, draft: RiskDraft, *, expected: int) -> Stored | None:
    """Change it, or what became of it; None when it changed meanwhile."""
    row = await store.RISKS.row(work.connection, risk_id, for_change=True)
    benefit = await _prepared(work, row["benefit_id"], draft.owner)
    values = _risk(risk_id, benefit, draft)
    record = _risk_record(work, benefit, values, before=row)
    return await store.RISKS.change(work.connection, values, record, expected=expected)


async def _prepared(work: Work, benefit_id: UUID, owner: PlanOwner) -> Benefit:
    benefit = await require_followed(work, PLAN, benefit_id)
    await refuse_unknown_owner(work, owner)
    return benefit


def _prerequisite(prerequisite_id: UUID, benefit: Benefit, draft: PrerequisiteDraft) -> dict[str, Any]:
    return {"id": prerequisite_id, **_columns(benefit, draft)}


def _risk(risk_id: UUID, benefit: Benefit, draft: RiskDraft) -> dict[str, Any]:
    return {
        "id": risk_id,
        **_columns(benefit, draft),
        "probability": draft.probability.value,
        "consequence": draft.consequence.value,
        "level": risk_level(draft.probability, draft.consequence).value,
    }


def _columns(benefit: Benefit, draft: PrerequisiteDraft | RiskDraft) -> dict[str, Any]:
    return {
        "benefit_id": benefit.id,
        "name": draft.name,
        "measure": draft.measure,
        "owner_person_id": draft.owner.person_id,
        "owner_role": draft.owner.role,
        "owner_unit_id": draft.owner.unit_id,
        "state": draft.state.value,
    }


def _made(work: Work) -> dict[str, Any]:
    return {"created_by": work.actor.subject, "created_at": work.now}


def _prerequisite_record(
    work: Work, benefit: Benefit, values: dict[str, Any], *, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    has_failed = values["state"] == PrerequisiteState.FAILED
    is_new = before is None or before["state"] != PrerequisiteState.FAILED
    fact = (PrerequisiteFailed if has_failed and is_new else PrerequisiteChanged)(
        project_id=benefit.project_id,
        benefit_id=benefit.id,
        benefit_name=benefit.name,
        owner_unit_id=benefit.owner.unit_id,
        prerequisite_id=values["id"],
        name=values["name"],
        state=values["state"],
        actor=work.actor.subject,
    )
    return recorded(work, fact, subject=subject_of("prerequisites", values["id"]))


def _risk_record(
    work: Work, benefit: Benefit, values: dict[str, Any], *, before: Mapping[str, Any] | None
) -> dict[str, Any]:
    was_pressing = before is not None and is_pressing(before["level"], before["state"])
    turned = is_pressing(values["level"], values["state"]) and not was_pressing
    fact = (RiskTurnedHigh if turned else RiskChanged)(
        project_id=benefit.project_id,
        benefit_id=benefit.id,
        benefit_name=benefit.name,
        owner_unit_id=benefit.owner.unit_id,
        risk_id=values["id"],
        name=values["name"],
        state=values["state"],
        level=values["level"],
        actor=work.actor.subject,
    )
    return recorded(work, fact, subject=subject_of("risks", values["id"]))
