"""Groups and project boards in the database (P10)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Uuid, and_, bindparam, except_, exists, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.tables.boards import board_seat, people_group
from gevinst_portfolio.tables.organisations import person
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def group_document(c: Columns) -> ColumnElement[Any]:
    """`GroupOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        name=c.name,
        member_ids=c.member_ids,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def is_held(c: Columns) -> ColumnElement[bool]:
    """Whether somebody holds the seat: a person, or a group that has members."""
    members = select(1).where(
        people_group.c.organisation_id == c.organisation_id,
        people_group.c.id == c.group_id,
        func.cardinality(people_group.c.member_ids) > 0,
    )
    return or_(c.person_id.is_not(None), exists(members))


def seat_document(c: Columns) -> ColumnElement[Any]:
    """`BoardSeatOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        role=c.role,
        person_id=c.person_id,
        group_id=c.group_id,
        is_vacant=and_(~is_held(c), c.ended_on.is_(None)),
        since=c.since,
        ended_on=c.ended_on,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


GROUPS = Records(outbox, people_group, group_document, changeable=("name", "member_ids"))
GROUP_LISTING = Listing(
    people_group,
    group_document,
    filters={},
    sorts={"id": people_group.c.id, "name": people_group.c.name},
)
SEATS = Records(outbox, board_seat, seat_document, changeable=("person_id", "group_id", "since", "ended_on"))
SEAT_LISTING = Listing(
    board_seat,
    seat_document,
    filters={
        "project": board_seat.c.project_id,
        "role": board_seat.c.role,
        "person": board_seat.c.person_id,
        "group": board_seat.c.group_id,
    },
    sorts={"id": board_seat.c.id, "role": board_seat.c.role},
)
_SEAT = Query(select(board_seat).where(board_seat.c.id == bindparam("id")).with_for_update())
_ids = bindparam("ids", type_=ARRAY(Uuid))
_MISSING = Query(
    select(func.array(except_(select(func.unnest(_ids)), select(person.c.id)).scalar_subquery()))
)
_GROUP = Query(select(people_group.c.member_ids).where(people_group.c.id == bindparam("id")))


async def get_seat(connection: Connection, seat_id: UUID) -> asyncpg.Record:
    """The seat's row, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _SEAT.find(connection, id=seat_id)
    if row is None:
        raise Unknown
    return row


async def refuse_unknown_people(connection: Connection, ids: Sequence[UUID], *, pointer: str) -> None:
    """`Unknown` unless all of them are people of the organisation."""
    if ids and await _MISSING.value(connection, ids=list(ids)):
        raise Unknown(pointer=pointer)


async def count_members(connection: Connection, group_id: UUID) -> int:
    """How many people the group has, or `Unknown`."""
    members = await _GROUP.value(connection, id=group_id)
    if members is None:
        raise Unknown(pointer="/body/group_id")
    return len(members)
