"""Installations in the database (B15)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.domain.plan.installations import Installation
from gevinst_benefits.tables.installations import installation
from gevinst_shared.db.documents import document, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.money import Money

MOST_INSTALLATIONS = 5_000
_AMOUNTS = ("one_off_cost", "cost_per_year", "benefit_per_year", "shared_cost_per_year")


def installation_document(c: Columns) -> ColumnElement[Any]:
    """`InstallationOut` without the verdict, which the domain adds."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        code=c.code,
        name=c.name,
        unit_id=c.unit_id,
        count=c.count,
        installed_on=c.installed_on,
        lifetime_months=c.lifetime_months,
        **{name: money(c[f"{name}_minor"], c.currency, c.price_year) for name in _AMOUNTS},
    )


LISTING = Listing(
    installation,
    installation_document,
    filters={
        "benefit": installation.c.benefit_id,
        "unit": installation.c.unit_id,
        "carries": installation.c.carries,
    },
    sorts={"id": installation.c.id, "day": installation.c.installed_on, "name": installation.c.name},
)
_names = [column.name for column in installation.columns]
_kept = insert(installation).values({name: bindparam(name) for name in _names})
_KEEP = Query(
    _kept.on_conflict_do_update(
        index_elements=["organisation_id", "benefit_id", "code"],
        set_={
            name: _kept.excluded[name]
            for name in _names
            if name not in {"organisation_id", "benefit_id", "code", "id"}
        },
    )
)
_OF_BENEFIT = Query(
    select(installation)
    .where(installation.c.benefit_id == bindparam("benefit_id"))
    .order_by(installation.c.code)
)
_CONTINUE = Query(
    update(installation)
    .where(installation.c.benefit_id == bindparam("from_id"))
    .values(benefit_id=bindparam("to_id"))
)


def not_carrying(c: Columns) -> ColumnElement[Any]:
    """How many of a benefit's installations do not carry their cost."""
    mine = (
        installation.c.organisation_id == c.organisation_id,
        installation.c.benefit_id == c.id,
        installation.c.carries.is_(False),
    )
    total = func.coalesce(func.sum(installation.c.count), 0)
    return select(total).select_from(installation).where(*mine).scalar_subquery()


async def rows_of_benefit(connection: Connection, benefit_id: UUID) -> list[dict[str, Any]]:
    """The benefit's installations by column."""
    return [dict(row) for row in await _OF_BENEFIT.rows(connection, benefit_id=benefit_id)]


async def keep_installations(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert each, or bring the one of its code up to it."""
    await _KEEP.run_many(connection, [dict(row) for row in rows])


async def hand_over_installations(connection: Connection, from_id: UUID, to_id: UUID) -> None:
    """G6: a benefit that is moved takes its installations along."""
    await _CONTINUE.run(connection, from_id=from_id, to_id=to_id)


def installation_of(members: Mapping[str, Any]) -> Installation:
    """The domain's installation of an answer's members."""
    amounts = {
        name: Money(Decimal(members[name]["amount"]), members[name]["currency"], members[name]["price_year"])
        for name in _AMOUNTS
    }
    return Installation(count=members["count"], lifetime_months=members["lifetime_months"], **amounts)


def amounts_of(one: Installation) -> dict[str, Any]:
    """The columns of an installation's money."""
    return {
        **{f"{name}_minor": getattr(one, name).minor for name in _AMOUNTS},
        "currency": one.one_off_cost.currency,
        "price_year": one.one_off_cost.price_year,
    }
