"""What the board decided: never changed afterwards, only followed by another (P8)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

decision = Table(
    "decision",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scenario_id", Uuid),
    Column("follows_id", Uuid),
    Column("meeting_id", Uuid),
    Column("agenda_item_id", Uuid),
    Column("case_number", Text, nullable=False),
    Column("deciders", ARRAY(Text), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    # How long a pause or a postponement lasts: to a day, or until something has happened.
    Column("until", Date),
    Column("condition", Text),
    # What each project was before and is after: `DecidedProjectOut` as JSON.
    Column("projects", JSONB, nullable=False),
    Column("left_out", ARRAY(Uuid), nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("scenario_id", to="scenario"),
    belongs("follows_id", to="decision"),
    belongs("meeting_id", to="meeting"),
    belongs("agenda_item_id", to="agenda_item"),
    # A decision is never changed, only followed by another, and by one only: the portfolio's are one chain.
    UniqueConstraint("organisation_id", "scenario_id"),
    UniqueConstraint("organisation_id", "portfolio_id", "follows_id", postgresql_nulls_not_distinct=True),
    one_of("kind", "scenario", "approve", "pause", "stop", "resume", "close", "reject", "postpone"),
    CheckConstraint("(kind = 'scenario') = (scenario_id IS NOT NULL)", name="scenario_id"),
    CheckConstraint("agenda_item_id IS NULL OR meeting_id IS NOT NULL", name="meeting_id"),
    CheckConstraint("cardinality(deciders) > 0", name="deciders"),
    CheckConstraint("id <> follows_id", name="follows_id"),
    Index("decision_by_portfolio", "organisation_id", "portfolio_id", "id"),
    Index(
        "decision_by_agenda_item",
        "organisation_id",
        "agenda_item_id",
        postgresql_where=text("agenda_item_id IS NOT NULL"),
    ),
    info={"append_only": True},
)

# Each project's own chain through the decisions that name it.
decided_project = Table(
    "decided_project",
    metadata,
    tenant_key(),
    Column("project_id", Uuid, primary_key=True),
    Column("decision_id", Uuid, primary_key=True),
    Column("follows_id", Uuid),
    Column("effect", Text, nullable=False),
    Column("status_before", Text, nullable=False),
    Column("status_after", Text, nullable=False),
    belongs("project_id", to="project"),
    belongs("decision_id", to="decision"),
    ForeignKeyConstraint(
        ["organisation_id", "project_id", "follows_id"],
        [
            "decided_project.organisation_id",
            "decided_project.project_id",
            "decided_project.decision_id",
        ],
    ),
    UniqueConstraint("organisation_id", "project_id", "follows_id", postgresql_nulls_not_distinct=True),
    CheckConstraint("decision_id <> follows_id", name="follows_id"),
    info={"append_only": True},
)
