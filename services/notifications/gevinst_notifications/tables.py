"""Every table of the notifications service.

`organisation_id` is the tenant and comes first in every key. What other services own is a read model here:
kept as it was last announced, without foreign keys, because facts of two feeds arrive in any order.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_shared.audit.trail import Trail, audit_seal_table
from gevinst_shared.db.columns import moment, new_metadata, one_of, record_key, revision, tenant_key
from gevinst_shared.db.idempotency import KeptAnswers, idempotency_table
from gevinst_shared.feed.consumer import cursor_table
from gevinst_shared.feed.outbox import Outbox, audit_table, event_table
from gevinst_shared.feed.reader import FeedReader

metadata = new_metadata()

event = event_table(metadata)
audit = audit_table(metadata)
audit_seal = audit_seal_table(metadata)
idempotency = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)
outbox = Outbox(event, audit)
trail = Trail(event, audit, audit_seal, feed_cursor, outbox)
feed = FeedReader(event)
kept_answers = KeptAnswers(idempotency)

organisation = Table(
    "organisation",
    metadata,
    tenant_key(),
    Column("name", Text, nullable=False),
    Column("currency", Text),
    Column("language", Text),
)

unit = Table(
    "unit",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    # Every unit above this one and this one itself.
    Column("path", ARRAY(Uuid), nullable=False),
)

person = Table(
    "person",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("language", Text),
    Index("person_by_subject", "organisation_id", "subject"),
)

role_assignment = Table(
    "role_assignment",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Index("role_assignment_by_subject", "organisation_id", "subject"),
    Index("role_assignment_by_scope", "organisation_id", "scope_id", "role"),
)

portfolio = Table(
    "portfolio",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
)

project = Table(
    "project",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text),
    Column("portfolio_id", Uuid),
    Column("programme_id", Uuid),
    Column("unit_id", Uuid),
    Column("owner_id", Uuid),
    Column("manager_id", Uuid),
    Column("receiving_unit_ids", ARRAY(Uuid)),
)

# What people were told of an event. The words are made when it is read, in the reader's language.
notice = Table(
    "notice",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    moment("occurred_at"),
    Column("data", JSONB, nullable=False),
    postgresql_partition_by="HASH (organisation_id)",
    info={"append_only": True},
)

# The row that those who write to one person's inbox lock, so that numbers appear in order.
inbox_counter = Table(
    "inbox_counter",
    metadata,
    tenant_key(),
    Column("person_id", Uuid, primary_key=True),
    Column("last_seq", BigInteger, nullable=False),
)

inbox_item = Table(
    "inbox_item",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("reasons", ARRAY(Text), nullable=False),
    moment("created_at"),
    moment("read_at", is_optional=True),
    moment("acknowledged_at", is_optional=True),
    revision(),
    UniqueConstraint("organisation_id", "event_id", "person_id"),
    UniqueConstraint("organisation_id", "person_id", "seq"),
    Index(
        "inbox_item_unread", "organisation_id", "person_id", "seq", postgresql_where=text("read_at IS NULL")
    ),
    postgresql_partition_by="HASH (organisation_id)",
)

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
