"""Measures that a report proposes: decided or declined by another, and followed up (B13, G3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.monthly_reports import (
    FollowUpMissing,
    MeasureNotDecided,
    MeasureSettled,
    MeasureState,
    ProposerDecidesMeasure,
    ReportSubmitted,
)
from gevinst_benefits.domain.permissions import DECIDE_MEASURE, FOLLOW_MEASURE
from gevinst_benefits.domain.projects import PersonNotKnown
from gevinst_benefits.events.monthly_reports import (
    MeasureDecided,
    MeasureFollowedUp,
    MeasureProposed,
    OfMeasure,
)
from gevinst_benefits.store.monthly_reports import MEASURE_RECORDS
from gevinst_benefits.store.projects import get_project, known_people
from gevinst_benefits.usecases.reporting import held_report
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission
from gevinst_shared.values.ids import new_id

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureRuling:
    """What was decided: with an owner and a deadline, or declined without."""

    is_decided: bool
    reason: str
    owner_id: UUID | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a decided measure goes."""

    state: MeasureState
    owner_id: UUID
    deadline: date
    note: str | None = None


async def propose(work: Work, report_id: UUID, text: str) -> tuple[UUID, Stored]:
    """Propose a measure with a report that is not submitted yet; its id and record."""
    report = await held_report(work, report_id)
    if report["state"] != "draft":
        raise ReportSubmitted
    measure_id = new_id()
    values = {
        "id": measure_id,
        "project_id": report["project_id"],
        "report_id": report_id,
        "text": text,
        "state": MeasureState.PROPOSED.value,
        "proposed_by": work.actor.subject,
        "created_at": work.now,
        **dict.fromkeys(
            ("decision_reason", "decided_by", "decided_at", "owner_id", "deadline", "note"),
        ),
    }
    fact = MeasureProposed(measure_id, report["project_id"], text, MeasureState.PROPOSED.value)
    record = recorded(work, fact, subject=subject_of("measures", measure_id))
    return measure_id, await MEASURE_RECORDS.add(work.connection, values, record)


async def decide(work: Work, measure_id: UUID, ruling: MeasureRuling) -> Stored:
    """Decide or decline a proposed measure, once, as somebody other than the proposer (G3)."""
    row = await _held(work, measure_id, DECIDE_MEASURE)
    if row["state"] != MeasureState.PROPOSED:
        raise MeasureSettled(state=row["state"])
    if row["proposed_by"] == work.actor.subject:
        raise ProposerDecidesMeasure
    has_owner = ruling.owner_id is not None and ruling.deadline is not None
    has_either = ruling.owner_id is not None or ruling.deadline is not None
    if ruling.is_decided != has_owner or ruling.is_decided != has_either:
        raise FollowUpMissing
    await _refuse_unknown_owner(work, ruling.owner_id)
    state = MeasureState.DECIDED if ruling.is_decided else MeasureState.DECLINED
    new = {
        "state": state.value,
        "decision_reason": ruling.reason,
        "decided_by": work.actor.subject,
        "decided_at": work.now,
        "owner_id": ruling.owner_id,
        "deadline": ruling.deadline,
    }
    fact = MeasureDecided(
        measure_id, row["project_id"], row["text"], state.value, ruling.owner_id, ruling.deadline
    )
    stored = await _changed(work, {**row, **new}, fact, reason=ruling.reason, expected=None)
    assert stored is not None  # the row is held
    return stored


async def follow_up(work: Work, measure_id: UUID, said: FollowUp, *, expected: int) -> Stored | None:
    """Say how a decided measure goes; None when it is not at revision `expected` any more."""
    row = await _held(work, measure_id, FOLLOW_MEASURE)
    if row["state"] in {MeasureState.PROPOSED, MeasureState.DECLINED}:
        raise MeasureNotDecided(state=row["state"])
    await _refuse_unknown_owner(work, said.owner_id)
    new = {
        "state": said.state.value,
        "owner_id": said.owner_id,
        "deadline": said.deadline,
        "note": said.note,
    }
    fact = MeasureFollowedUp(measure_id, row["project_id"], row["text"], said.state.value)
    return await _changed(work, {**row, **new}, fact, reason=said.note, expected=expected)


async def _held(work: Work, measure_id: UUID, permission: Permission) -> Json:
    row = await MEASURE_RECORDS.row(work.connection, measure_id, for_change=True)
    work.require(permission, (await get_project(work.connection, row["project_id"])).place())
    return row


async def _refuse_unknown_owner(work: Work, owner_id: UUID | None) -> None:
    if owner_id is not None and not await known_people(work.connection, [owner_id]):
        raise PersonNotKnown(person=owner_id, pointer="/body/owner_id")


async def _changed(
    work: Work, values: Json, fact: OfMeasure, *, reason: str | None, expected: int | None
) -> Stored | None:
    record = recorded(work, fact, subject=subject_of("measures", fact.measure_id), reason=reason)
    return await MEASURE_RECORDS.change(work.connection, values, record, expected=expected)
