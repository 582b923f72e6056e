"""What leaves the house, per event, person and channel."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, revision, tenant_key

# N5: the key makes a repetition of the same fact a conflict, and so nothing.
delivery = Table(
    "delivery",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("due_at"),
    Column("attempts", Integer, nullable=False),
    moment("lease_until", is_optional=True),
    Column("may_be_duplicate", Boolean, nullable=False),
    Column("last_outcome", Text),
    Column("last_code", Integer),
    Column("last_text", Text),
    moment("sent_at", is_optional=True),
    moment("created_at"),
    revision(),
    UniqueConstraint("organisation_id", "id"),
    one_of("state", "pending", "leased", "sent", "failed", "unknown", "dead", "cancelled"),
    CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="lease_until"),
    Index("delivery_due", "due_at", postgresql_where=text("state IN ('pending', 'failed', 'unknown')")),
    Index("delivery_leased", "lease_until", postgresql_where=text("state = 'leased'")),
    postgresql_partition_by="HASH (organisation_id)",
    info={"queue": True},
)
