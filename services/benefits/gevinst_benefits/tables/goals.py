"""Goals of units, which outlive the means to reach them (G8), and the benefits that are those means."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Numeric, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

goal = Table(
    "goal",
    metadata,
    tenant_key(),
    record_key(),
    Column("unit_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("kind", Text, nullable=False),
    minor_units("money_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("amount", Numeric(18, 6)),
    Column("unit_of_measure", Text),
    Column("due_year", Integer, nullable=False),
    Column("state", Text, nullable=False),
    # Why it is met or withdrawn, and who says so.
    Column("reason", Text),
    Column("ended_by", Text),
    moment("ended_at", is_optional=True),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("unit_id", to="unit"),
    one_of("kind", "savings-frame", "service-goal"),
    one_of("state", "open", "met", "withdrawn"),
    # C7: a savings frame is money, a service goal an amount of something else.
    CheckConstraint("(kind = 'savings-frame') = (money_minor IS NOT NULL)", name="money"),
    CheckConstraint("(money_minor IS NULL) = (currency IS NULL)", name="currency"),
    CheckConstraint("(money_minor IS NULL) = (price_year IS NULL)", name="price_year"),
    CheckConstraint("(kind = 'service-goal') = (amount IS NOT NULL)", name="amount"),
    CheckConstraint("(amount IS NULL) = (unit_of_measure IS NULL)", name="unit_of_measure"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended"),
    CheckConstraint("(state = 'open') OR (reason IS NOT NULL AND ended_by IS NOT NULL)", name="reason"),
    Index("goal_by_unit", "organisation_id", "unit_id", "id"),
    info={"shared_as": [Marked(kind="goal")]},
)

goal_means = Table(
    "goal_means",
    metadata,
    tenant_key(),
    Column("goal_id", Uuid, primary_key=True),
    Column("benefit_id", Uuid, primary_key=True),
    Column("linked_by", Text, nullable=False),
    moment("linked_at"),
    revision(),
    belongs("goal_id", to="goal"),
    belongs("benefit_id", to="benefit"),
    Index("goal_means_by_benefit", "organisation_id", "benefit_id"),
    info={"shared_as": [Marked(kind="goal", by="goal_id")]},
)
