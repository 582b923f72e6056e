"""Duties: what people must do by a day, and how far the reminders have come."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState, PersonsDuty
from gevinst_notifications.tables.duties import duty
from gevinst_notifications.tables.register import project, role_assignment, unit
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def _own(me: ColumnElement[Any], today: ColumnElement[Any]) -> Select[Any]:
    """What a person must do themselves, or holds the role for on a day."""
    in_unit = (
        select(unit.c.id)
        .where(unit.c.id == duty.c.owner_unit_id, role_assignment.c.scope_id == func.any(unit.c.path))
        .correlate(duty, role_assignment)
        .exists()
    )
    held = (
        select(role_assignment.c.id)
        .where(
            role_assignment.c.person_id == me,
            role_assignment.c.role == duty.c.owner_role,
            or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= today),
            or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > today),
            or_(
                role_assignment.c.scope_id.is_(None),
                role_assignment.c.scope_id == duty.c.project_id,
                role_assignment.c.scope_id == duty.c.portfolio_id,
                in_unit,
            ),
        )
        .correlate(duty)
        .exists()
    )
    in_project = or_(
        and_(duty.c.owner_role == literal_column("'project-owner'"), project.c.owner_id == me),
        and_(duty.c.owner_role == literal_column("'project-manager'"), project.c.manager_id == me),
    )
    return (
        select(
            duty.c.id,
            duty.c.kind,
            duty.c.subject,
            duty.c.name,
            duty.c.project_id,
            project.c.name.label("project_name"),
            duty.c.due_on,
            duty.c.due_version,
            duty.c.state,
        )
        .outerjoin(
            project,
            (project.c.organisation_id == duty.c.organisation_id) & (project.c.id == duty.c.project_id),
        )
        .where(or_(duty.c.owner_person_id == me, and_(duty.c.owner_person_id.is_(None), held | in_project)))
    )


_OF_PERSON = Query(
    _own(bindparam("person_id", type_=Uuid), bindparam("today", type_=Date))
    .where(
        duty.c.state == func.any(bindparam("states", type_=ARRAY(Text))),
        duty.c.due_on >= bindparam("since", type_=Date),
    )
    .order_by(duty.c.due_on, duty.c.id)
    .limit(bindparam("limit"))
)
_OWN = _own(bindparam("filter_person", type_=Uuid), bindparam("filter_today", type_=Date)).subquery("own")


def duty_document(c: Columns) -> ColumnElement[Any]:
    """`DutyOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        kind=c.kind,
        name=c.name,
        subject=c.subject,
        project_id=c.project_id,
        portfolio_id=c.portfolio_id,
        benefit_id=c.benefit_id,
        owner_person_id=c.owner_person_id,
        owner_role=c.owner_role,
        owner_unit_id=c.owner_unit_id,
        due_on=c.due_on,
        due_version=c.due_version,
        set_at=moment(c.set_at),
        state=c.state,
        opened_at=moment(c.opened_at),
        closed_at=moment(c.closed_at),
        acknowledged_at=moment(c.acknowledged_at),
        acknowledged_by=c.acknowledged_by,
        quiet_until=c.quiet_until,
        next_at=moment(c.next_at),
        revision=c.revision,
    )


LISTING = Listing(
    duty,
    duty_document,
    filters={
        "state": duty.c.state,
        "kind": duty.c.kind,
        "project": duty.c.project_id,
        "benefit": duty.c.benefit_id,
        "person": duty.c.owner_person_id,
        "due_before": lambda day: duty.c.due_on < cast(day, Date),
    },
    sorts={"due": duty.c.due_on, "id": duty.c.id},
)


def _own_document(c: Columns) -> ColumnElement[Any]:
    """`OwnDutyOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        kind=c.kind,
        subject=c.subject,
        name=c.name,
        project_id=c.project_id,
        project_name=c.project_name,
        due_on=c.due_on,
        due_version=c.due_version,
        state=c.state,
    )


# `person` and `today` say whose they are; they stand in the list itself.
OWN = Listing(
    _OWN,
    _own_document,
    filters={
        "person": lambda person: cast(person, Uuid).is_not(None),
        "today": lambda day: cast(day, Date).is_not(None),
        "state": _OWN.c.state,
        "kind": _OWN.c.kind,
        "project": _OWN.c.project_id,
        "due_before": lambda day: _OWN.c.due_on < cast(day, Date),
    },
    sorts={"due": _OWN.c.due_on, "id": _OWN.c.id},
)
_GET = Query(
    select(duty_document(duty.c).label("document"), duty.c.revision).where(duty.c.id == bindparam("id"))
)


async def get_document(connection: Connection, duty_id: UUID) -> Stored:
    """The duty's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=duty_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def list_of_person(
    connection: Connection,
    person_id: UUID,
    *,
    today: date,
    since: date = date.min,
    states: Sequence[DutyState] = (DutyState.OPEN,),
    limit: int = 1000,
) -> list[PersonsDuty]:
    """What the person must do themselves, or holds the role for on the day `today`, by due day.

    Only what is due on `since` or later; with other `states` also what is done or withdrawn, which a
    calendar shows as cancelled.
    """
    rows = await _OF_PERSON.rows(
        connection,
        person_id=person_id,
        today=today,
        since=since,
        states=[str(state) for state in states],
        limit=limit,
    )
    return [
        PersonsDuty(
            **{
                name: row[name]
                for name in ("id", "subject", "name", "project_id", "project_name", "due_on", "due_version")
            },
            kind=DutyKind(row["kind"]),
            state=DutyState(row["state"]),
        )
        for row in rows
    ]
