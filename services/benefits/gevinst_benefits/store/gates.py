"""Gates in the database: proposals, their frozen bases and their decisions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, cast, func, insert, literal_column, select

from gevinst_benefits.domain.checklists import Answer, AnswerValue
from gevinst_benefits.domain.frozen_basis import FrozenBasis
from gevinst_benefits.domain.gates import Outcome, Progress, ProjectState, Proposal, Ruling
from gevinst_benefits.tables.gates import gate, gate_basis, gate_decision
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Put:
    """A proposal as it was put, with what the database knows beside it."""

    proposal: Proposal
    gate_name: str


@dataclass(frozen=True, slots=True)
class Before:
    """The gate decided before: what it stood on."""

    gate_id: UUID
    basis: FrozenBasis
    business_case_id: UUID | None


def _ruling(c: Columns) -> ColumnElement[Any]:
    return document(outcome=c.outcome, reason=c.reason, conditions=c.conditions, step_back_to=c.step_back_to)


def decision_document(c: Columns) -> ColumnElement[Any]:
    """`DecisionOut`, as PostgreSQL writes it."""
    return document(
        gate_id=c.id,
        outcome=c.outcome,
        reason=c.reason,
        conditions=c.conditions,
        step_back_to=c.step_back_to,
        case_number=c.case_number,
        phase=c.phase,
        round=c.round,
        project_state=c.project_state,
        benefits=c.benefits,
        decided_by=c.decided_by,
        decided_at=moment(c.decided_at),
    )


def _summary(c: Columns) -> dict[str, ColumnElement[Any]]:
    return {
        "id": c.id,
        "organisation": c.organisation_id,
        "project_id": c.project_id,
        "gate": c.gate,
        "gate_name": c.gate_name,
        "phase": c.phase,
        "round": c.round,
        "recommended": _ruling(c),
        "decide_by": c.decide_by,
        "basis_sha256": c.basis_sha256,
        "proposed_by": c.proposed_by,
        "proposed_at": moment(c.proposed_at),
        "revision": c.revision,
    }


def _papers(c: Columns) -> dict[str, ColumnElement[Any]]:
    return {"business_case_id": c.business_case_id, "answers": c.answers, "difference": c.difference}


def proposed_document(c: Columns) -> ColumnElement[Any]:
    """`GateOut` of a gate that is not decided."""
    return document(**_summary(c), **_papers(c), is_decided=literal_column("false"))


_is_decided = gate_decision.c.id.is_not(None)
_decision = case((_is_decided, decision_document(gate_decision.c)))
_shown = (
    select(gate, _is_decided.label("is_decided"), _decision.label("decision"))
    .outerjoin(
        gate_decision,
        and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
    )
    .subquery()
)


def summary_document(c: Columns) -> ColumnElement[Any]:
    """`GateSummaryOut`, as PostgreSQL writes it."""
    return document(**_summary(c), is_decided=c.is_decided, decision=c.decision)


def gate_document(c: Columns) -> ColumnElement[Any]:
    """`GateOut`, as PostgreSQL writes it."""
    return document(**_summary(c), **_papers(c), is_decided=c.is_decided, decision=c.decision)


LISTING = Listing(
    _shown,
    summary_document,
    filters={"project": _shown.c.project_id, "decided": _shown.c.is_decided},
    sorts={"id": _shown.c.id},
)
_GET = Query(
    select(gate_document(_shown.c).label("document"), _shown.c.revision).where(_shown.c.id == bindparam("id"))
)
_ROW = Query(
    select(gate, _is_decided.label("is_decided"))
    .outerjoin(
        gate_decision,
        and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
    )
    .where(gate.c.id == bindparam("id"))
)
_OPEN = Query(
    select(_shown)
    .where(_shown.c.project_id == bindparam("project_id"), ~_shown.c.is_decided)
    .order_by(_shown.c.id.desc())
    .limit(20)
)
_BASIS = Query(select(gate_basis.c.canonical, gate_basis.c.sha256).where(gate_basis.c.id == bindparam("id")))
_BEFORE = Query(
    select(gate.c.id, gate.c.business_case_id, gate_basis.c.canonical, gate_basis.c.sha256)
    .join(
        gate_decision,
        and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
    )
    .join(
        gate_basis, and_(gate_basis.c.organisation_id == gate.c.organisation_id, gate_basis.c.id == gate.c.id)
    )
    .where(gate.c.project_id == bindparam("project_id"))
    .order_by(gate_decision.c.decided_at.desc(), gate.c.id.desc())
    .limit(1)
)
_PASSED = Query(
    select(
        cast(gate.c.id, Text).label("gate_id"),
        gate.c.gate,
        gate.c.gate_name,
        gate.c.phase,
        gate_decision.c.outcome,
        func.to_char(
            func.timezone(literal_column("'UTC'"), gate_decision.c.decided_at), literal_column("'YYYY-MM-DD'")
        ).label("decided_on"),
    )
    .join(
        gate_decision,
        and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
    )
    .where(gate.c.project_id == bindparam("project_id"))
    .order_by(gate_decision.c.decided_at.desc(), gate.c.id.desc())
    .limit(100)
)
_ADD = outbox.insert(gate, proposed_document)
_FREEZE = Query(
    insert(gate_basis).values({column.name: bindparam(column.name) for column in gate_basis.columns})
)
_DECIDE = outbox.insert(gate_decision, decision_document)


async def get_document(connection: Connection, gate_id: UUID) -> Stored:
    """The gate's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=gate_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_proposal(connection: Connection, gate_id: UUID) -> Put:
    """The gate as it was proposed, and whether it is decided; or `Unknown`."""
    row = await _ROW.find(connection, id=gate_id)
    if row is None:
        raise Unknown
    return Put(_proposal(dict(row)), row["gate_name"])


async def open_proposals(connection: Connection, project_id: UUID) -> Sequence[Proposal]:
    """The project's proposals that await a decision, the latest first."""
    return [_proposal(dict(row)) for row in await _OPEN.rows(connection, project_id=project_id)]


async def get_basis(connection: Connection, gate_id: UUID) -> FrozenBasis:
    """What the gate stands on, or `Unknown`."""
    row = await _BASIS.find(connection, id=gate_id)
    if row is None:
        raise Unknown
    return FrozenBasis(row["canonical"], row["sha256"])


async def find_before(connection: Connection, project_id: UUID) -> Before | None:
    """The project's gate that was decided last."""
    row = await _BEFORE.find(connection, project_id=project_id)
    if row is None:
        return None
    return Before(row["id"], FrozenBasis(row["canonical"], row["sha256"]), row["business_case_id"])


async def passed_gates(connection: Connection, project_id: UUID) -> Sequence[Mapping[str, Any]]:
    """`PassedGateOut` of the project's decided gates, the latest first."""
    return [dict(row) for row in await _PASSED.rows(connection, project_id=project_id)]


async def add_gate(
    connection: Connection, values: Mapping[str, Any], basis: FrozenBasis, record: Mapping[str, Any]
) -> Stored:
    """Insert the proposal with its frozen basis, event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    await _FREEZE.run(
        connection,
        organisation_id=record["organisation_id"],
        id=values["id"],
        canonical=basis.canonical,
        sha256=basis.sha256,
    )
    return Stored(row["document"], row["revision"])


async def add_decision(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the decision with its event and audit row."""
    row = await _DECIDE.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


def _proposal(row: Mapping[str, Any]) -> Proposal:
    return Proposal(
        id=row["id"],
        gate=row["gate"],
        progress=Progress(
            project_id=row["project_id"],
            phase=row["phase"],
            round=row["round"],
            state=ProjectState(row["state"]),
            skipped_phases=frozenset(row["skipped_phases"]),
        ),
        recommended=Ruling(Outcome(row["outcome"]), row["reason"], step_back_to=row["step_back_to"]),
        answers=tuple(
            Answer(answer["item"], AnswerValue(answer["value"]), answer.get("reason", ""))
            for answer in json.loads(row["answers"])
        ),
        basis_sha256=row["basis_sha256"],
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        is_decided=row["is_decided"],
    )
