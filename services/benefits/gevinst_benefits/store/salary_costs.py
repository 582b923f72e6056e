"""What an FTE costs, in the database."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Numeric, Text, bindparam, cast, func, select

from gevinst_benefits.domain.case.salary_costs import SalaryCost
from gevinst_benefits.tables.salary_costs import salary_cost
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.money import Money


def salary_document(c: Columns) -> ColumnElement[Any]:
    """`SalaryCostOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        valid_from=c.valid_from,
        cost_per_year=money(c.cost_minor, c.currency, c.price_year),
        hours_per_year=cast(func.trim_scale(c.hours_per_year, type_=Numeric), Text),
        source=c.source,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    salary_cost,
    salary_document,
    filters={"currency": salary_cost.c.currency},
    sorts={"valid_from": salary_cost.c.valid_from},
)
_IN_FORCE = Query(
    select(salary_cost)
    .where(
        salary_cost.c.currency == bindparam("currency"),
        salary_cost.c.valid_from <= bindparam("on", type_=Date),
    )
    .order_by(salary_cost.c.valid_from.desc())
    .limit(1)
)
_ADD = outbox.insert(salary_cost, salary_document)


async def find_in_force(connection: Connection, currency: str, *, on: date) -> SalaryCost | None:
    """The setting in force on a day, in a currency."""
    row = await _IN_FORCE.find(connection, currency=currency, on=on)
    if row is None:
        return None
    cost = Money.from_minor(row["cost_minor"], row["currency"], row["price_year"])
    return SalaryCost(row["id"], row["valid_from"], cost, row["hours_per_year"], row["source"])


async def add_salary_cost(
    connection: Connection, added: SalaryCost, written: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the setting with its event and audit row; `written` is who and when."""
    row = await _ADD.find(
        connection,
        id=added.id,
        valid_from=added.valid_from,
        cost_minor=added.cost.minor,
        currency=added.cost.currency,
        price_year=added.cost.price_year,
        hours_per_year=added.hours_per_year,
        source=added.source,
        **written,
        **record,
    )
    assert row is not None
    return Stored(row["document"], row["revision"])
