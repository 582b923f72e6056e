"""Where records stand, for roles that hold in a unit's subtree, a portfolio, a programme or a project."""

from uuid import UUID

from sqlalchemy import bindparam, select

from gevinst_portfolio.tables.organisations import person, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Actor, Grant, Place, grants_from

_PATH = Query(select(unit.c.path).where(unit.c.id == bindparam("id")))
_GRANTS = Query(
    select(role_assignment)
    .join(
        person,
        (person.c.organisation_id == role_assignment.c.organisation_id)
        & (person.c.id == role_assignment.c.person_id),
    )
    .where(person.c.subject == bindparam("subject"))
)


async def place_of(
    connection: Connection,
    *,
    portfolio_id: UUID,
    project_id: UUID | None = None,
    programme_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> Place:
    """Everything that the record is part of, from its unit upwards."""
    path = [] if unit_id is None else await _PATH.value(connection, id=unit_id) or []
    return Place(
        units=frozenset(path),
        portfolios=frozenset({portfolio_id}),
        programmes=frozenset(() if programme_id is None else (programme_id,)),
        projects=frozenset(() if project_id is None else (project_id,)),
    )


async def find_grants(connection: Connection, actor: Actor) -> tuple[Grant, ...]:
    """The roles that the caller holds in parts of the organisation."""
    return grants_from(await _GRANTS.rows(connection, subject=actor.subject))
