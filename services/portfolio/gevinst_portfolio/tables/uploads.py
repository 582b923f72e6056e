"""What uploaded files would change, cell by cell, and how files of others are to be read."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

upload_cell = Table(
    "upload_cell",
    metadata,
    tenant_key(),
    Column("run_id", Uuid, primary_key=True),
    record_key(),
    # The order in the file, from 1; faults come after changes.
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("sheet", Text, nullable=False),
    Column("cell", Text, nullable=False),
    Column("record_key", Text),
    Column("record_name", Text),
    Column("member", Text),
    Column("before", Text),
    Column("after", Text),
    Column("error", JSONB),
    ForeignKeyConstraint(["organisation_id", "run_id"], ["run.organisation_id", "run.id"]),
    one_of("state", "change", "fault"),
    CheckConstraint("(state = 'fault') = (error IS NOT NULL)", name="error"),
    info={"append_only": True},
)

column_mapping = Table(
    "column_mapping",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    # Becomes the source of the projects that are read with it (P1).
    Column("source", Text, nullable=False),
    Column("sheet", Text),
    Column("heading_row", Integer, nullable=False),
    Column("decimal_sign", Text, nullable=False),
    # [{"heading": "Prosjektnavn", "member": "name"}]
    Column("columns", JSONB, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    UniqueConstraint("organisation_id", "portfolio_id", "name"),
    one_of("decimal_sign", ".", ","),
    CheckConstraint("heading_row BETWEEN 1 AND 1000", name="heading_row"),
    CheckConstraint("jsonb_typeof(columns) = 'array'", name="columns"),
)
