"""Ideas: a name and a need, from anybody, before they are worked up to proposals (P1)."""

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

idea = Table(
    "idea",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid),
    Column("unit_id", Uuid),
    Column("name", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("source", Text, nullable=False),
    # Where in the source: a measure of a plan, a paragraph, a case number.
    Column("reference", Text),
    Column("submitted_by", Text, nullable=False),
    # Those who have said that they want it too, by their subject.
    Column("supporters", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("state", Text, nullable=False, server_default=text("'open'")),
    Column("answer", Text),
    Column("answered_by", Text),
    # What it has become.
    Column("project_id", Uuid),
    revision(),
    moment("created_at"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    belongs("portfolio_id", to="portfolio"),
    belongs("unit_id", to="unit"),
    belongs("project_id", to="project"),
    one_of("state", "open", "parked", "rejected", "proposed"),
    CheckConstraint("(state = 'proposed') = (project_id IS NOT NULL)", name="project"),
    CheckConstraint("state NOT IN ('parked', 'rejected') OR answer IS NOT NULL", name="answer"),
    Index("idea_by_state", "organisation_id", "state", "id"),
)
