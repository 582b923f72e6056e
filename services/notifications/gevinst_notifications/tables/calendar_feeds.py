"""Calendars that people subscribe to. Taking an address back is deleting its row."""

from sqlalchemy import Column, Index, Table, Text, Uuid

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, record_key, revision, tenant_key

calendar_feed = Table(
    "calendar_feed",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    moment("created_at"),
    revision(),
    Index("calendar_feed_of_person", "organisation_id", "person_id"),
)
