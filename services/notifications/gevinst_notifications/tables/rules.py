"""What an organisation arranges for its reminders: rules of its own, and its own days off (N2, N3)."""

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, revision, tenant_key

# Where there is none, the rule that we ship holds.
duty_rule = Table(
    "duty_rule",
    metadata,
    tenant_key(),
    Column("kind", Text, primary_key=True),
    Column("steps", JSONB, nullable=False),
    Column("within", Integer, nullable=False),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    revision(),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    tenant_key(),
    Column("day", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    revision(),
)
