"""What an FTE costs, as an organisation sets it: a setting is followed by another and never changed."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, Numeric, Table, Text, UniqueConstraint

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import minor_units, moment, record_key, revision, tenant_key

salary_cost = Table(
    "salary_cost",
    metadata,
    tenant_key(),
    record_key(),
    Column("valid_from", Date, nullable=False),
    minor_units("cost_minor"),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("hours_per_year", Numeric(12, 6), nullable=False),
    Column("source", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "currency", "valid_from"),
    CheckConstraint("cost_minor > 0", name="cost"),
    CheckConstraint("hours_per_year > 0", name="hours_per_year"),
    info={"append_only": True},
)
