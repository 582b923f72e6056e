"""The exchange with other bodies: who we are to them, partners, grants, what they are given and gave (X1)."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, revision, tenant_key
from gevinst_shared.feed.allowed_networks import network_table
from gevinst_shared.sync.schedule import sync_reading
from gevinst_shared.sync.tables import sync_tables

sync = sync_tables(metadata)
reading = sync_reading(metadata)

# None: the organisation exchanges nothing, and says nothing of itself.
sync_identity = Table(
    "sync_identity",
    metadata,
    tenant_key(),
    Column("contact", Text, nullable=False),
    # Rises with every statement, also after a restore: it is never lower than the time of its making.
    Column("serial", BigInteger, nullable=False),
    # As everybody gets it: signed once, and not at each asking.
    Column("statement", Text, nullable=False),
    moment("stated_at"),
    # When a worker looks whether it still says what is so.
    moment("look_at"),
    revision(),
    moment("created_at"),
    info={"queue": True},
)

sync_key = Table(
    "sync_key",
    metadata,
    tenant_key(),
    Column("kid", Text, primary_key=True),
    # As people read it aloud.
    Column("thumbprint", Text, nullable=False),
    Column("public", JSONB, nullable=False),
    # The private part, sealed with the installation's secret.
    Column("sealed", LargeBinary, nullable=False),
    moment("made_at"),
    # None: the key of today.
    moment("until", is_optional=True),
    # Somebody else may have it: the statement says so from then on.
    moment("withdrawn_at", is_optional=True),
    Index("sync_key_of_today", "organisation_id", unique=True, postgresql_where=text("until IS NULL")),
)

# What other services sign their revisions with, as they announced it. No private part leaves its service.
# A key that was withdrawn stays here, so that nothing brings it back.
sync_service_key = Table(
    "sync_service_key",
    metadata,
    tenant_key(),
    Column("service", Text, primary_key=True),
    Column("kid", Text, primary_key=True),
    Column("thumbprint", Text, nullable=False),
    Column("public", JSONB, nullable=False),
    # Of the newest announcement that was kept, for all keys of the service; an older one says nothing new.
    Column("serial", BigInteger, nullable=False),
    moment("made_at"),
    # None: the service's key of today.
    moment("until", is_optional=True),
    moment("withdrawn_at", is_optional=True),
)

# How our last looks at a partner's statement went.
sync_contact = Table(
    "sync_contact",
    metadata,
    tenant_key(),
    Column("partner_id", Uuid, primary_key=True),
    # The partner's key of today.
    Column("kid", Text),
    Column("thumbprint", Text),
    Column("statement_hash", Text),
    # A new key that an administrator has compared, after the partner lost all that were known.
    Column("expected_kid", Text),
    # What was wrong the last time.
    Column("fault", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    moment("tried_at", is_optional=True),
    moment("contact_at", is_optional=True),
    # When a worker fetches the statement; none: never again.
    moment("fetch_at", is_optional=True),
    # Whose fetch it is: what another has claimed meanwhile is not kept.
    Column("attempt", BigInteger, nullable=False, server_default="0"),
    belongs("partner_id", to="sync_partner"),
    Index("sync_contact_due", "fetch_at"),
    info={"queue": True},
)

# Networks of the organisation's own that statements and feeds may be fetched from.
sync_network = network_table("sync_network", metadata)
