"""Investment pools: rounds, applications, awards, repayment plans and verified benefits (M2).

Money is whole hundredths in the currency and price year of the pool. What moved stands in the ledger only.
"""

from sqlalchemy import (
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
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

pool = Table(
    "pool",
    metadata,
    tenant_key(),
    record_key(),
    # A pool of one portfolio, or of the whole organisation.
    Column("portfolio_id", Uuid),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    UniqueConstraint("organisation_id", "name"),
)

pool_round = Table(
    "pool_round",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("opens_on", Date, nullable=False),
    # The first day on which it is closed.
    Column("closes_on", Date, nullable=False),
    Column("criteria", Text, nullable=False),
    minor_units("ceiling_minor", is_optional=True),
    revision(),
    moment("created_at"),
    belongs("pool_id", to="pool"),
    UniqueConstraint("organisation_id", "pool_id", "id", name="pool_round_of_pool_key"),
    UniqueConstraint("organisation_id", "pool_id", "name"),
    CheckConstraint("opens_on < closes_on", name="days"),
    CheckConstraint("ceiling_minor > 0", name="ceiling_minor"),
)

pool_application = Table(
    "pool_application",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("round_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    minor_units("amount_minor"),
    Column("purpose", Text, nullable=False),
    # [{"phase": "planlegge", "planned_on": "2027-02-01", "amount": "100000.00"}]
    Column("drawdowns", JSONB, nullable=False),
    # [{"due_on": "2028-12-31", "amount": "50000.00"}]
    Column("repayments", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("applied_by", Text, nullable=False),
    moment("applied_at"),
    Column("assessment", Text),
    Column("recommendation", Text),
    Column("assessed_by", Text),
    moment("assessed_at", is_optional=True),
    Column("decision_reason", Text),
    Column("decided_by", Text),
    Column("decided_on", Date),
    revision(),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "round_id"],
        ["pool_round.organisation_id", "pool_round.pool_id", "pool_round.id"],
        name="pool_application_round_id_fkey",
    ),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "round_id", "project_id", name="pool_application_project_id_key"),
    one_of("kind", "loan", "grant"),
    one_of("state", "applied", "assessed", "awarded", "refused", "withdrawn"),
    one_of("recommendation", "award", "refuse"),
    CheckConstraint("amount_minor > 0", name="amount_minor"),
    CheckConstraint("(state IN ('awarded', 'refused')) = (decided_by IS NOT NULL)", name="decided_by"),
    # G3: the one who proposes cannot decide.
    CheckConstraint("decided_by <> applied_by", name="decided_by_another"),
    Index("pool_application_by_pool", "organisation_id", "pool_id", "id"),
    Index("pool_application_by_project", "organisation_id", "project_id", "id"),
)

pool_award = Table(
    "pool_award",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("application_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    minor_units("amount_minor"),
    Column("conditions", Text),
    Column("drawdowns", JSONB, nullable=False),
    Column("reason", Text, nullable=False),
    Column("awarded_by", Text, nullable=False),
    Column("awarded_on", Date, nullable=False),
    revision(),
    moment("created_at"),
    belongs("pool_id", to="pool"),
    belongs("application_id", to="pool_application"),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "pool_id", "id", name="pool_award_of_pool_key"),
    UniqueConstraint("organisation_id", "application_id"),
    one_of("kind", "loan", "grant"),
    CheckConstraint("amount_minor > 0", name="amount_minor"),
    Index("pool_award_by_pool", "organisation_id", "pool_id", "id"),
    Index("pool_award_by_project", "organisation_id", "project_id", "id"),
    info={"append_only": True},
)

# The plan in force is the one with the highest version; the earlier ones stay.
repayment_plan = Table(
    "repayment_plan",
    metadata,
    tenant_key(),
    Column("award_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("instalments", JSONB, nullable=False),
    Column("reason", Text),
    Column("set_by", Text, nullable=False),
    moment("set_at"),
    belongs("award_id", to="pool_award"),
    CheckConstraint("version > 0", name="version"),
    info={"append_only": True},
)

verified_benefit = Table(
    "verified_benefit",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("award_id", Uuid, nullable=False),
    Column("transaction_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    # Where it was measured: a path in the benefits service, a case number.
    Column("reference", Text),
    minor_units("amount_minor"),
    Column("benefit_owner", Text, nullable=False),
    Column("verified_by", Text, nullable=False),
    Column("verified_on", Date, nullable=False),
    revision(),
    moment("created_at"),
    belongs("award_id", to="pool_award"),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "transaction_id"],
        ["ledger_transaction.organisation_id", "ledger_transaction.pool_id", "ledger_transaction.id"],
        name="verified_benefit_transaction_id_fkey",
    ),
    UniqueConstraint("organisation_id", "transaction_id"),
    CheckConstraint("amount_minor > 0", name="amount_minor"),
    # G3: the controller who verifies a benefit is not its owner.
    CheckConstraint("verified_by <> benefit_owner", name="verified_by"),
    Index("verified_benefit_by_award", "organisation_id", "award_id", "id"),
    info={"append_only": True},
)
