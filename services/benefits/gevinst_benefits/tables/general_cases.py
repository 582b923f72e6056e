"""General cases (C3): the register of those that were published here or brought in, and their editions."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

general_case = Table(
    "general_case",
    metadata,
    tenant_key(),
    # Ours, also for what was brought in: an id that another body says is a claim, and two may claim the same.
    record_key(),
    Column("publisher", Text, nullable=False),
    # The id that its publisher gave it, which editions name.
    Column("published_as", Uuid, nullable=False),
    # Of one's own; one that was brought in belongs to no project here.
    Column("project_id", Uuid),
    Column("name", Text, nullable=False),
    Column("summary", Text),
    Column("edition", Integer, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    moment("changed_at"),
    # Nobody takes it over any more; the next edition puts it back.
    moment("withdrawn_at", is_optional=True),
    # Why, as its owner wrote it; or as a word, where it was not withdrawn by anybody here.
    Column("withdrawal_reason", Text),
    Column("withdrawal_code", Text),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "project_id"),
    UniqueConstraint("organisation_id", "publisher", "published_as"),
    CheckConstraint(
        "CASE WHEN publisher = organisation_id THEN published_as = id ELSE project_id IS NULL END",
        name="publisher",
    ),
    CheckConstraint("edition >= 1", name="edition"),
    CheckConstraint(
        "(withdrawn_at IS NULL) = (withdrawal_reason IS NULL AND withdrawal_code IS NULL)", name="withdrawal"
    ),
    info={"shared_as": [Marked(kind="general_case")]},
)

general_case_edition = Table(
    "general_case_edition",
    metadata,
    tenant_key(),
    record_key(),
    Column("general_case_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("business_case_id", Uuid),
    Column("document", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("note", Text),
    Column("published_by", Text, nullable=False),
    moment("published_at"),
    belongs("general_case_id", to="general_case"),
    belongs("business_case_id", to="business_case"),
    UniqueConstraint("organisation_id", "general_case_id", "number"),
    Index("general_case_edition_by_case", "organisation_id", "business_case_id"),
    info={"append_only": True, "shared_as": [Marked(kind="general_case", by="general_case_id")]},
)
