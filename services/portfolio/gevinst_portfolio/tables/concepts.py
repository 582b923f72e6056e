"""Concepts of projects: the ways to meet a need, the zero alternative among them (P9)."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

concept = Table(
    "concept",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("is_zero_alternative", Boolean, nullable=False),
    # [{"dimension": "technical", "level": 4, "reason": "…"}]
    Column("feasibility", JSONB, nullable=False),
    minor_units("cost_minor", is_optional=True),
    minor_units("benefit_minor", is_optional=True),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("cost_by_year", JSONB, nullable=False),
    Column("needs", JSONB, nullable=False),
    Column("quarters", Integer),
    Column("is_recommended", Boolean, nullable=False),
    Column("state", Text, nullable=False, server_default=text("'considered'")),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    one_of("state", "considered", "chosen", "withdrawn"),
    # P9: the reference costs and gives nothing, stays, and is not carried out.
    CheckConstraint(
        "NOT is_zero_alternative OR (cost_minor = 0 AND benefit_minor = 0 AND quarters IS NULL)",
        name="reference_figures",
    ),
    CheckConstraint(
        "NOT is_zero_alternative OR jsonb_array_length(cost_by_year) + jsonb_array_length(needs) = 0",
        name="reference_profiles",
    ),
    CheckConstraint(
        "NOT is_zero_alternative OR (description IS NULL AND state = 'considered')", name="reference_state"
    ),
    CheckConstraint("quarters BETWEEN 1 AND 200", name="quarters"),
    CheckConstraint("NOT (is_recommended AND state = 'withdrawn')", name="recommended"),
    Index(
        "concept_zero_alternative",
        "organisation_id",
        "project_id",
        unique=True,
        postgresql_where=text("is_zero_alternative"),
    ),
    Index(
        "concept_recommended",
        "organisation_id",
        "project_id",
        unique=True,
        postgresql_where=text("is_recommended"),
    ),
    Index(
        "concept_chosen",
        "organisation_id",
        "project_id",
        unique=True,
        postgresql_where=text("state = 'chosen'"),
    ),
    Index("concept_by_project", "organisation_id", "project_id", "id"),
)
