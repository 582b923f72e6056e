"""Benefits: two axes, one owner in the line, an estimate in one of three ledgers (B1, B2, C7)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked

benefit = Table(
    "benefit",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("mode", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner_role", Text, nullable=False),
    Column("owner_unit_id", Uuid, nullable=False),
    Column("ledger", Text, nullable=False),
    minor_units("money_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("amount", Numeric(18, 6)),
    Column("unit_of_measure", Text),
    Column("state", Text, nullable=False),
    Column("confirmed_by", Text),
    moment("confirmed_at", is_optional=True),
    Column("verified_by", Text),
    # G6: the project that took the benefit over, and the benefit that this one continues.
    Column("moved_to", Uuid),
    Column("continues_id", Uuid),
    # B9: what its dates hang on, how it grows and how long it lasts.
    Column("hangs_on", Text, nullable=False, server_default="end"),
    Column("offset_months", Integer, nullable=False, server_default="0"),
    Column("starts_on", Date),
    Column("delivery_id", Uuid),
    Column("ramp", Text, nullable=False, server_default="immediate"),
    Column("ramp_months", Integer, nullable=False, server_default="0"),
    Column("ramp_shares", ARRAY(Numeric(7, 6)), nullable=False, server_default=text("'{}'")),
    Column("duration_months", Integer, nullable=False, server_default="120"),
    Column("ends_on", Date),
    Column("erosion_per_year", Numeric(7, 6), nullable=False, server_default="0"),
    # B12: where in the unit's budget it is to be found. B10: how much it takes to get it.
    Column("budget_line", Text),
    Column("effort", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("moved_to", to="project"),
    belongs("owner_unit_id", to="unit"),
    belongs("continues_id", to="benefit"),
    belongs("delivery_id", to="delivery"),
    one_of("mode", "budget-reduction", "redeployed", "public-elsewhere", "society", "non-priced"),
    one_of("ledger", "money", "time", "quality"),
    one_of("state", "proposed", "confirmed", "realised", "closed", "moved"),
    one_of("hangs_on", "none", "start", "end", "milestone"),
    one_of("ramp", "immediate", "linear", "s-curve", "table"),
    one_of("effort", "low", "moderate", "high"),
    CheckConstraint("(hangs_on = 'none') = (starts_on IS NOT NULL)", name="starts_on"),
    CheckConstraint("(hangs_on = 'milestone') = (delivery_id IS NOT NULL)", name="delivery_id"),
    CheckConstraint("ends_on > starts_on", name="ends_on"),
    CheckConstraint("duration_months BETWEEN 1 AND 600", name="duration_months"),
    CheckConstraint("offset_months BETWEEN -600 AND 600", name="offset_months"),
    CheckConstraint("(ramp = 'table') = (cardinality(ramp_shares) > 0)", name="ramp_shares"),
    # C7: one ledger each; money is money and an amount has a unit.
    CheckConstraint("(ledger = 'money') = (money_minor IS NOT NULL)", name="money"),
    CheckConstraint("(money_minor IS NULL) = (currency IS NULL)", name="currency"),
    CheckConstraint("(money_minor IS NULL) = (price_year IS NULL)", name="price_year"),
    CheckConstraint("(ledger = 'money') = (amount IS NULL)", name="amount"),
    CheckConstraint("(ledger = 'money') = (unit_of_measure IS NULL)", name="unit_of_measure"),
    CheckConstraint("state NOT IN ('confirmed', 'realised') OR confirmed_by IS NOT NULL", name="confirmed"),
    CheckConstraint("(state = 'moved') = (moved_to IS NOT NULL)", name="moved"),
    # G3: who confirmed it does not verify it.
    CheckConstraint("verified_by <> confirmed_by", name="verified"),
    # What budget entries refer to: a benefit that is booked keeps its mode and its money (M1).
    UniqueConstraint("organisation_id", "id", "mode", "currency", "price_year", name="benefit_frame_key"),
    Index("benefit_by_project", "organisation_id", "project_id", "id"),
    Index("benefit_by_owner", "organisation_id", "owner_unit_id", "owner_role"),
    Index(
        "benefit_by_moved_to",
        *("organisation_id", "moved_to"),
        postgresql_where=text("moved_to IS NOT NULL"),
    ),
    info={
        "shared_as": [
            Marked(kind="benefit"),
            Marked(kind="status", by="project_id"),
            Marked(kind=EVERYTHING_UNDER, by="project_id", of=["project_id"]),
        ]
    },
)
