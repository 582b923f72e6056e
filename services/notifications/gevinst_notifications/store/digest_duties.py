"""What digests tell of duties: what is due to their readers, and what is late under them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from gevinst_notifications.domain.digests import LEADING
from gevinst_notifications.tables.duties import duty
from gevinst_notifications.tables.register import person, project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Role

# A digest that nobody can read to the end helps nobody: the rest is a number.
LONGEST = 20


@dataclass(slots=True)
class Section:
    """The first `LONGEST` of so many duties, by day."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0

    def add(self, entry: dict[str, Any]) -> None:
        self.count += 1
        if len(self.entries) < LONGEST:
            self.entries.append(entry)


_DAY = bindparam("today", type_=Date)
_PEOPLE = select(func.unnest(bindparam("people", type_=ARRAY(Uuid))))
_IS_HELD = (
    or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _DAY),
    or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _DAY),
)
_UNIT = unit.alias("owner_unit")
# Everything that the duty is part of, and for the owner's role also the owner's unit.
_AROUND: Any = func.array_cat(
    literal_column("ARRAY[duty.project_id, duty.portfolio_id]"),
    func.coalesce(_UNIT.c.path, literal_column("'{}'::uuid[]")),
)


def _holders(*condition: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    """The people who hold a role at the duty's place, as an array."""
    found = select(role_assignment.c.person_id).where(
        *condition,
        *_IS_HELD,
        or_(role_assignment.c.scope_id.is_(None), role_assignment.c.scope_id == any_(_AROUND)),
    )
    return func.array(found.correlate(duty, _UNIT).scalar_subquery(), type_=ARRAY(Uuid))


def _also(*people: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's expressions
    return func.array_remove(array(people), null(), type_=ARRAY(Uuid))


_IS_OPEN_TO_ROLE = duty.c.owner_person_id.is_(None)
_OWNERS = _holders(_IS_OPEN_TO_ROLE, role_assignment.c.role == duty.c.owner_role).op("||")(
    _also(
        duty.c.owner_person_id,
        case((and_(_IS_OPEN_TO_ROLE, duty.c.owner_role == Role.PROJECT_OWNER.value), project.c.owner_id)),
        case((and_(_IS_OPEN_TO_ROLE, duty.c.owner_role == Role.PROJECT_MANAGER.value), project.c.manager_id)),
    )
)
_LEADERS = _holders(role_assignment.c.role == any_(bindparam("leading", type_=ARRAY(Text)))).op("||")(
    _also(project.c.owner_id)
)


def _told(people: Any, *condition: Any) -> Query:  # noqa: ANN401 - SQLAlchemy's expressions
    """Open duties with those whom they concern, by day; the roles are those of the day `today`."""
    concerned = func.unnest(people).table_valued("person_id").render_derived("concerned")
    return Query(
        select(
            concerned.c.person_id,
            duty.c.kind,
            duty.c.name,
            duty.c.due_on,
            duty.c.owner_role,
            duty.c.owner_person_id,
            project.c.name.label("project_name"),
            person.c.name.label("owner_name"),
        )
        .distinct()
        .add_columns(duty.c.id)
        .select_from(duty)
        .outerjoin(
            project,
            (project.c.organisation_id == duty.c.organisation_id) & (project.c.id == duty.c.project_id),
        )
        .outerjoin(
            _UNIT,
            (_UNIT.c.organisation_id == duty.c.organisation_id)
            & (_UNIT.c.id == func.coalesce(duty.c.owner_unit_id, project.c.unit_id)),
        )
        .outerjoin(
            person,
            (person.c.organisation_id == duty.c.organisation_id) & (person.c.id == duty.c.owner_person_id),
        )
        .join(concerned, concerned.c.person_id.in_(_PEOPLE))
        .where(literal_column("duty.state = 'open'"), *condition)
        .order_by(duty.c.due_on, duty.c.id)
    )


_OWN = _told(_OWNERS, duty.c.due_on <= bindparam("until", type_=Date))
_LINE = _told(_LEADERS, duty.c.due_on < _DAY)


async def list_own(
    connection: Connection, people: Mapping[UUID, date], *, today: date
) -> tuple[Mapping[UUID, Section], Mapping[UUID, Section]]:
    """What is due to each person until, and with, their day, and what is late; by person, if any."""
    rows = await _OWN.rows(
        connection, people=list(people), today=today, until=max(people.values(), default=today)
    )
    due: dict[UUID, Section] = {}
    late: dict[UUID, Section] = {}
    for row in rows:
        if row["due_on"] <= people[row["person_id"]]:
            section = late if row["due_on"] < today else due
            section.setdefault(row["person_id"], Section()).add(_entry(row))
    return due, late


async def list_in_line(
    connection: Connection,
    people: Iterable[UUID],
    *,
    today: date,
    leading: Sequence[str] = tuple(LEADING),
) -> Mapping[UUID, Section]:
    """What is late and answered for by others under each person; by person, where there is any."""
    found: dict[UUID, Section] = {}
    for row in await _LINE.rows(connection, people=list(people), today=today, leading=list(leading)):
        if row["person_id"] != row["owner_person_id"]:
            entry = {**_entry(row), "owner_name": row["owner_name"], "owner_role": row["owner_role"]}
            found.setdefault(row["person_id"], Section()).add(entry)
    return found


def _entry(row: Any) -> dict[str, Any]:  # noqa: ANN401 - asyncpg's row
    return {
        "kind": row["kind"],
        "name": row["name"],
        "due_on": row["due_on"],
        "project_name": row["project_name"],
    }
