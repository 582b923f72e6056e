"""What people follow and mute, in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, exists, or_, select
from sqlalchemy.types import Integer, Uuid

from gevinst_notifications.tables.people import following
from gevinst_notifications.tables.register import portfolio, project, unit
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import ScopeKind


def following_document(c: Columns) -> ColumnElement[Any]:
    """`FollowingOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        person_id=c.person_id,
        scope=c.scope,
        scope_id=c.scope_id,
        level=c.level,
        created_at=moment(c.created_at),
        revision=c.revision,
    )


RECORDS = Records(outbox, following, following_document, changeable=("level",))
LISTING = Listing(
    following,
    following_document,
    filters={"person": following.c.person_id, "scope": following.c.scope, "level": following.c.level},
    sorts={"id": following.c.id},
)
_ID: Any = bindparam("id", type_=Uuid)
_KNOWN = {
    ScopeKind.UNIT: Query(select(exists().where(unit.c.id == _ID))),
    ScopeKind.PORTFOLIO: Query(
        select(or_(exists().where(portfolio.c.id == _ID), exists().where(project.c.portfolio_id == _ID)))
    ),
    # Programmes are not announced by themselves: they are known by their projects.
    ScopeKind.PROGRAMME: Query(select(exists().where(project.c.programme_id == _ID))),
    ScopeKind.PROJECT: Query(select(exists().where(project.c.id == _ID))),
}
_DELETE = Query(
    delete(following).where(
        following.c.id == bindparam("id"), following.c.revision == bindparam("expected", type_=Integer)
    )
)


async def is_known(connection: Connection, scope: ScopeKind, scope_id: UUID) -> bool:
    """Whether there is such a record to follow."""
    return bool(await _KNOWN[scope].value(connection, id=scope_id))


async def delete_following(connection: Connection, following_id: UUID, *, expected: int) -> bool:
    """Whether it was there at that revision, and is gone."""
    return bool(await _DELETE.run(connection, id=following_id, expected=expected))
