"""Roles, who holds them where, and which nobody holds, on the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from gevinst_shared.values.actor import EVERYONE, Role, ScopeKind
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Organisation, Out


def _of_a_person(role: Role) -> Role:
    if role not in EVERYONE:
        raise ValueError("no person holds this role: it is another body's")
    return role


# In the order in which they are listed everywhere.
_PEOPLES = [role.value for role in Role if role in EVERYONE]
PersonsRole = Annotated[
    Role, AfterValidator(_of_a_person), WithJsonSchema({"type": "string", "enum": _PEOPLES})
]


class RoleAssignmentIn(In):
    """A role that a person holds somewhere, for a time."""

    person_id: Id
    role: PersonsRole = Field(examples=["project-owner"])
    scope: ScopeKind = Field(
        examples=["project"], description="A role in a unit holds in its subtree as well."
    )
    scope_id: Maybe[Id] = Field(
        None, description="The unit, portfolio, programme or project; absent for the organisation."
    )
    valid_from: Maybe[Day] = Field(None, description="The first day; absent: always.")
    valid_until: Maybe[Day] = Field(None, description="The day after the last; absent: until it is ended.")


class RoleEndIn(In):
    """When a role ends."""

    valid_until: Day = Field(description="The day after the last.")


class RoleAssignmentOut(Out):
    """A role as it was assigned."""

    id: Id
    organisation: Organisation
    person_id: Id
    role: Role
    scope: ScopeKind
    scope_id: Maybe[Id] = None
    valid_from: Maybe[Day] = None
    valid_until: Maybe[Day] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class RoleAssignmentPageOut(Out):
    """Roles that people hold, a page at a time."""

    items: list[RoleAssignmentOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class RoleVacancyOut(Out):
    """P10: a role that somebody should hold, and nobody does."""

    role: Code = Field(examples=["project-owner"], description="Also of a project's board: senior-user, …")
    scope: ScopeKind
    scope_id: Id
    place_name: Name
    vacant_since: Maybe[Day] = Field(None, description="Absent when nobody ever held it.")


class RoleVacancyPageOut(Out):
    """Vacant roles, a page at a time."""

    items: list[RoleVacancyOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
