"""B9: a benefit's planned years, as the dates it hangs on are now."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.planned_years import anchored, planned_years, starts_on
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.store import benefits
from gevinst_benefits.store.agreements import own_share
from gevinst_benefits.store.deliveries import deliveries_of
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.store.verifications import verified_years
from gevinst_shared.db.work import Work

Json = dict[str, Any]


async def curve(work: Work, benefit_id: UUID) -> Json:
    """`PlannedYearsOut` of one benefit."""
    known = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id))
    project = await dated_project(work, known.project_id)
    share = await own_share(work.connection, benefit_id)
    verified = (await verified_years(work.connection, [known]))[benefit_id]
    return {"benefit_id": str(benefit_id), **curve_members(known, project, share, verified)}


async def dated_project(work: Work, project_id: UUID) -> Project:
    """The project with the deliveries that its benefits can hang on."""
    project = await get_project(work.connection, project_id)
    return replace(project, deliveries=await deliveries_of(work.connection, project_id))


def curve_members(
    benefit: Benefit, project: Project, share: Decimal, verified: Mapping[int, Decimal | None]
) -> Json:
    """The members of a curve: its state, its unit and its years, with what was `verified` of them."""
    years = planned_years(benefit, project)
    begins = starts_on(benefit, project)
    undated = anchored(benefit.timing, project) is None and benefit.is_open
    state = "dated" if begins else "undated" if undated else "ended"
    return {
        "state": state,
        "hangs_on": benefit.timing.hangs_on.value,
        **({"starts_on": begins.isoformat()} if begins else {}),
        "ledger": benefit.estimate.ledger.value,
        **unit_members(benefit),
        "is_confirmed": benefit.confirmed_by is not None,
        "own_share": decimal_text(share),
        "years": [_year(year, years, verified) for year in sorted({*years, *verified})],
        "total": decimal_text(sum(years.values(), Decimal(0))),
    }


def _year(year: int, planned: Mapping[int, Decimal], verified: Mapping[int, Decimal | None]) -> Json:
    """B6: a year that nobody verified is not a year of nothing."""
    found = verified.get(year)
    return {
        "year": year,
        "amount": decimal_text(planned.get(year, Decimal(0))),
        "is_verified": year in verified,
        **({} if found is None else {"verified": decimal_text(found)}),
    }


def unit_members(benefit: Benefit) -> Json:
    """What the benefit is counted in."""
    money = benefit.estimate.money_per_year
    if money is None:
        return {"unit_of_measure": benefit.estimate.unit_of_measure}
    return {"currency": money.currency, "price_year": money.price_year}
