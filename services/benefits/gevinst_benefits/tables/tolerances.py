"""An organisation's own tolerances of traffic lights (B7): a new entry, never a changed one."""

from sqlalchemy import Column, Date, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key

tolerance = Table(
    "tolerance",
    metadata,
    tenant_key(),
    record_key(),
    Column("measure", Text, nullable=False),
    Column("yellow", JSONB, nullable=False),
    Column("red", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    one_of("measure", "cost", "time", "benefit"),
    info={"append_only": True},
)
