"""The roles that people hold in parts of the organisation, as the portfolio service announced them."""

from sqlalchemy import bindparam, select

from gevinst_benefits.tables.projects import role_assignment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Actor, Grant, Role, ScopeKind

_GRANTS = Query(select(role_assignment).where(role_assignment.c.subject == bindparam("subject")))
_ROLES = frozenset(role.value for role in Role)
_SCOPES = frozenset(scope.value for scope in ScopeKind)


async def find_grants(connection: Connection, actor: Actor) -> tuple[Grant, ...]:
    """The roles that the caller holds in parts of the organisation; those unknown here give nothing."""
    rows = await _GRANTS.rows(connection, subject=actor.subject)
    return tuple(
        Grant(
            Role(row["role"]), ScopeKind(row["scope"]), row["scope_id"], row["valid_from"], row["valid_until"]
        )
        for row in rows
        if row["role"] in _ROLES and row["scope"] in _SCOPES
    )
