"""Owners of benefits, and roles that nobody holds, on the wire (B2)."""

from pydantic import Field

from gevinst_benefits.domain.plan.benefits import Owner
from gevinst_benefits.schemas.benefits import OwnerRole, OwnerShape
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class HandOverIn(In):
    """Who owns the benefit from now on."""

    role: OwnerRole
    unit_id: Id
    reason: Maybe[Prose] = None

    def owner(self) -> Owner:
        return Owner(self.role, self.unit_id)


class OwnerChangeOut(Out):
    """A change of owner, as it was recorded."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    previous: OwnerShape
    owner: OwnerShape
    reason: Maybe[Prose] = None
    changed_by: str = Field(max_length=300)
    created_at: Moment


class OwnerChangePageOut(Out):
    """Changes of owner, a page at a time."""

    items: list[OwnerChangeOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class VacantOwnerOut(Out):
    """A role in a unit that owns benefits and that nobody holds."""

    id: Id
    organisation: Organisation
    role: OwnerRole
    unit_id: Id
    unit_name: Name
    since: Day = Field(description="When it was found to be vacant.")
    benefit_count: int = Field(ge=0, le=1_000_000)


class VacantOwnerPageOut(Out):
    """Vacant owners' roles, a page at a time."""

    items: list[VacantOwnerOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
