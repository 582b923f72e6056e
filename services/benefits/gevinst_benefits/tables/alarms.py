"""What falls due at a moment, for the workers of all organisations (A6)."""

from sqlalchemy import Column, Index, Table, Text, Uuid, text

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, tenant_key

KINDS = ("condition-lapses", "pause-ends", "effect-review-due", "curve-looked-at", "year-ended")

alarm = Table(
    "alarm",
    metadata,
    tenant_key(),
    record_key(),
    Column("kind", Text, nullable=False),
    # The record that it is about.
    Column("subject_id", Uuid, nullable=False),
    moment("rings_at"),
    # Set in the transaction that did what was due: so that it is done once.
    moment("rung_at", is_optional=True),
    one_of("kind", *KINDS),
    Index("alarm_due", "rings_at", postgresql_where=text("rung_at IS NULL")),
    info={"queue": True},
)
