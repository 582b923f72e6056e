"""The criteria model of a portfolio, and the scores that were given by it (P6)."""

from sqlalchemy import CheckConstraint, Column, Float, Index, Table, Text, UniqueConstraint, Uuid

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

criterion = Table(
    "criterion",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    # Any positive number: weights count in proportion to their sum.
    Column("weight", Float, nullable=False),
    Column("scale_min", Float, nullable=False),
    Column("scale_max", Float, nullable=False),
    Column("better", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    UniqueConstraint("organisation_id", "portfolio_id", "name"),
    one_of("better", "higher", "lower"),
    CheckConstraint("weight > 0", name="weight"),
    CheckConstraint("scale_min < scale_max", name="scale"),
)

# P6: who scored, when and why; a new score stands beside the old one.
score = Table(
    "score",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("criterion_id", Uuid, nullable=False),
    Column("value", Float, nullable=False),
    Column("reason", Text),
    Column("scored_by", Text, nullable=False),
    moment("scored_at"),
    belongs("project_id", to="project"),
    belongs("criterion_id", to="criterion"),
    Index("score_latest", "organisation_id", "project_id", "criterion_id", "scored_at", "id"),
    info={"append_only": True},
)
