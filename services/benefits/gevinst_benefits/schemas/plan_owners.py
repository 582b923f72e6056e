"""Who owns an action, a prerequisite or a risk, on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_benefits.usecases.plan_owners import PlanOwner
from gevinst_shared.web.shapes import Id, In

LineRole = Literal["benefit-owner", "unit-leader"]


class PersonOwner(In):
    """A person of the organisation."""

    person_id: Id

    def value(self) -> PlanOwner:
        return PlanOwner(person_id=self.person_id)


class RoleOwner(In):
    """A role in a unit, so that it survives people leaving."""

    role: LineRole = Field(examples=["unit-leader"])
    unit_id: Id

    def value(self) -> PlanOwner:
        return PlanOwner(role=self.role, unit_id=self.unit_id)


PlanOwnerShape = RoleOwner | PersonOwner
