"""Setting what an FTE costs."""

from uuid import UUID

from gevinst_benefits.domain.case.salary_costs import OddSalaryCost, SalaryCost
from gevinst_benefits.domain.permissions import SET_SALARY_COST
from gevinst_benefits.events.business_cases import SalaryCostSet
from gevinst_benefits.store import salary_costs
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place


async def set_salary_cost(work: Work, added: SalaryCost) -> tuple[UUID, Stored]:
    """Write the setting; it is the whole organisation's, so a role in a part of it is not enough."""
    work.require(SET_SALARY_COST, Place())
    if added.cost.amount <= 0:
        raise OddSalaryCost(pointer="/body/cost_per_year/amount")
    fact = SalaryCostSet(
        salary_cost_id=added.id,
        valid_from=added.valid_from,
        cost_per_year=added.cost.amount,
        currency=added.cost.currency,
        price_year=added.cost.price_year,
        hours_per_year=added.hours_per_year,
    )
    record = recorded(work, fact, subject=subject_of("salary-costs", added.id))
    written = {"created_by": work.actor.subject, "created_at": work.now}
    return added.id, await salary_costs.add_salary_cost(work.connection, added, written, record)
