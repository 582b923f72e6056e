"""How the organisation's charts look, as the portfolio service announced it."""

from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import tenant_key

theme = Table(
    "theme",
    metadata,
    tenant_key(),
    Column("light", ARRAY(Text), nullable=False),
    Column("dark", ARRAY(Text), nullable=False),
    Column("font", Text),
    Column("logo", Text),
)
