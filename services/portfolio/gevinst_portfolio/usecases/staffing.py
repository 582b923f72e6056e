"""People and the roles that they hold (P10)."""

from datetime import date
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import ADMINISTER
from gevinst_portfolio.domain.role_assignments import PROJECT_ROLES, refuse_odd_assignment, refuse_odd_end
from gevinst_portfolio.events.register import PersonChanged, RoleAssigned, RoleEnded, RoleVacant
from gevinst_portfolio.store import announcements, people, role_assignments
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, Role, ScopeKind
from gevinst_shared.values.ids import new_id


async def register_person(
    work: Work, *, subject: str, name: str, email: str | None, language: str
) -> tuple[UUID, Stored]:
    """Register a person; their id and record."""
    work.require(ADMINISTER, Place())
    person_id = new_id()
    values, record = _person(work, person_id, subject=subject, name=name, email=email, language=language)
    values["created_at"] = work.now
    return person_id, await people.RECORDS.add(work.connection, values, record)


async def change_person(work: Work, person_id: UUID, *, expected: int, **members: Any) -> Stored | None:
    """Change all that is kept of the person; None when it changed meanwhile."""
    work.require(ADMINISTER, Place())
    values, record = _person(work, person_id, **members)
    return await people.RECORDS.change(work.connection, values, record, expected=expected)


async def assign_role(
    work: Work,
    *,
    person_id: UUID,
    role: Role,
    scope: ScopeKind,
    scope_id: UUID | None,
    **days: date | None,
) -> tuple[UUID, Stored]:
    """Give a person a role somewhere, from `valid_from` until `valid_until`; its id and record.

    Only who administers the whole organisation may: a role given is a role that can give others.
    """
    work.require(ADMINISTER, Place())
    refuse_odd_assignment(scope, scope_id, valid_from=days["valid_from"], valid_until=days["valid_until"])
    if scope_id is not None:
        await role_assignments.refuse_odd_place(work.connection, scope, scope_id)
    assignment_id = new_id()
    fact = RoleAssigned(
        assignment_id=assignment_id,
        person_id=person_id,
        subject=await people.get_subject(work.connection, person_id),
        role=role,
        scope=scope,
        scope_id=scope_id,
        **days,
    )
    record = recorded(work, fact, subject=subject_of("role-assignments", assignment_id))
    values = {"id": assignment_id, "person_id": person_id, "role": role, "scope": scope, "scope_id": scope_id}
    stored = await role_assignments.RECORDS.add(
        work.connection, {**values, **days, "created_at": work.now}, record
    )
    return assignment_id, stored


async def end_role(work: Work, assignment_id: UUID, *, valid_until: date, expected: int) -> Stored | None:
    """Let the role end on a day; None when it changed meanwhile."""
    work.require(ADMINISTER, Place())
    held = await role_assignments.get_assignment(work.connection, assignment_id)
    refuse_odd_end(
        valid_from=held["valid_from"], ended=held["valid_until"], valid_until=valid_until, today=work.today
    )
    fact = RoleEnded(
        assignment_id=assignment_id,
        person_id=held["person_id"],
        subject=held["subject"],
        role=held["role"],
        scope=held["scope"],
        scope_id=held["scope_id"],
        valid_from=held["valid_from"],
        valid_until=valid_until,
    )
    record = recorded(work, fact, subject=subject_of("role-assignments", assignment_id))
    values = {"id": assignment_id, "valid_until": valid_until}
    stored = await role_assignments.RECORDS.change(work.connection, values, record, expected=expected)
    if stored is not None and held["scope"] == ScopeKind.PROJECT:
        await announce_vacancy(
            work, held["scope_id"], Role(held["role"]), since=valid_until, but=assignment_id
        )
    return stored


async def announce_vacancy(
    work: Work, project_id: UUID, role: Role, *, since: date, but: UUID | None = None
) -> None:
    """P10: say so when nobody is left who holds a role that a project must have."""
    if role not in PROJECT_ROLES:
        return
    project = await role_assignments.find_project(work.connection, project_id)
    if project is None or project[PROJECT_ROLES[role]] is not None:
        return
    if await role_assignments.is_held(work.connection, project_id, role, day=since, but=but):
        return
    fact = RoleVacant(
        role=role,
        place_name=project["name"],
        vacant_since=since,
        project_id=project_id,
        portfolio_id=project["portfolio_id"],
    )
    record = recorded(work, fact, subject=subject_of("projects", project_id))
    await announcements.announce(
        work.connection, [{**record, "before": None, "after": {"vacant_role": role}}]
    )


def _person(work: Work, person_id: UUID, **members: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    fact = PersonChanged(person_id=person_id, **members)
    return {"id": person_id, **members}, recorded(work, fact, subject=subject_of("people", person_id))
