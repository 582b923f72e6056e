"""Endpoints outside, their keys, what is kept to be sent there, and networks that may be called."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.feed.allowed_networks import network_table

endpoint = Table(
    "endpoint",
    metadata,
    tenant_key(),
    record_key(),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    # The address may be a secret in itself (a chat's usually is): only its host is told.
    Column("host", Text, nullable=False),
    Column("sealed_address", LargeBinary, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid),
    Column("language", Text),
    Column("state", Text, nullable=False),
    Column("disabled_because", Text),
    moment("disabled_at", is_optional=True),
    # When what was sent began to fail without a success since. Traffic, not a change of the record.
    moment("failing_since", is_optional=True),
    moment("created_at"),
    revision(),
    one_of("channel", "webhook", "teams", "slack", "mattermost", "apprise"),
    one_of("scope", "organisation", "unit", "portfolio", "programme", "project"),
    one_of("state", "active", "paused", "disabled"),
    one_of("disabled_because", "gone", "failing"),
    CheckConstraint("(scope = 'organisation') = (scope_id IS NULL)", name="scope_id"),
    CheckConstraint("(state = 'disabled') = (disabled_at IS NOT NULL)", name="disabled_at"),
    CheckConstraint("(state = 'disabled') = (disabled_because IS NOT NULL)", name="disabled"),
    CheckConstraint("(channel = 'webhook') = (cardinality(event_types) > 0)", name="event_types"),
)

endpoint_key = Table(
    "endpoint_key",
    metadata,
    tenant_key(),
    record_key(),
    Column("endpoint_id", Uuid, nullable=False),
    Column("sealed_secret", LargeBinary, nullable=False),
    moment("created_at"),
    moment("ends_at", is_optional=True),
    revision(),
    belongs("endpoint_id", to="endpoint"),
    Index("endpoint_key_of", "organisation_id", "endpoint_id"),
)

# A fact that some endpoint wants, as it came, until nothing is to be sent of it any more. `names` are those
# that it does not bring itself, for channels that want words.
outgoing_event = Table(
    "outgoing_event",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    moment("occurred_at"),
    Column("data", JSONB, nullable=False),
    Column("names", JSONB, nullable=False),
    moment("kept_at"),
    Index("outgoing_event_kept", "organisation_id", "kept_at"),
    postgresql_partition_by="HASH (organisation_id)",
)

allowed_network = network_table("allowed_network", metadata)
