"""Baselines in the database: appended, never changed (B6)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, select

from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.indicators import baseline
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def _is_replaced(c: Columns) -> ColumnElement[bool]:
    later = baseline.alias("later")
    return exists(select(1).where(later.c.organisation_id == c.organisation_id, later.c.replaces_id == c.id))


def baseline_document(c: Columns) -> ColumnElement[Any]:
    """`BaselineOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        indicator_id=c.indicator_id,
        value=decimal_text(c.value),
        measured_on=c.measured_on,
        method=c.method,
        measured_by=c.measured_by,
        replaces_id=c.replaces_id,
        reason=c.reason,
        is_replaced=_is_replaced(c),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


BASELINES = Listing(
    baseline,
    baseline_document,
    filters={"indicator": baseline.c.indicator_id},
    sorts={"id": baseline.c.id},
)
_IN_FORCE = Query(
    select(baseline.c.id).where(
        baseline.c.indicator_id == bindparam("indicator_id"), ~_is_replaced(baseline.c)
    )
)
_ADD = outbox.insert(baseline, baseline_document)


async def find_in_force(connection: Connection, indicator_id: UUID) -> UUID | None:
    """The id of the baseline that holds; None when the indicator has none."""
    found: UUID | None = await _IN_FORCE.value(connection, indicator_id=indicator_id)
    return found


async def add_baseline(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the baseline with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])
