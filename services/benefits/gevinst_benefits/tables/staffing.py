"""How many people a unit has, by year (B12)."""

from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import moment, record_key, revision, tenant_key

# The id is the unit's. A reference would keep a unit's record from being read again from the feed's start.
staffing = Table(
    "staffing",
    metadata,
    tenant_key(),
    record_key(),
    # [{"year": 2027, "fte": "12.5", "hours_per_fte": "1750"}], one per year.
    Column("years", JSONB, nullable=False),
    Column("changed_by", Text, nullable=False),
    revision(),
    moment("changed_at"),
)
