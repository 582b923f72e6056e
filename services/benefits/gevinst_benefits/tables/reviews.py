"""What reviewers advise on a proposed gate, and what is said of it: each written once."""

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

gate_review = Table(
    "gate_review",
    metadata,
    tenant_key(),
    record_key(),
    Column("gate_id", Uuid, nullable=False),
    Column("reviewer_id", Uuid, nullable=False),
    Column("advice", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewed_by", Text, nullable=False),
    moment("reviewed_at"),
    revision(),
    belongs("gate_id", to="gate"),
    one_of("advice", "agree", "disagree", "abstain"),
    # Each reviewer advises once.
    UniqueConstraint("organisation_id", "gate_id", "reviewer_id"),
    info={"append_only": True},
)

gate_comment = Table(
    "gate_comment",
    metadata,
    tenant_key(),
    record_key(),
    Column("gate_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("gate_id", to="gate"),
    Index("gate_comment_by_gate", "organisation_id", "gate_id", "id"),
    info={"append_only": True},
)
