"""Gates in the database: proposals, their frozen bases and their decisions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, cast, func, insert, literal_column, select

from gevinst_benefits.domain.gates.checklists import Answer, AnswerValue
from gevinst_benefits.domain.gates.frozen_basis import FrozenBasis
from gevinst_benefits.domain.gates.gates import Outcome, Progress, ProjectState, Proposal, Ruling
from gevinst_benefits.domain.gates.reviews import Panel
from gevinst_benefits.store.gate_documents import reopened_from
from gevinst_benefits.tables.gates import gate, gate_basis, gate_decision, gate_withdrawal
from gevinst_benefits.tables.reviews import gate_review
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Put:
    """A proposal as it was put, with what the database knows beside it.

    `outcome` and `pause_until` are its decision's, when there is one.
    """

    proposal: Proposal
    gate_name: str
    panel: Panel
    outcome: Outcome | None = None
    pause_until: date | None = None


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
        pause_until=c.pause_until,
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
        "reviewer_ids": c.reviewer_ids,
        "review_by": c.review_by,
        "follows_id": c.follows_id,
        "basis_sha256": c.basis_sha256,
        "proposed_by": c.proposed_by,
        "proposed_at": moment(c.proposed_at),
        "revision": c.revision,
    }


def _papers(c: Columns) -> dict[str, ColumnElement[Any]]:
    return {"business_case_id": c.business_case_id, "answers": c.answers, "difference": c.difference}


def proposed_document(c: Columns) -> ColumnElement[Any]:
    """`GateOut` of a gate that is not decided."""
    return document(
        **_summary(c),
        **_papers(c),
        is_decided=literal_column("false"),
        is_withdrawn=literal_column("false"),
        reviews=literal_column("'[]'::json"),
    )


def withdrawal_document(c: Columns) -> ColumnElement[Any]:
    """`WithdrawalOut`, as PostgreSQL writes it."""
    return document(reason=c.reason, withdrawn_by=c.withdrawn_by, withdrawn_at=moment(c.withdrawn_at))


def review_document(c: Columns) -> ColumnElement[Any]:
    """`ReviewOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        gate_id=c.gate_id,
        reviewer_id=c.reviewer_id,
        advice=c.advice,
        reason=c.reason,
        reviewed_by=c.reviewed_by,
        reviewed_at=moment(c.reviewed_at),
    )


def _reviews(c: Columns) -> ColumnElement[Any]:
    mine = (gate_review.c.organisation_id == c.organisation_id, gate_review.c.gate_id == c.id)
    found = select(documents(review_document(gate_review.c), gate_review.c.id)).where(*mine)
    return found.scalar_subquery()


_later, _later_decision = gate.alias("later"), gate_decision.alias("later_decision")


def _followed_by(c: Columns) -> ColumnElement[Any]:
    """The gate whose decision took the place of this one's; a decision itself never changes (G2)."""
    return (
        select(_later.c.id)
        .join(
            _later_decision,
            and_(
                _later_decision.c.organisation_id == _later.c.organisation_id,
                _later_decision.c.id == _later.c.id,
            ),
        )
        .where(_later.c.organisation_id == c.organisation_id, _later.c.follows_id == c.id)
        .limit(1)
        .scalar_subquery()
    )


_is_decided = gate_decision.c.id.is_not(None)
_is_withdrawn = gate_withdrawal.c.id.is_not(None)
_ended = gate.outerjoin(
    gate_decision,
    and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
).outerjoin(
    gate_withdrawal,
    and_(gate_withdrawal.c.organisation_id == gate.c.organisation_id, gate_withdrawal.c.id == gate.c.id),
)
_shown = (
    select(
        gate,
        _is_decided.label("is_decided"),
        case((_is_decided, decision_document(gate_decision.c))).label("decision"),
        _is_withdrawn.label("is_withdrawn"),
        case((_is_withdrawn, withdrawal_document(gate_withdrawal.c))).label("withdrawal"),
    )
    .select_from(_ended)
    .subquery()
)


def _outcome(c: Columns) -> dict[str, ColumnElement[Any]]:
    return {
        "is_decided": c.is_decided,
        "decision": c.decision,
        "is_withdrawn": c.is_withdrawn,
        "withdrawal": c.withdrawal,
        "followed_by": _followed_by(c),
    }


def summary_document(c: Columns) -> ColumnElement[Any]:
    """`GateSummaryOut`, as PostgreSQL writes it."""
    return document(**_summary(c), **_outcome(c))


def gate_document(c: Columns) -> ColumnElement[Any]:
    """`GateOut`, as PostgreSQL writes it."""
    return document(**_summary(c), **_papers(c), **_outcome(c), reviews=_reviews(c))


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
    select(
        gate,
        _is_decided.label("is_decided"),
        _is_withdrawn.label("is_withdrawn"),
        gate_decision.c.outcome.label("decided_outcome"),
        gate_decision.c.pause_until,
    )
    .select_from(_ended)
    .where(gate.c.id == bindparam("id"))
)
_OPEN = Query(
    select(_shown)
    .where(_shown.c.project_id == bindparam("project_id"), ~_shown.c.is_decided, ~_shown.c.is_withdrawn)
    .order_by(_shown.c.id.desc())
    .limit(20)
)
_LAST_OF_CODE = Query(
    select(gate.c.id)
    .join(
        gate_decision,
        and_(gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id),
    )
    .where(gate.c.project_id == bindparam("project_id"), gate.c.gate == bindparam("gate"))
    .order_by(gate_decision.c.decided_at.desc(), gate.c.id.desc())
    .limit(1)
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
        cast(gate_decision.c.pause_until, Text).label("pause_until"),
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
_WITHDRAW = outbox.insert(gate_withdrawal, withdrawal_document)


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
    decided = row["decided_outcome"]
    return Put(
        _proposal(dict(row)),
        row["gate_name"],
        Panel(tuple(row["reviewer_ids"]), row["review_by"]),
        None if decided is None else Outcome(decided),
        row["pause_until"],
    )


async def open_proposals(connection: Connection, project_id: UUID) -> Sequence[Proposal]:
    """The project's proposals that await a decision, the latest first."""
    return [_proposal(dict(row)) for row in await _OPEN.rows(connection, project_id=project_id)]


async def last_decided(connection: Connection, project_id: UUID, gate_code: str) -> UUID | None:
    """The project's gate of that code that was decided last: what a new decision would take the place of."""
    found: UUID | None = await _LAST_OF_CODE.value(connection, project_id=project_id, gate=gate_code)
    return found


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
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in await _PASSED.rows(connection, project_id=project_id)
    ]


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


async def add_withdrawal(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Insert the withdrawal with its event and audit row."""
    await _WITHDRAW.find(connection, **values, **record)


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
            reopened=reopened_from(row["reopened"]),
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
        is_withdrawn=row["is_withdrawn"],
    )
