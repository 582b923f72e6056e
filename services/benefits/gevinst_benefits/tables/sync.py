"""The exchange with other bodies: partners, grants, what they are given and what they gave (X1)."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import moment, record_key, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked
from gevinst_shared.feed.allowed_networks import network_table
from gevinst_shared.sync.schedule import sync_reading
from gevinst_shared.sync.tables import sync_tables

sync = sync_tables(metadata)
reading = sync_reading(metadata)

# Portfolio's word on a project, by its id: what is confidential does not come along with its programme.
confidentiality = Table(
    "confidentiality",
    metadata,
    tenant_key(),
    record_key(),
    Column("is_confidential", Boolean, nullable=False),
    info={"shared_as": [Marked(kind=EVERYTHING_UNDER, by="id")]},
)

# Portfolio's word on networks of the organisation's own that feeds may be read from.
sync_network = network_table("sync_network", metadata)

# Portfolio's word on who the organisation is to other bodies; none: it exchanges nothing.
sync_identity = Table(
    "sync_identity",
    metadata,
    tenant_key(),
    Column("serial", BigInteger, nullable=False),
    # The key of today that speaks for the organisation: with each new one our own is made anew.
    Column("kid", Text, nullable=False),
    # What was announced last of our keys, and under which serial.
    Column("told", JSONB),
    Column("told_serial", BigInteger, nullable=False, server_default="0"),
    # A key of ours was withdrawn: a new one is to be made.
    Column("needs_key", Boolean, nullable=False, server_default=text("false")),
    # When a worker looks whether a key is to be made or has ended; none: when portfolio says something new.
    moment("look_at", is_optional=True),
    Index("sync_identity_due", "look_at"),
    info={"queue": True},
)

# What this service signs its revisions with, and nothing else.
sync_key = Table(
    "sync_key",
    metadata,
    tenant_key(),
    Column("kid", Text, primary_key=True),
    Column("public", JSONB, nullable=False),
    # The private part, sealed with the installation's secret; nothing once the key was withdrawn.
    Column("sealed", LargeBinary, nullable=False),
    # The organisation's key when it was made.
    Column("made_for", Text, nullable=False),
    moment("made_at"),
    # When the organisation's statement was known to name it: nothing is signed with it before.
    moment("stated_at", is_optional=True),
    # None: there is none after it yet.
    moment("until", is_optional=True),
    # Somebody else may have it: portfolio's administrator has said so.
    moment("withdrawn_at", is_optional=True),
)
