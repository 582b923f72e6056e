"""What portfolios and programmes are called, as the portfolio service announced it."""

from sqlalchemy import Boolean, Column, Table, Text

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import record_key, tenant_key

arrangement = Table(
    "arrangement",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    # Otherwise a portfolio.
    Column("is_programme", Boolean, nullable=False),
)
