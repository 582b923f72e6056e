"""What people were told, and the inbox of each person."""

from sqlalchemy import BigInteger, Column, Index, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key

# What people were told of an event. The words are made when it is read, in the reader's language. It changes
# only where it named somebody who was erased (E3).
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
)

# A fact that was read and that nobody was told of, for as long as somebody may ask why (N4).
unheard_event = Table(
    "unheard_event",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    moment("occurred_at"),
    Column("cause", Text, nullable=False),
    moment("kept_at"),
    one_of("cause", "not-told-of", "nobody-concerned", "not-understood"),
    Index("unheard_event_kept", "organisation_id", "kept_at"),
    postgresql_partition_by="HASH (organisation_id)",
)

# The row that those who tell in an organisation lock, so that numbers appear in order in every inbox. A row
# per person would cost as much as the items.
inbox_counter = Table(
    "inbox_counter",
    metadata,
    tenant_key(),
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
    # The period in whose digest it goes, and the digest in which it went.
    Column("digest", Text),
    Column("digest_id", Uuid),
    revision(),
    UniqueConstraint("organisation_id", "event_id", "person_id"),
    UniqueConstraint("organisation_id", "person_id", "seq"),
    Index(
        "inbox_item_unread", "organisation_id", "person_id", "seq", postgresql_where=text("read_at IS NULL")
    ),
    Index(
        "inbox_item_gathered",
        "organisation_id",
        "person_id",
        postgresql_where=text("digest IS NOT NULL AND digest_id IS NULL"),
    ),
    Index(
        "inbox_item_of_digest",
        "organisation_id",
        "digest_id",
        postgresql_where=text("digest_id IS NOT NULL"),
    ),
    postgresql_partition_by="HASH (organisation_id)",
)
