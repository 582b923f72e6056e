"""Scenarios (P3, P8)."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

scenario = Table(
    "scenario",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_quarter", Text, nullable=False),
    Column("quarters", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("work_limit", BigInteger, nullable=False),
    Column("assumptions", JSONB, nullable=False),
    Column("author", Text, nullable=False),
    # The last solve: its plan, what it was made from (to say what has changed since), and its run.
    Column("plan", JSONB),
    Column("plan_inputs", JSONB),
    Column("plan_run_id", Uuid),
    moment("solved_at", is_optional=True),
    moment("published_at", is_optional=True),
    Column("published_by", Text),
    # Runs and events name it still; nobody finds it any more.
    moment("deleted_at", is_optional=True),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    CheckConstraint("deleted_at IS NULL OR published_at IS NULL", name="deleted"),
    CheckConstraint("quarters BETWEEN 1 AND 80", name="quarters"),
    CheckConstraint("(plan IS NULL) = (plan_inputs IS NULL)", name="plan"),
    CheckConstraint("published_at IS NULL OR plan IS NOT NULL", name="published"),
    Index("scenario_by_portfolio", "organisation_id", "portfolio_id", "id"),
)
