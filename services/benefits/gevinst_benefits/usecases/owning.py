"""B2: giving a benefit another owner, who has to confirm it anew."""

from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan import benefits as domain
from gevinst_benefits.domain.plan.benefits import Owner
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.owners import BenefitHandedOver
from gevinst_benefits.store import benefits
from gevinst_benefits.store.projects import known_units
from gevinst_benefits.usecases import planning
from gevinst_benefits.usecases.watching_owners import look_for_vacancies, remember
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of


async def hand_over(
    work: Work, benefit_id: UUID, owner: Owner, *, reason: str | None, expected: int
) -> Stored | None:
    """Give the benefit another owner; None when it is not at revision `expected` any more."""
    row = await benefits.get_row(work.connection, benefit_id, for_change=True)
    known = benefits.benefit_from(row)
    await planning.require_at(work, PLAN, known.project_id, known.owner.unit_id)
    refuse_unknown_units([owner.unit_id], await known_units(work.connection, [owner.unit_id]))
    handed = domain.change_owner(known, owner)
    if owner == known.owner:
        same = await benefits.get_document(work.connection, benefit_id)
        return same if same.revision == expected else None
    fact = BenefitHandedOver(
        **planning.facts_of(handed),
        previous_role=known.owner.role,
        previous_unit_id=known.owner.unit_id,
        reason=reason,
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit_id), reason=reason)
    values = {**row, **benefits.columns_of(handed)}
    stored = await benefits.change_benefit(work.connection, values, record, expected=expected)
    if stored is not None:
        await remember(work, known, handed.owner, reason=reason)
        await look_for_vacancies(work)
    return stored
