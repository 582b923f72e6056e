"""Who holds which role where, in the database."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, exists, null, or_, select

from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.store.boards import is_held as is_seat_held
from gevinst_portfolio.tables.boards import board_seat
from gevinst_portfolio.tables.organisations import person, role_assignment, unit
from gevinst_portfolio.tables.projects import portfolio, programme, project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.values.refusal import Unknown


def role_assignment_document(c: Columns) -> ColumnElement[Any]:
    """`RoleAssignmentOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        person_id=c.person_id,
        role=c.role,
        scope=c.scope,
        scope_id=c.scope_id,
        valid_from=c.valid_from,
        valid_until=c.valid_until,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, role_assignment, role_assignment_document, changeable=("valid_until",))
LISTING = Listing(
    role_assignment,
    role_assignment_document,
    filters={
        "person": role_assignment.c.person_id,
        "role": role_assignment.c.role,
        "scope": role_assignment.c.scope,
        "place": role_assignment.c.scope_id,
    },
    sorts={"id": role_assignment.c.id},
)
_PLACES = {
    ScopeKind.UNIT: unit,
    ScopeKind.PORTFOLIO: portfolio,
    ScopeKind.PROGRAMME: programme,
    ScopeKind.PROJECT: project,
}
_PLACE = {
    scope: Query(
        select(table.c.get("merged_into_id", null()).label("merged_into_id")).where(
            table.c.id == bindparam("id")
        )
    )
    for scope, table in _PLACES.items()
}
_HELD = Query(
    select(role_assignment, person.c.subject)
    .join(
        person,
        (person.c.organisation_id == role_assignment.c.organisation_id)
        & (person.c.id == role_assignment.c.person_id),
    )
    .where(role_assignment.c.id == bindparam("id"))
)
_in_board = exists(
    select(1).where(
        board_seat.c.project_id == bindparam("project_id"),
        board_seat.c.role == bindparam("role"),
        board_seat.c.ended_on.is_(None),
        is_seat_held(board_seat.c),
    )
)
_OTHER_HOLDER = Query(
    select(
        _in_board
        | exists(
            select(1).where(
                role_assignment.c.scope_id == bindparam("project_id"),
                role_assignment.c.role == bindparam("role"),
                role_assignment.c.id.is_distinct_from(bindparam("but")),
                or_(
                    role_assignment.c.valid_until.is_(None),
                    role_assignment.c.valid_until > bindparam("day"),
                ),
            )
        )
    )
)
_PROJECT = Query(
    select(
        project.c.id, project.c.name, project.c.portfolio_id, project.c.owner_id, project.c.manager_id
    ).where(project.c.id == bindparam("id"))
)


async def refuse_odd_place(connection: Connection, scope: ScopeKind, scope_id: UUID) -> None:
    """`Unknown` unless the organisation has such a unit, portfolio, programme or project.

    `IsMerged` for a project that has become part of another.
    """
    row = await _PLACE[scope].find(connection, id=scope_id)
    if row is None:
        raise Unknown(pointer="/body/scope_id")
    refuse_merged(row["merged_into_id"], pointer="/body/scope_id")


async def get_assignment(connection: Connection, assignment_id: UUID) -> asyncpg.Record:
    """The assignment's row with its person's `subject`, or `Unknown`."""
    row = await _HELD.find(connection, id=assignment_id)
    if row is None:
        raise Unknown
    return row


async def find_project(connection: Connection, project_id: UUID) -> asyncpg.Record | None:
    """The project's `id`, `name`, `portfolio_id`, `owner_id` and `manager_id`."""
    return await _PROJECT.find(connection, id=project_id)


async def is_held(
    connection: Connection, project_id: UUID, role: str, *, day: date, but: UUID | None
) -> bool:
    """Whether somebody holds the role in the project after `day`, the assignment `but` apart."""
    return bool(await _OTHER_HOLDER.value(connection, project_id=project_id, role=role, day=day, but=but))
