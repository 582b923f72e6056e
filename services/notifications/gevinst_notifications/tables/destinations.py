"""What holds up a destination: its breaker, and an administrator's pause."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint, Uuid

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key

# Only of destinations that failed once. `failures` counts those in a row.
breaker = Table(
    "breaker",
    metadata,
    tenant_key(),
    Column("channel", Text, primary_key=True),
    Column("destination", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    moment("failed_at"),
    moment("open_until", is_optional=True),
    info={"queue": True},
)

# Nothing goes out on the channel, or to the one destination, while the row is there.
pause = Table(
    "pause",
    metadata,
    tenant_key(),
    record_key(),
    Column("channel", Text, nullable=False),
    Column("destination", Text),
    Column("reason", Text, nullable=False),
    Column("paused_by", Text, nullable=False),
    moment("paused_at"),
    revision(),
    UniqueConstraint("organisation_id", "channel", "destination", postgresql_nulls_not_distinct=True),
    info={"queue": True},
)

# Addresses that no mail is sent to: a server said that they do not exist, or a report of a bounce did.
suppression = Table(
    "suppression",
    metadata,
    tenant_key(),
    record_key(),
    Column("address", Text, nullable=False, info={"personal": True}),
    Column("cause", Text, nullable=False),
    Column("code", Text),
    Column("text", Text),
    Column("delivery_id", Uuid),
    moment("suppressed_at"),
    revision(),
    UniqueConstraint("organisation_id", "address"),
    one_of("cause", "refused", "bounced", "chosen"),
)
