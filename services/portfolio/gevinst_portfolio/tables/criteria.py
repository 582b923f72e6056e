"""The criteria model of a portfolio in its versions, scores by it, and comparisons of criteria (P6)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

# A version is written whole and never changed: what a score was given by can always be read.
criteria_model = Table(
    "criteria_model",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("middle", Text, nullable=False),
    Column("criteria", JSONB, nullable=False),
    # Where the weights come from, when not set directly.
    Column("comparison_id", Uuid),
    Column("reason", Text),
    Column("made_by", Text, nullable=False),
    moment("made_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("comparison_id", to="criteria_comparison"),
    UniqueConstraint("organisation_id", "portfolio_id", "version"),
    one_of("middle", "mean", "median"),
    CheckConstraint("version > 0", name="version"),
    CheckConstraint("jsonb_typeof(criteria) = 'array'", name="criteria"),
    info={"append_only": True},
)

# P6: who scored, when and why; a new score stands beside the old one.
score = Table(
    "score",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("portfolio_id", Uuid, nullable=False),
    Column("model_version", Integer, nullable=False),
    # One of that version's criteria.
    Column("criterion_id", Uuid, nullable=False),
    Column("value", Float, nullable=False),
    Column("reason", Text),
    Column("scored_by", Text, nullable=False),
    moment("scored_at"),
    belongs("project_id", to="project"),
    ForeignKeyConstraint(
        ["organisation_id", "portfolio_id", "model_version"],
        ["criteria_model.organisation_id", "criteria_model.portfolio_id", "criteria_model.version"],
    ),
    CheckConstraint("value BETWEEN -1e9 AND 1e9", name="value"),
    Index("score_latest", "organisation_id", "project_id", "criterion_id", "scored_by", "scored_at", "id"),
    Index("score_by_portfolio", "organisation_id", "portfolio_id", "project_id"),
    info={"append_only": True},
)

criteria_comparison = Table(
    "criteria_comparison",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    # Id and name of each criterion that is compared, as they were when it began.
    Column("criteria", JSONB, nullable=False),
    Column("begun_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    Index("criteria_comparison_by_portfolio", "organisation_id", "portfolio_id", "id"),
)

# All that one judge says at a time; what the same judge says later replaces it, and both stay.
judgement = Table(
    "judgement",
    metadata,
    tenant_key(),
    record_key(),
    Column("comparison_id", Uuid, nullable=False),
    Column("judge", Text, nullable=False),
    Column("pairs", JSONB, nullable=False),
    Column("reason", Text),
    moment("judged_at"),
    belongs("comparison_id", to="criteria_comparison"),
    Index("judgement_latest", "organisation_id", "comparison_id", "judge", "judged_at", "id"),
    info={"append_only": True},
)

# What a project is worth by its business case, as the benefits service announced it: one row an event.
case_value = Table(
    "case_value",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("business_case_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("regime", Text, nullable=False),
    # Amounts as text, in `currency` at `price_year` prices: they are compared, and summed nowhere.
    Column("net_present_value", Text, nullable=False),
    Column("percentiles", JSONB, nullable=False),
    moment("evaluated_at"),
    belongs("project_id", to="project"),
    Index("case_value_latest", "organisation_id", "project_id", "number", "evaluated_at", "id"),
    info={"append_only": True},
)

# What each project's value in a plan came from, as it was when the plan was made (E2).
valuation = Table(
    "valuation",
    metadata,
    tenant_key(),
    Column("run_id", Uuid, primary_key=True),
    Column("projects", JSONB, nullable=False),
    moment("valued_at"),
    belongs("run_id", to="run"),
    info={"append_only": True},
)
