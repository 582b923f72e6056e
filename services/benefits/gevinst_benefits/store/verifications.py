"""What was found realised, year by year, in the database (G3, C6)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, exists, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_benefits.domain.plan.benefits import Benefit, Estimate
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.verifications import promise, verification
from gevinst_shared.db.documents import Stored, document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def is_corrected(c: Columns) -> ColumnElement[bool]:
    """Whether a later entry takes this one's place."""
    later = verification.alias("later")
    mine = (later.c.organisation_id == c.organisation_id, later.c.corrects_id == c.id)
    return exists(select(1).where(*mine))


def verification_document(c: Columns) -> ColumnElement[Any]:
    """`VerificationOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        year=c.year,
        money=money(c.money_minor, c.currency, c.price_year),
        amount=decimal_text(c.amount),
        unit_of_measure=c.unit_of_measure,
        evidence=c.evidence,
        corrects_id=c.corrects_id,
        reason=c.reason,
        is_corrected=is_corrected(c),
        verified_by=c.verified_by,
        verified_at=moment(c.verified_at),
        revision=c.revision,
    )


VERIFICATIONS = Listing(
    verification,
    verification_document,
    filters={"benefit": verification.c.benefit_id, "year": verification.c.year},
    sorts={"year": verification.c.year},
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_IN_FORCE = Query(
    select(verification)
    .where(verification.c.benefit_id == any_(_ids), ~is_corrected(verification.c))
    .order_by(verification.c.benefit_id, verification.c.year)
)
_ENTRY = Query(
    select(verification.c.id).where(
        verification.c.benefit_id == bindparam("benefit_id"),
        verification.c.year == bindparam("year"),
        ~is_corrected(verification.c),
    )
)
_ADD = outbox.insert(verification, verification_document)
_PROMISE = Query(
    insert(promise)
    .values({column.name: bindparam(column.name, type_=column.type) for column in promise.columns})
    .on_conflict_do_nothing()
)


async def list_in_force(connection: Connection, benefit_ids: Sequence[UUID]) -> list[Mapping[str, Any]]:
    """The entries that hold, by column, of these benefits: at most one for each benefit and year.

    Ordered by benefit and year. A year without an entry is not verified, which is not zero (B6).
    """
    return [dict(row) for row in await _IN_FORCE.rows(connection, ids=list(benefit_ids))]


async def verified_years(
    connection: Connection, found: Sequence[Benefit]
) -> Mapping[UUID, Mapping[int, Decimal | None]]:
    """What holds for each year, by benefit, in the benefit's own unit (money in whole units of currency).

    None for a year that was verified at other prices, or in another unit, than the benefit has now: it is
    verified, and cannot be set against the plan (C1).
    """
    by_id = {one.id: one.estimate for one in found}
    years: dict[UUID, dict[int, Decimal | None]] = {one: {} for one in by_id}
    for row in await list_in_force(connection, list(by_id)):
        years[row["benefit_id"]][row["year"]] = _in_unit_of(by_id[row["benefit_id"]], row)
    return years


async def entry_in_force(connection: Connection, benefit_id: UUID, year: int) -> UUID | None:
    """The id of the entry that holds for the year; exact when the benefit's row is held."""
    found: UUID | None = await _ENTRY.value(connection, benefit_id=benefit_id, year=year)
    return found


async def add_verification(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the entry with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def keep_promise(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep what was promised of a benefit when it was first confirmed; later confirmations change nothing."""
    await _PROMISE.run(connection, **values)


def _in_unit_of(estimate: Estimate, row: Mapping[str, Any]) -> Decimal | None:
    cash = estimate.money_per_year
    if cash is not None:
        is_same = (row["currency"], row["price_year"]) == (cash.currency, cash.price_year)
        return Decimal(row["money_minor"]).scaleb(-2) if is_same else None
    amount: Decimal | None = row["amount"]
    return amount if row["unit_of_measure"] == estimate.unit_of_measure else None


def estimate_columns(found: Estimate) -> dict[str, Any]:
    """The columns of a figure in its ledger."""
    cash = found.money_per_year
    return {
        "money_minor": None if cash is None else cash.minor,
        "currency": None if cash is None else cash.currency,
        "price_year": None if cash is None else cash.price_year,
        "amount": found.amount_per_year,
        "unit_of_measure": found.unit_of_measure or None,
    }
