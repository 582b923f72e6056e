"""Conditions of decisions, followed up as records of their own (G7)."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

condition = Table(
    "condition",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    # The gate whose decision asks for it.
    Column("gate_id", Uuid, nullable=False),
    Column("gate", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("deadline", Date, nullable=False),
    Column("needs_confirmation", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("evidence", Text),
    Column("reported_by", Text),
    moment("reported_at", is_optional=True),
    Column("settled_by", Text),
    moment("settled_at", is_optional=True),
    Column("reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("gate_id", to="gate"),
    belongs("owner_id", to="person"),
    one_of("state", "open", "reported", "met", "waived", "lapsed", "closed"),
    CheckConstraint("(state IN ('open', 'reported')) = (settled_at IS NULL)", name="settled"),
    CheckConstraint("state NOT IN ('reported', 'met') OR evidence IS NOT NULL", name="evidence"),
    # Who reports it as met does not confirm it, where that was asked for.
    CheckConstraint(
        "NOT needs_confirmation OR state <> 'met' OR settled_by <> reported_by", name="confirmed"
    ),
    Index("condition_by_project", "organisation_id", "project_id", "id"),
    Index("condition_by_owner", "organisation_id", "owner_id", "deadline"),
    info={"shared_as": [Marked(kind="status", by="project_id")]},
)
