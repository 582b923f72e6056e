"""B14: what freed time and money is used for; appended, a correction is a new entry."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Numeric, Table, Text, UniqueConstraint, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

freed_value_use = Table(
    "freed_value_use",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("year", Integer, nullable=False),
    minor_units("money_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("amount", Numeric(18, 6)),
    # C7: the assumption by which freed hours become money.
    minor_units("hourly_cost_minor", is_optional=True),
    Column("hourly_cost_currency", Text),
    Column("hourly_cost_price_year", Integer),
    Column("hourly_cost_source", Text),
    Column("corrects_id", Uuid),
    Column("reason", Text),
    Column("recorded_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    belongs("unit_id", to="unit"),
    belongs("corrects_id", to="freed_value_use"),
    UniqueConstraint("organisation_id", "corrects_id"),
    one_of("purpose", "new-routines", "savings", "pays-for", "better-quality", "changed-tasks"),
    CheckConstraint("(money_minor IS NULL) <> (amount IS NULL)", name="amount"),
    CheckConstraint("(money_minor IS NULL) = (currency IS NULL)", name="currency"),
    CheckConstraint("(hourly_cost_minor IS NULL) = (hourly_cost_source IS NULL)", name="hourly_cost"),
    CheckConstraint("hourly_cost_minor IS NULL OR amount IS NOT NULL", name="hours"),
    CheckConstraint("corrects_id IS NULL OR reason IS NOT NULL", name="reason"),
    Index("freed_value_use_by_benefit", "organisation_id", "benefit_id", "id"),
    info={"append_only": True},
)
