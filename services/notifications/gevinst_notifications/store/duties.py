"""Duties: what people must do by a day, and how far the reminders have come."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Date, Text, and_, bindparam, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState, PersonsDuty
from gevinst_notifications.tables.duties import duty
from gevinst_notifications.tables.register import project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ME = bindparam("person_id", type_=Uuid)
_DAY = bindparam("today", type_=Date)
_IN_UNIT = (
    select(unit.c.id)
    .where(
        unit.c.id == duty.c.owner_unit_id,
        role_assignment.c.scope_id == func.any(unit.c.path),
    )
    .correlate(duty, role_assignment)
    .exists()
)
_HELD = (
    select(role_assignment.c.id)
    .where(
        role_assignment.c.person_id == _ME,
        role_assignment.c.role == duty.c.owner_role,
        or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _DAY),
        or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _DAY),
        or_(
            role_assignment.c.scope_id.is_(None),
            role_assignment.c.scope_id == duty.c.project_id,
            role_assignment.c.scope_id == duty.c.portfolio_id,
            _IN_UNIT,
        ),
    )
    .correlate(duty)
    .exists()
)
_IN_PROJECT = or_(
    and_(duty.c.owner_role == literal_column("'project-owner'"), project.c.owner_id == _ME),
    and_(duty.c.owner_role == literal_column("'project-manager'"), project.c.manager_id == _ME),
)
_OF_PERSON = Query(
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
    .where(
        or_(duty.c.owner_person_id == _ME, and_(duty.c.owner_person_id.is_(None), or_(_HELD, _IN_PROJECT))),
        duty.c.state == func.any(bindparam("states", type_=ARRAY(Text))),
        duty.c.due_on >= bindparam("since", type_=Date),
    )
    .order_by(duty.c.due_on, duty.c.id)
    .limit(bindparam("limit"))
)


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
