"""What freed value is used for, in the database (B14)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, Text, bindparam, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import JSON

from gevinst_benefits.domain.plan.freed_value import Use
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.freed_value import freed_value_use
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.money import Money


def _is_corrected(c: Columns) -> ColumnElement[bool]:
    later = freed_value_use.alias("later")
    return exists(select(1).where(later.c.organisation_id == c.organisation_id, later.c.corrects_id == c.id))


def use_document(c: Columns) -> ColumnElement[Any]:
    """`FreedValueUseOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        purpose=c.purpose,
        name=c.name,
        unit_id=c.unit_id,
        year=c.year,
        money=money(c.money_minor, c.currency, c.price_year),
        amount=decimal_text(c.amount),
        hourly_cost=money(c.hourly_cost_minor, c.hourly_cost_currency, c.hourly_cost_price_year),
        hourly_cost_source=c.hourly_cost_source,
        corrects_id=c.corrects_id,
        reason=c.reason,
        is_corrected=_is_corrected(c),
        recorded_by=c.recorded_by,
        created_at=moment(c.created_at),
    )


def used_by_year(c: Columns) -> ColumnElement[Any]:
    """What of a benefit has a use, by year, in its own unit; null when nothing has."""
    entry = freed_value_use.alias("used")
    amount = func.coalesce(entry.c.amount, cast(entry.c.money_minor, Numeric) / literal(100, Numeric))
    years = (
        select(entry.c.year, func.sum(amount).label("amount"))
        .where(
            entry.c.organisation_id == c.organisation_id,
            entry.c.benefit_id == c.id,
            ~_is_corrected(entry.c),
        )
        .group_by(entry.c.year)
        .correlate(c.id.table)
        .subquery("by_year")
    )
    by_year = func.json_object_agg(years.c.year, cast(years.c.amount, Text), type_=JSON)
    return select(by_year).select_from(years).scalar_subquery()


RECORDS = Records(outbox, freed_value_use, use_document, changeable=())
LISTING = Listing(
    freed_value_use,
    use_document,
    filters={"benefit": freed_value_use.c.benefit_id, "year": freed_value_use.c.year},
    sorts={"id": freed_value_use.c.id},
)
_STANDING = Query(
    select(freed_value_use)
    .where(freed_value_use.c.benefit_id == bindparam("benefit_id"), ~_is_corrected(freed_value_use.c))
    .order_by(freed_value_use.c.id)
)


async def standing(connection: Connection, benefit_id: UUID) -> list[dict[str, Any]]:
    """The benefit's entries that no other corrects, by column."""
    return [dict(row) for row in await _STANDING.rows(connection, benefit_id=benefit_id)]


def use_from(row: Mapping[str, Any]) -> Use:
    """The domain's use of a row."""
    minor, hourly = row["money_minor"], row["hourly_cost_minor"]
    amount = row["amount"] if minor is None else Decimal(minor).scaleb(-2)
    if hourly is None:
        return Use(row["year"], amount)
    cost = Money.from_minor(hourly, row["hourly_cost_currency"], row["hourly_cost_price_year"])
    return Use(row["year"], amount, cost)
