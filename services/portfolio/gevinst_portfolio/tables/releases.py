"""What gates decided about projects, and the money, people and change load that a stop freed (G6)."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid
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

# The phase that a project begins with, which no gate stands before (G1).
started_phase = Table(
    "started_phase",
    metadata,
    tenant_key(),
    Column("project_id", Uuid, primary_key=True),
    Column("phase_model", Text, nullable=False),
    Column("phase", Text, nullable=False),
    moment("created_at"),
    belongs("project_id", to="project"),
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
    # What freed it: a gate of the benefits service, or a decision of the board.
    Column("gate_outcome_id", Uuid),
    Column("decision_id", Uuid),
    Column("released_on", Date, nullable=False),
    # A pause frees for a while: until this day, or for nobody knows how long.
    Column("is_temporary", Boolean, nullable=False),
    Column("until", Date),
    Column("money", JSONB, nullable=False),
    Column("resources", JSONB, nullable=False),
    minor_units("total_minor", is_optional=True),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("project_id", to="project"),
    belongs("gate_outcome_id", to="gate_outcome"),
    belongs("decision_id", to="decision"),
    CheckConstraint("num_nonnulls(gate_outcome_id, decision_id) = 1", name="cause"),
    CheckConstraint("until IS NULL OR is_temporary", name="until"),
    Index("release_by_project", "organisation_id", "project_id", "id"),
    Index("release_by_portfolio", "organisation_id", "portfolio_id", "id"),
    info={"append_only": True},
)
