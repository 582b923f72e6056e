"""Overruled traffic lights in the database: appended, never changed (B7)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select

from gevinst_benefits.domain.measuring.traffic_lights import Colour, Override
from gevinst_benefits.tables.indicators import light_override
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns


def override_document(c: Columns) -> ColumnElement[Any]:
    """`OverrideOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        indicator_id=c.indicator_id,
        colour=c.colour,
        reason=c.reason,
        until=c.until,
        overruled_by=c.overruled_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


OVERRIDES = Listing(
    light_override,
    override_document,
    filters={"indicator": light_override.c.indicator_id},
    sorts={"id": light_override.c.id},
)
_NEWEST = Query(
    select(light_override)
    .where(light_override.c.indicator_id == bindparam("indicator_id"))
    .order_by(light_override.c.id.desc())
    .limit(1)
)
_ADD = outbox.insert(light_override, override_document)


async def find_newest(connection: Connection, indicator_id: UUID) -> Override | None:
    """What was said last of the indicator's light."""
    row = await _NEWEST.find(connection, indicator_id=indicator_id)
    if row is None:
        return None
    colour = None if row["colour"] is None else Colour(row["colour"])
    return Override(colour, row["reason"], row["until"], row["overruled_by"])


async def add_override(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the override with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])
