"""Conditions in the database (G7)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select

from gevinst_benefits.domain.gates.conditions import UNSETTLED, Condition, ConditionState, SetCondition
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.projects import person
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def condition_document(c: Columns) -> ColumnElement[Any]:
    """`ConditionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        gate_id=c.gate_id,
        gate=c.gate,
        text=c.text,
        owner_id=c.owner_id,
        deadline=c.deadline,
        needs_confirmation=c.needs_confirmation,
        state=c.state,
        evidence=c.evidence,
        reported_by=c.reported_by,
        reported_at=moment(c.reported_at),
        settled_by=c.settled_by,
        settled_at=moment(c.settled_at),
        reason=c.reason,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def _is_of(subject: BindParameter[Any]) -> ColumnElement[bool]:
    mine = and_(
        person.c.organisation_id == condition.c.organisation_id,
        person.c.id == condition.c.owner_id,
        person.c.subject == subject,
    )
    return exists().select_from(person).where(mine)


LISTING = Listing(
    condition,
    condition_document,
    filters={
        "project": condition.c.project_id,
        "gate": condition.c.gate_id,
        "owner": condition.c.owner_id,
        "state": condition.c.state,
        "subject": _is_of,
        "due": lambda day: condition.c.deadline <= day,
    },
    sorts={"deadline": condition.c.deadline, "id": condition.c.id},
)
_CHANGEABLE = (
    "state",
    "evidence",
    "reported_by",
    "reported_at",
    "settled_by",
    "settled_at",
    "reason",
)
RECORDS = Records(outbox, condition, condition_document, changeable=_CHANGEABLE)
_OWNED = select(condition, person.c.subject.label("owner_subject")).join(
    person,
    and_(person.c.organisation_id == condition.c.organisation_id, person.c.id == condition.c.owner_id),
)
_HELD = Query(_OWNED.where(condition.c.id == bindparam("id")).with_for_update(of=condition))
_UNSETTLED = Query(
    _OWNED.where(
        condition.c.project_id == bindparam("project_id"),
        or_(*(condition.c.state == state.value for state in UNSETTLED)),
    )
    .order_by(condition.c.id)
    .with_for_update(of=condition)
)
_OF_PROJECT = Query(_OWNED.where(condition.c.project_id == bindparam("project_id")).order_by(condition.c.id))


async def find_held(connection: Connection, condition_id: UUID) -> Mapping[str, Any] | None:
    """The condition by column with `owner_subject`, held until the transaction ends."""
    row = await _HELD.find(connection, id=condition_id)
    return None if row is None else dict(row)


async def unsettled(connection: Connection, project_id: UUID) -> Sequence[Mapping[str, Any]]:
    """The project's conditions that are open or reported, held until the transaction ends."""
    return [dict(row) for row in await _UNSETTLED.rows(connection, project_id=project_id)]


async def of_project(connection: Connection, project_id: UUID) -> Sequence[SetCondition]:
    """Every condition that was set for the project, in their order."""
    return [condition_from(dict(row)) for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


def condition_from(row: Mapping[str, Any]) -> SetCondition:
    """The domain's condition of a row."""
    return SetCondition(
        id=row["id"],
        condition=Condition(
            row["text"], str(row["owner_id"]), row["deadline"], needs_confirmation=row["needs_confirmation"]
        ),
        owner_subject=row["owner_subject"],
        state=ConditionState(row["state"]),
        evidence=row["evidence"],
        reported_by=row["reported_by"],
        reported_at=row["reported_at"],
        settled_by=row["settled_by"],
        settled_at=row["settled_at"],
        reason=row["reason"],
    )


def columns_of(found: SetCondition) -> dict[str, Any]:
    """What may change of a condition, with its id."""
    return {
        "id": found.id,
        "state": found.state.value,
        **{name: getattr(found, name) for name in _CHANGEABLE if name != "state"},
    }
