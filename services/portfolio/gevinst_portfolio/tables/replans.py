"""Offers to plan again when a stop has freed capacity (G6)."""

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, UniqueConstraint, Uuid

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

replan = Table(
    "replan",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("release_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("scenario_id", Uuid),
    Column("run_id", Uuid),
    Column("reason", Text),
    Column("handled_by", Text),
    moment("handled_at", is_optional=True),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("release_id", to="release"),
    belongs("scenario_id", to="scenario"),
    belongs("run_id", to="run"),
    # One release is offered once.
    UniqueConstraint("organisation_id", "release_id"),
    one_of("state", "open", "accepted", "dismissed"),
    CheckConstraint("(state = 'open') = (handled_at IS NULL)", name="handled_at"),
    CheckConstraint("(state = 'accepted') = (scenario_id IS NOT NULL)", name="scenario_id"),
    CheckConstraint("(state = 'dismissed') = (reason IS NOT NULL)", name="reason"),
    Index("replan_by_portfolio", "organisation_id", "portfolio_id", "id"),
)
