"""Handovers in the database (G9)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, any_, bindparam, exists, or_, select

from gevinst_benefits.domain.gates.handovers import (
    Handover,
    HandoverPaper,
    HandoverState,
    Paper,
    PaperState,
    Readiness,
)
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.handovers import handover
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.projects import person, project, role_assignment, unit
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import ScopeKind


def handover_document(c: Columns) -> ColumnElement[Any]:
    """`HandoverOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        receiving_unit_id=c.receiving_unit_id,
        state=c.state,
        papers=c.papers,
        offered_by=c.offered_by,
        offered_at=moment(c.offered_at),
        settled_by=c.settled_by,
        settled_at=moment(c.settled_at),
        reason=c.reason,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    handover,
    handover_document,
    filters={"project": handover.c.project_id},
    sorts={"id": handover.c.id},
)
_CHANGEABLE = ("state", "papers", "offered_by", "offered_at", "settled_by", "settled_at", "reason")
RECORDS = Records(outbox, handover, handover_document, changeable=_CHANGEABLE)
_OPEN = Query(
    select(handover)
    .where(
        handover.c.project_id == bindparam("project_id"),
        or_(handover.c.state == "draft", handover.c.state == "offered"),
    )
    .with_for_update()
)
_today = bindparam("today", type_=role_assignment.c.valid_from.type)
_has_holder = (
    exists()
    .select_from(
        role_assignment.join(
            unit,
            and_(
                unit.c.organisation_id == role_assignment.c.organisation_id,
                role_assignment.c.scope_id == any_(unit.c.path),
            ),
        )
    )
    .where(
        unit.c.organisation_id == benefit.c.organisation_id,
        unit.c.id == benefit.c.owner_unit_id,
        role_assignment.c.role == benefit.c.owner_role,
        role_assignment.c.scope == ScopeKind.UNIT.value,
        or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
        or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
    )
)
_has_indicator = (
    exists()
    .select_from(indicator)
    .where(indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id)
)
_READINESS = Query(
    select(
        benefit.c.id,
        benefit.c.name,
        benefit.c.state,
        _has_indicator.label("has_indicator"),
        _has_holder.label("has_holder"),
    )
    .where(
        benefit.c.project_id == bindparam("project_id"),
        or_(benefit.c.state == "proposed", benefit.c.state == "confirmed"),
    )
    .order_by(benefit.c.id)
)
_MANAGER = Query(
    select(person.c.subject)
    .join(
        project,
        and_(project.c.organisation_id == person.c.organisation_id, project.c.manager_id == person.c.id),
    )
    .where(project.c.id == bindparam("project_id"))
)


async def readiness(connection: Connection, project_id: UUID, *, today: date) -> Sequence[Readiness]:
    """The project's open benefits as the line would take them over on a day."""
    return [
        Readiness(
            benefit_id=row["id"],
            name=row["name"],
            has_indicator=row["has_indicator"],
            is_confirmed=row["state"] == "confirmed",
            has_holder=row["has_holder"],
        )
        for row in await _READINESS.rows(connection, project_id=project_id, today=today)
    ]


async def find_open(connection: Connection, project_id: UUID) -> Mapping[str, Any] | None:
    """The project's handover that is not settled, by column, held until the transaction ends."""
    row = await _OPEN.find(connection, project_id=project_id)
    return None if row is None else dict(row)


async def manager_of(connection: Connection, project_id: UUID) -> str | None:
    """The subject of the project's manager, if one is named."""
    found: str | None = await _MANAGER.value(connection, project_id=project_id)
    return found


def handover_from(row: Mapping[str, Any]) -> Handover:
    """The domain's handover of a row."""
    return Handover(
        id=row["id"],
        state=HandoverState(row["state"]),
        papers=tuple(
            HandoverPaper(Paper(one["paper"]), PaperState(one["state"]), one.get("link"), one.get("reason"))
            for one in json.loads(row["papers"])
        ),
        offered_by=row["offered_by"],
        offered_at=row["offered_at"],
        settled_by=row["settled_by"],
        settled_at=row["settled_at"],
        reason=row["reason"],
    )


def columns_of(found: Handover) -> dict[str, Any]:
    """What may change of a handover, with its id."""
    return {
        "id": found.id,
        "state": found.state.value,
        "papers": [_paper_json(one) for one in found.papers],
        "offered_by": found.offered_by,
        "offered_at": found.offered_at,
        "settled_by": found.settled_by,
        "settled_at": found.settled_at,
        "reason": found.reason,
    }


def _paper_json(paper: HandoverPaper) -> dict[str, str]:
    members = {"paper": paper.paper.value, "state": paper.state.value}
    members |= {} if paper.link is None else {"link": paper.link}
    return members | ({} if paper.reason is None else {"reason": paper.reason})
