"""Versions of business cases (C1). A version is written once: its frame, lines and results are one value."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

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
    Column("assumptions", JSONB, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("alternatives", JSONB, nullable=False),
    Column("recommended", Text, nullable=False),
    Column("financing", JSONB, nullable=False),
    Column("risk_pool", JSONB),
    Column("factors", JSONB, nullable=False),
    # C3: the general case that it was taken over from; `general_case_id` repeats it for the search.
    Column("origin", JSONB),
    Column("general_case_id", Uuid),
    Column("results", JSONB, nullable=False),
    Column("note", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "project_id", "number"),
    Index("business_case_by_general_case", "organisation_id", "general_case_id"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("horizon_years >= 1", name="horizon_years"),
    CheckConstraint("jsonb_typeof(lines) = 'array'", name="lines"),
    CheckConstraint("jsonb_typeof(assumptions) = 'array'", name="assumptions"),
    CheckConstraint("jsonb_typeof(factors) = 'array'", name="factors"),
    info={"append_only": True, "shared_as": [Marked(kind="business_case", by="project_id")]},
)
