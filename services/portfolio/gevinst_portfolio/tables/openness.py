"""What of a portfolio's decisions everybody may read, what may not be told, and what was said of it since."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Table, Text, Uuid

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked

# By the portfolio's id; none: nothing of it is public.
openness = Table(
    "openness",
    metadata,
    tenant_key(),
    record_key(),
    Column("is_open", Boolean, nullable=False),
    # What the deciding body is called in public, such as a committee: never the names of its members.
    Column("body", Text, nullable=False),
    Column("from_day", Date, nullable=False),
    revision(),
    moment("created_at"),
    belongs("id", to="portfolio"),
)

# By the project's id; none: it may be told.
confidentiality = Table(
    "confidentiality",
    metadata,
    tenant_key(),
    record_key(),
    Column("is_confidential", Boolean, nullable=False),
    # The law that says so, such as a paragraph.
    Column("basis", Text),
    revision(),
    moment("created_at"),
    belongs("id", to="project"),
    CheckConstraint("NOT is_confidential OR basis IS NOT NULL", name="basis"),
    info={"shared_as": [Marked(kind="project"), Marked(kind=EVERYTHING_UNDER, by="id")]},
)

public_note = Table(
    "public_note",
    metadata,
    tenant_key(),
    record_key(),
    Column("decision_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("noted_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("decision_id", to="decision"),
    one_of("kind", "correction", "withdrawal"),
    Index("public_note_by_decision", "organisation_id", "decision_id", "id"),
    info={"append_only": True},
)
