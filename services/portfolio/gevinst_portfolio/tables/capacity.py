"""What there is to share out: money per year, people and capacity for change per quarter (P4)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

# The budget in force is the one with the highest version; the earlier ones stay.
budget = Table(
    "budget",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    # [{"year": 2027, "kind": "investment", "amount": "1250000.00"}], in the portfolio's money.
    Column("years", JSONB, nullable=False),
    # What becomes of investment money that a year leaves; the cap is the most that may roll on.
    Column("carry", Text, nullable=False, server_default=text("'none'")),
    minor_units("carry_cap_minor", is_optional=True),
    Column("reason", Text),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    belongs("portfolio_id", to="portfolio"),
    UniqueConstraint("organisation_id", "portfolio_id", "version"),
    CheckConstraint("version > 0", name="version"),
    one_of("carry", "none", "pool", "capped"),
    CheckConstraint("(carry = 'capped') = (carry_cap_minor IS NOT NULL)", name="carry_cap"),
    CheckConstraint("carry_cap_minor >= 0", name="carry_cap_minor"),
    CheckConstraint("jsonb_typeof(years) = 'array'", name="years"),
    info={"append_only": True},
)

resource = Table(
    "resource",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("unit_id", Uuid),
    # What its amounts count: person-months, points of change, …
    Column("measure", Text, nullable=False),
    # [{"year": 2027, "quarter": 1, "amount": 6.0}]; a quarter that is not named has no stated limit.
    Column("capacity", JSONB, nullable=False, server_default=text("'[]'")),
    revision(),
    moment("created_at"),
    belongs("unit_id", to="unit"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    UniqueConstraint("organisation_id", "name"),
    one_of("kind", "role", "change-load"),
    # P4: capacity for change is a unit's; a shared role may sit in a unit too.
    CheckConstraint("kind = 'role' OR unit_id IS NOT NULL", name="unit_id"),
    CheckConstraint("jsonb_typeof(capacity) = 'array'", name="capacity"),
    info={"versioned": True},
)
