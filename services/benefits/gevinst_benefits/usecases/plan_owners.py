"""Whoever owns an action, a prerequisite or a risk of the plan: a person, or a role in a unit."""

from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.projects import PersonNotKnown, refuse_unknown_units
from gevinst_benefits.store.projects import known_people, known_units
from gevinst_shared.db.work import Work


@dataclass(frozen=True, slots=True)
class PlanOwner:
    """One of the two; `role` goes with `unit_id`."""

    person_id: UUID | None = None
    role: str | None = None
    unit_id: UUID | None = None


async def refuse_unknown_owner(work: Work, owner: PlanOwner) -> None:
    """Refuse a person or a unit that is not known here."""
    if owner.unit_id is not None:
        refuse_unknown_units([owner.unit_id], await known_units(work.connection, [owner.unit_id]))
    if owner.person_id is not None and not await known_people(work.connection, [owner.person_id]):
        raise PersonNotKnown(person=owner.person_id, pointer="/body/owner/person_id")
