"""B15: installations of a benefit, with what each costs and gives."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, Table, Text, UniqueConstraint, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, record_key, tenant_key

installation = Table(
    "installation",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("count", Integer, nullable=False),
    Column("installed_on", Date, nullable=False),
    Column("lifetime_months", Integer, nullable=False),
    minor_units("one_off_cost_minor"),
    minor_units("cost_per_year_minor"),
    minor_units("benefit_per_year_minor"),
    minor_units("shared_cost_per_year_minor"),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    # The domain's verdict, kept for filtering and counting.
    Column("carries", Boolean, nullable=False),
    moment("changed_at"),
    belongs("benefit_id", to="benefit"),
    belongs("unit_id", to="unit"),
    UniqueConstraint("organisation_id", "benefit_id", "code"),
    CheckConstraint("count > 0", name="count"),
    CheckConstraint(
        "one_off_cost_minor >= 0 AND cost_per_year_minor >= 0 AND shared_cost_per_year_minor >= 0",
        name="costs",
    ),
)
