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
    # Null: the organisation has gone back to ours.
    Column("steps", JSONB),
    Column("within", Integer),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    revision(),
)

# Counts how often the organisation's own days of a year were set.
calendar_year = Table(
    "calendar_year",
    metadata,
    tenant_key(),
    Column("year", Integer, primary_key=True),
    revision(),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    tenant_key(),
    Column("day", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),
    Column("name", Text, nullable=False),
)
