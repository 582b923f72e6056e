"""Co-financing: own schemes, what projects say of themselves, applications and what became of them (M4)."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

# The shipped schemes are files; these stand beside them. Another edition is another row.
cofinancing_scheme = Table(
    "cofinancing_scheme",
    metadata,
    tenant_key(),
    record_key(),
    Column("code", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    Column("added_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    UniqueConstraint("organisation_id", "code", "edition"),
    info={"append_only": True},
)

# What schemes ask and no other record tells; what is not said is unknown. `id` is the project's.
cofinancing_profile = Table(
    "cofinancing_profile",
    metadata,
    tenant_key(),
    record_key(),
    Column("applicant", Text),
    Column("is_triggering", Boolean),
    Column("papers", ARRAY(Text)),
    minor_units("net_present_value_minor", is_optional=True),
    minor_units("invested_minor", is_optional=True),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("source", Text),
    Column("stated_by", Text, nullable=False),
    revision(),
    moment("stated_at"),
    belongs("id", to="project"),
    CheckConstraint("invested_minor > 0", name="invested_minor"),
)

cofinancing_application = Table(
    "cofinancing_application",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("edition", Text, nullable=False),
    minor_units("amount_minor"),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("state", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    one_of("state", "applied", "awarded", "refused", "paid", "reported", "withdrawn"),
    CheckConstraint("amount_minor > 0", name="amount_minor"),
    Index("cofinancing_application_by_project", "organisation_id", "project_id", "id"),
)

cofinancing_step = Table(
    "cofinancing_step",
    metadata,
    tenant_key(),
    record_key(),
    Column("application_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    # [{"year": 2027, "amount": "1000000.00"}]
    Column("years", JSONB, nullable=False),
    Column("note", Text),
    # Where the money went through a pool.
    Column("transaction_id", Uuid),
    Column("recorded_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("application_id", to="cofinancing_application"),
    belongs("transaction_id", to="ledger_transaction"),
    one_of("state", "awarded", "refused", "paid", "reported", "withdrawn"),
    CheckConstraint("(jsonb_array_length(years) > 0) = (state IN ('awarded', 'paid'))", name="years"),
    Index("cofinancing_step_by_application", "organisation_id", "application_id", "id"),
    info={"append_only": True},
)
