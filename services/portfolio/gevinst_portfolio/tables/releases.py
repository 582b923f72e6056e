"""What gates decided about projects, and the money, people and change load that a stop freed (G6)."""

from sqlalchemy import Column, Date, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, tenant_key

# `id` is the event that brought the outcome, so that a replay finds it done.
gate_outcome = Table(
    "gate_outcome",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("gate", Text, nullable=False),
    Column("gate_name", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("phase", Text),
    Column("project_state", Text, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_by", Text),
    Column("reason", Text),
    moment("created_at"),
    belongs("project_id", to="project"),
    one_of("project_state", "running", "paused", "stopped", "closed"),
    info={"append_only": True},
)

release = Table(
    "release",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("project_name", Text, nullable=False),
    Column("gate_outcome_id", Uuid, nullable=False),
    Column("released_on", Date, nullable=False),
    Column("money", JSONB, nullable=False),
    Column("resources", JSONB, nullable=False),
    minor_units("total_minor", is_optional=True),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("project_id", to="project"),
    belongs("gate_outcome_id", to="gate_outcome"),
    Index("release_by_portfolio", "organisation_id", "portfolio_id", "id"),
    info={"append_only": True},
)
