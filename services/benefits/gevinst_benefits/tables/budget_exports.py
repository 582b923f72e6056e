"""Files for the economy system: mappings in versions, exports that never change, and what became of them."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

# The mapping in force is the one with the highest number.
export_mapping = Table(
    "export_mapping",
    metadata,
    tenant_key(),
    record_key(),
    Column("number", Integer, nullable=False),
    # ExportMappingIn, as it was sent.
    Column("mapping", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    info={"append_only": True},
)

# The file itself, as it was made.
export_file = Table(
    "export_file",
    metadata,
    tenant_key(),
    # The export's id.
    record_key(),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", Text, nullable=False),
    UniqueConstraint("organisation_id", "id", "sha256", name="export_file_sha256_key"),
    CheckConstraint("sha256 = encode(sha256(content), 'hex')", name="sha256"),
    info={"append_only": True},
)

budget_export = Table(
    "budget_export",
    metadata,
    tenant_key(),
    record_key(),
    Column("number", Integer, nullable=False),
    Column("previous_number", Integer),
    Column("mapping_id", Uuid, nullable=False),
    Column("entry_count", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("mapping_id", to="export_mapping"),
    # Numbered from 1 without gaps.
    UniqueConstraint("organisation_id", "number"),
    CheckConstraint(
        "number > 0 AND previous_number IS NOT DISTINCT FROM NULLIF(number - 1, 0)", name="number"
    ),
    ForeignKeyConstraint(
        ["organisation_id", "previous_number"],
        ["budget_export.organisation_id", "budget_export.number"],
        name="budget_export_previous_number_fkey",
    ),
    CheckConstraint("entry_count > 0", name="entry_count"),
    ForeignKeyConstraint(
        ["organisation_id", "id", "sha256"],
        ["export_file.organisation_id", "export_file.id", "export_file.sha256"],
        name="budget_export_file_fkey",
    ),
    info={"append_only": True},
)

# An entry is exported once: its id is the key.
exported_entry = Table(
    "exported_entry",
    metadata,
    tenant_key(),
    # The entry's id.
    record_key(),
    Column("export_id", Uuid, nullable=False),
    belongs("id", to="budget_entry"),
    belongs("export_id", to="budget_export"),
    Index("exported_entry_by_export", "organisation_id", "export_id"),
    info={"append_only": True},
)

# What became of a file after it was made: received, rejected, sent again.
export_step = Table(
    "export_step",
    metadata,
    tenant_key(),
    record_key(),
    Column("export_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("reference", Text),
    Column("reason", Text),
    Column("told_by", Text, nullable=False),
    moment("told_at"),
    revision(),
    belongs("export_id", to="budget_export"),
    one_of("state", "sent", "received", "rejected"),
    UniqueConstraint("organisation_id", "export_id", "number"),
    Index(
        "export_step_received_once",
        "organisation_id",
        "export_id",
        unique=True,
        postgresql_where=text("state = 'received'"),
    ),
    info={"append_only": True},
)
