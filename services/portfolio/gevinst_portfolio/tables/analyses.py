"""What was asked of a scenario's plan, and the answers (P7); an analysis has the id of its run."""

from sqlalchemy import Column, Index, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

analysis = Table(
    "analysis",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("scenario_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("options", JSONB, nullable=False),
    # The hash of everything that it was made from: tells whether it is stale.
    Column("inputs", Text, nullable=False),
    Column("result", JSONB, nullable=False),
    Column("requested_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("scenario_id", to="scenario"),
    one_of("kind", "explanation", "frontier", "stability", "certainty", "baselines"),
    Index("analysis_by_scenario", "organisation_id", "scenario_id", "id"),
    info={"append_only": True},
)
