"""What leaves the house, per event, receiver and channel, and every attempt at it."""

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
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key

# N5: the key makes a repetition of the same fact a conflict, and so nothing.
delivery = Table(
    "delivery",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    # What limits and the breaker are counted by: the mail server, or an endpoint's host.
    Column("destination", Text, nullable=False),
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
    Index(
        "delivery_due",
        "channel",
        "organisation_id",
        "destination",
        "due_at",
        postgresql_where=text("state IN ('pending', 'failed', 'unknown')"),
    ),
    Index(
        "delivery_leased",
        "channel",
        "organisation_id",
        "destination",
        postgresql_where=text("state = 'leased'"),
    ),
    Index("delivery_dead", "organisation_id", "id", postgresql_where=text("state = 'dead'")),
    postgresql_partition_by="HASH (organisation_id)",
    info={"queue": True},
)

# Every attempt at a delivery, also those before it was replayed. `number` begins anew with a replay.
delivery_attempt = Table(
    "delivery_attempt",
    metadata,
    tenant_key(),
    record_key(),
    Column("delivery_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("number", Integer, nullable=False),
    moment("at"),
    Column("outcome", Text, nullable=False),
    Column("code", Integer),
    Column("text", Text),
    Index("delivery_attempt_of", "organisation_id", "delivery_id", "id"),
    postgresql_partition_by="HASH (organisation_id)",
    info={"append_only": True},
)
