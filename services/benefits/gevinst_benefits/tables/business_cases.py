"""Versions of business cases (C1). A version is written once: its frame, lines and results are one value."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

business_case = Table(
    "business_case",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("base_year", Integer, nullable=False),
    Column("horizon_years", Integer, nullable=False),
    Column("price_year", Integer, nullable=False),
    # The whole regime with its rates: a version keeps what it was computed with (C4).
    Column("regime", JSONB, nullable=False),
    Column("price_index", JSONB),
    Column("lines", JSONB, nullable=False),
    Column("results", JSONB, nullable=False),
    Column("note", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "project_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("horizon_years >= 1", name="horizon_years"),
    CheckConstraint("jsonb_typeof(lines) = 'array'", name="lines"),
    info={"append_only": True},
)
