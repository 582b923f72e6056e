"""Meetings of the board, and what is on their agendas (P8)."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

meeting = Table(
    "meeting",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    moment("starts_at"),
    Column("time_zone", Text, nullable=False),
    Column("place", Text),
    Column("link", Text),
    Column("member_ids", ARRAY(Uuid), nullable=False),
    Column("state", Text, nullable=False),
    moment("called_at", is_optional=True),
    Column("called_by", Text),
    Column("attended_ids", ARRAY(Uuid)),
    Column("minutes", Text),
    moment("approved_at", is_optional=True),
    Column("approved_by", Text),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    one_of("state", "planned", "called", "held", "approved"),
    CheckConstraint("(state = 'planned') = (called_at IS NULL)", name="called_at"),
    CheckConstraint("(state IN ('held', 'approved')) = (attended_ids IS NOT NULL)", name="attended_ids"),
    CheckConstraint("(state = 'approved') = (approved_at IS NOT NULL)", name="approved_at"),
    CheckConstraint("state <> 'approved' OR minutes IS NOT NULL", name="minutes"),
    Index("meeting_by_portfolio", "organisation_id", "portfolio_id", "starts_at", "id"),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    tenant_key(),
    record_key(),
    Column("meeting_id", Uuid, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("scenario_id", Uuid),
    Column("project_ids", ARRAY(Uuid), nullable=False),
    # Without a foreign key: a release may come of a decision, and a decision of an item. The use case looks.
    Column("release_id", Uuid),
    Column("proposed_decision", Text),
    # [{"title": …, "url": …}] or [{"title": …, "document_id": …}]: told, never fetched.
    Column("papers", JSONB, nullable=False, server_default=text("'[]'")),
    # Put on the agenda, changed or taken off it after the members were called.
    Column("is_late", Boolean, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False, server_default=text("false")),
    revision(),
    moment("created_at"),
    belongs("meeting_id", to="meeting"),
    belongs("scenario_id", to="scenario"),
    one_of("kind", "scenario", "proposal", "stop", "status", "information"),
    CheckConstraint("position BETWEEN 1 AND 1000", name="position"),
    CheckConstraint("jsonb_typeof(papers) = 'array'", name="papers"),
    Index("agenda_item_by_meeting", "organisation_id", "meeting_id", "position", "id"),
)
