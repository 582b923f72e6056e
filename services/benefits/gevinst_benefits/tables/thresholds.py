"""An organisation's own thresholds, and those of others that it is not bound by (G11)."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Table, Text

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import minor_units, moment, one_of, record_key, revision, tenant_key

threshold = Table(
    "threshold",
    metadata,
    tenant_key(),
    record_key(),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    minor_units("amount_minor"),
    Column("below_minor", BigInteger),
    Column("currency", Text, nullable=False),
    Column("is_inclusive", Boolean, nullable=False),
    Column("kind", Text),
    Column("source", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    one_of("kind", "digital", "other"),
    CheckConstraint("below_minor > amount_minor", name="below_minor"),
    CheckConstraint("valid_until > valid_from", name="valid_until"),
    info={"append_only": True},
)

threshold_exemption = Table(
    "threshold_exemption",
    metadata,
    tenant_key(),
    record_key(),
    Column("threshold", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    CheckConstraint("valid_until > valid_from", name="valid_until"),
    info={"append_only": True},
)
