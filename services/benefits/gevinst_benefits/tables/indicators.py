"""Indicators and their measurements (B5, B6)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

indicator = Table(
    "indicator",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_of_measure", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("baseline", Numeric(18, 6)),
    Column("target", Numeric(18, 6), nullable=False),
    Column("action", Text, nullable=False),
    Column("due_on", ARRAY(Date), nullable=False, server_default=text("'{}'")),
    # B5: why there is a fourth.
    Column("reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    one_of("direction", "up", "down"),
    CheckConstraint("target = baseline OR (target > baseline) = (direction = 'up')", name="target"),
    Index("indicator_by_benefit", "organisation_id", "benefit_id", "id"),
)

measurement = Table(
    "measurement",
    metadata,
    tenant_key(),
    record_key(),
    Column("indicator_id", Uuid, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("value", Numeric(18, 6), nullable=False),
    # A correction is a new entry that names the one it replaces; that one stays.
    Column("corrects_id", Uuid),
    Column("reason", Text),
    Column("measured_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("indicator_id", to="indicator"),
    belongs("corrects_id", to="measurement"),
    UniqueConstraint("organisation_id", "corrects_id"),
    CheckConstraint("corrects_id <> id", name="corrects_id"),
    CheckConstraint("corrects_id IS NULL OR reason IS NOT NULL", name="reason"),
    Index("measurement_by_indicator", "organisation_id", "indicator_id", "taken_on", "id"),
    postgresql_partition_by="HASH (organisation_id)",
    info={"append_only": True},
)
