"""The roles that people hold in parts of the organisation, as the portfolio service announced them."""

from sqlalchemy import bindparam, select

from gevinst_notifications.tables.register import role_assignment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Actor, Grant, grants_from

_GRANTS = Query(select(role_assignment).where(role_assignment.c.subject == bindparam("subject")))


async def find_grants(connection: Connection, actor: Actor) -> tuple[Grant, ...]:
    """The roles that the caller holds in parts of the organisation."""
    return grants_from(await _GRANTS.rows(connection, subject=actor.subject))
