"""Handing a project over to the line (G9), and looking years later whether the effect came (G10)."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

handover = Table(
    "handover",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("receiving_unit_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("papers", JSONB, nullable=False),
    Column("offered_by", Text),
    moment("offered_at", is_optional=True),
    Column("settled_by", Text),
    moment("settled_at", is_optional=True),
    Column("reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("receiving_unit_id", to="unit"),
    one_of("state", "draft", "offered", "accepted", "refused", "called-off"),
    CheckConstraint("jsonb_typeof(papers) = 'array'", name="papers"),
    CheckConstraint("(state IN ('draft', 'offered')) = (settled_at IS NULL)", name="settled"),
    # Who offers it does not accept it.
    CheckConstraint("state <> 'accepted' OR settled_by <> offered_by", name="accepted"),
    Index("handover_by_project", "organisation_id", "project_id", "id"),
    Index(
        "handover_open",
        "organisation_id",
        "project_id",
        unique=True,
        postgresql_where=text("state IN ('draft', 'offered')"),
    ),
)

effect_review = Table(
    "effect_review",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text),
    Column("reason", Text),
    # What the plan said of each benefit when the review was held.
    Column("benefits", JSONB, nullable=False),
    Column("held_by", Text),
    moment("held_at", is_optional=True),
    # The review that this one asked for, when more work was needed.
    Column("follows_id", Uuid),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("follows_id", to="effect_review"),
    one_of("state", "scheduled", "held", "called-off"),
    one_of("outcome", "effect-reached", "more-work-needed", "follow-up-ended"),
    CheckConstraint("(state = 'held') = (outcome IS NOT NULL)", name="held"),
    Index("effect_review_by_project", "organisation_id", "project_id", "due_on", "id"),
)
