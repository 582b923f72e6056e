"""Price indexes that an organisation keeps: an edition is followed by another and never changed."""

from sqlalchemy import CheckConstraint, Column, Date, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import moment, record_key, revision, tenant_key

price_index = Table(
    "price_index",
    metadata,
    tenant_key(),
    record_key(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("by_year", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "code", "valid_from"),
    CheckConstraint("jsonb_typeof(by_year) = 'array'", name="by_year"),
    info={"append_only": True},
)
