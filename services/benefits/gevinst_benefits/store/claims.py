"""What all benefits that are followed claim of units: where double counting is looked for (B12)."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, bindparam, func, or_, select

from gevinst_benefits.domain.decimals import millionths
from gevinst_benefits.domain.plan.double_counting import Claim
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_benefits.store.benefits import benefit_from
from gevinst_benefits.store.projects import project_from
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.projects import project, unit
from gevinst_benefits.tables.staffing import staffing
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_unit = bindparam("unit_id", type_=Uuid)
_portfolio = bindparam("portfolio_id", type_=Uuid)
_agreed = agreement_entry.alias("agreed")
# B11: the newest step says whose it is; null when it never was anybody else's.
_agreement = (
    select(_agreed.c.counted)
    .where(_agreed.c.organisation_id == benefit.c.organisation_id, _agreed.c.benefit_id == benefit.c.id)
    .order_by(_agreed.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_CLAIMS = Query(
    select(
        benefit,
        project.c.name.label("project_name"),
        project.c.portfolio_id,
        project.c.programme_id,
        project.c.start,
        project.c.end,
        project.c.status,
        func.coalesce(delivery.c.delivered_on, delivery.c.due_on).label("delivery_day"),
        _agreement.label("counted"),
    )
    .join(
        project,
        and_(project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id),
    )
    .join(
        unit,
        and_(unit.c.organisation_id == benefit.c.organisation_id, unit.c.id == benefit.c.owner_unit_id),
    )
    .outerjoin(
        delivery,
        and_(delivery.c.organisation_id == benefit.c.organisation_id, delivery.c.id == benefit.c.delivery_id),
    )
    .where(
        benefit.c.state != "closed",
        benefit.c.state != "moved",
        or_(benefit.c.ledger == "time", benefit.c.budget_line.is_not(None)),
        or_(_unit.is_(None), _unit == any_(unit.c.path)),
        or_(_portfolio.is_(None), project.c.portfolio_id == _portfolio),
    )
)
_HAS_STAFFING = Query(select(staffing.c.id).where(staffing.c.id == bindparam("id")))


async def rows_of(
    connection: Connection, *, unit_id: UUID | None, portfolio_id: UUID | None
) -> list[dict[str, Any]]:
    """The benefits that claim time or a budget line, each with its project's dates, by column."""
    rows = await _CLAIMS.rows(connection, unit_id=unit_id, portfolio_id=portfolio_id)
    return [dict(row) for row in rows]


async def has_staffing(connection: Connection, unit_id: UUID) -> bool:
    return await _HAS_STAFFING.find(connection, id=unit_id) is not None


def claims_from(rows: Sequence[Mapping[str, Any]]) -> Iterator[Claim]:
    """What each benefit claims, as far as it is ours (B11), as the dates it hangs on are now (B9)."""
    for row in rows:
        known = benefit_from(row)
        share = Decimal(1) if row["counted"] is None else row["counted"]
        if not share:
            continue
        day = row["delivery_day"]
        deliveries = () if day is None else (Delivery(row["delivery_id"], "", day),)
        there = project_from(
            {**row, "id": known.project_id, "name": row["project_name"], "path": None}, deliveries
        )
        is_money = known.estimate.money_per_year is not None
        yield Claim(
            benefit_id=known.id,
            project_id=known.project_id,
            name=known.name,
            unit_id=known.owner.unit_id,
            years=_ours(planned_years(known, there), share),
            unit_of_measure=None if is_money else known.estimate.unit_of_measure,
            budget_line=known.budget_line,
        )


def _ours(years: Mapping[int, Decimal], share: Decimal) -> Mapping[int, Decimal]:
    """Our part of each year."""
    return years if share == 1 else {year: millionths(amount * share) for year, amount in years.items()}
