"""Digests: what was gathered for a person, and when the next one leaves (N3)."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, Uuid

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, tenant_key

# One per person, period and window: closing the same window again finds it there.
digest = Table(
    "digest",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("period", Text, nullable=False),
    moment("window_at"),
    Column("item_count", Integer, nullable=False),
    moment("closed_at"),
    UniqueConstraint("organisation_id", "person_id", "period", "window_at"),
    one_of("period", "daily", "weekly"),
    postgresql_partition_by="HASH (organisation_id)",
)

# When the next digest of a person is due; whoever gathers for it, and whoever closes it, locks the row.
digest_schedule = Table(
    "digest_schedule",
    metadata,
    tenant_key(),
    Column("person_id", Uuid, primary_key=True),
    Column("period", Text, primary_key=True),
    moment("next_at"),
    one_of("period", "daily", "weekly"),
    Index("digest_schedule_due", "next_at"),
    info={"queue": True},
)
