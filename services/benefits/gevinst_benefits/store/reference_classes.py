"""Finished benefits: what was promised first, and what was verified year by year (C6)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from gevinst_benefits.domain.plan.benefits import Estimate, Ledger
from gevinst_benefits.store.verifications import is_corrected
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.verifications import promise, verification
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.money import Money

# Only years in the unit of the promise: prices of another year, or another unit, cannot be set against it.
_same_unit = case(
    (
        promise.c.money_minor.is_not(None),
        and_(
            verification.c.currency == promise.c.currency,
            verification.c.price_year == promise.c.price_year,
        ),
    ),
    else_=verification.c.unit_of_measure == promise.c.unit_of_measure,
)
_verified = func.coalesce(verification.c.money_minor, verification.c.amount)
_FINISHED = Query(
    select(
        benefit.c.kind,
        promise.c.ledger,
        promise.c.money_minor,
        promise.c.currency,
        promise.c.price_year,
        promise.c.amount,
        promise.c.unit_of_measure,
        promise.c.timing,
        benefit.c.project_id,
        func.array_agg(aggregate_order_by(_verified, verification.c.year)).label("verified"),
        func.array_agg(aggregate_order_by(verification.c.year, verification.c.year)).label("years"),
    )
    .select_from(benefit)
    .join(promise, and_(promise.c.organisation_id == benefit.c.organisation_id, promise.c.id == benefit.c.id))
    .join(
        verification,
        and_(
            verification.c.organisation_id == benefit.c.organisation_id,
            verification.c.benefit_id == benefit.c.id,
        ),
    )
    .where(
        or_(benefit.c.state == "realised", benefit.c.state == "closed"),
        benefit.c.id.is_distinct_from(bindparam("except_id", type_=benefit.c.id.type)),
        _same_unit,
        ~is_corrected(verification.c),
    )
    .group_by(
        benefit.c.organisation_id,
        benefit.c.id,
        benefit.c.kind,
        benefit.c.project_id,
        promise.c.organisation_id,
        promise.c.id,
    )
    .order_by(benefit.c.id)
)


async def list_finished(connection: Connection, *, except_id: UUID | None = None) -> list[Mapping[str, Any]]:
    """The organisation's finished benefits with a verified year: `kind`, the promise with its timing, and
    the `verified` amounts of `years` (in hundredths where the promise is money)."""
    return [dict(row) for row in await _FINISHED.rows(connection, except_id=except_id)]


def promised_from(row: Mapping[str, Any]) -> Estimate:
    """The promise of a row."""
    minor = row["money_minor"]
    cash = None if minor is None else Money.from_minor(minor, row["currency"], row["price_year"])
    return Estimate(Ledger(row["ledger"]), cash, row["amount"], row["unit_of_measure"] or "")
