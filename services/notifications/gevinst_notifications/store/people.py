"""People, and the roles that they hold somewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain.messages import Holder
from gevinst_notifications.tables.register import person, role_assignment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with an inbox, and the language that they chose."""

    person_id: UUID
    language: str | None


_BY_SUBJECT = Query(
    select(person.c.id, person.c.language)
    .where(person.c.subject == bindparam("subject"))
    .order_by(person.c.id.desc())
    .limit(1)
)
_DOER = Query(
    select(person.c.id)
    .where(
        or_(
            person.c.subject == bindparam("name", type_=Text),
            cast(person.c.id, Text) == bindparam("name", type_=Text),
        )
    )
    .limit(1)
)
_HOLDERS = Query(
    select(role_assignment).where(
        role_assignment.c.role == func.any(bindparam("roles", type_=ARRAY(Text))),
        or_(
            role_assignment.c.scope_id.is_(None),
            role_assignment.c.scope_id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        ),
    )
)


async def find_reader(connection: Connection, subject: str) -> Reader | None:
    """The person whom a token's subject names; None until the portfolio has announced them."""
    row = await _BY_SUBJECT.find(connection, subject=subject)
    return None if row is None else Reader(row["id"], row["language"])


async def find_doer(connection: Connection, name: str) -> UUID | None:
    """The person with this subject or id."""
    found: UUID | None = await _DOER.value(connection, name=name)
    return found


async def list_holders(connection: Connection, *, roles: Iterable[Role], place: Place) -> list[Holder]:
    """Who holds, or held, one of `roles` over any part of `place` or in the whole organisation."""
    ids = [*place.units, *place.portfolios, *place.programmes, *place.projects]
    rows = await _HOLDERS.rows(connection, roles=sorted(roles), ids=ids)
    return [
        Holder(
            row["person_id"],
            Grant(
                Role(row["role"]),
                ScopeKind(row["scope"]),
                row["scope_id"],
                row["valid_from"],
                row["valid_until"],
            ),
        )
        for row in rows
    ]
