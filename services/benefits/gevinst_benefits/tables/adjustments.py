"""Budget adjustments: phased, agreed with the unit, booked and reversed (M1); and the share it keeps (M3).

Agreements, entries and shares are only appended. Money is whole hundredths in the frame of the benefit: its
currency and price year. Above zero the unit's budget grows, below zero it shrinks.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key

_PRACTICES = ("at-once", "when-verified")

# How an organisation books what a benefit does not say otherwise.
budget_practice = Table(
    "budget_practice",
    metadata,
    tenant_key(),
    Column("practice", Text, nullable=False),
    revision(),
    moment("created_at"),
    one_of("practice", *_PRACTICES),
)

budget_phasing = Table(
    "budget_phasing",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    # [{"account": "Postage", "year": 2027, "amount": "-120000.00"}]
    Column("lines", JSONB, nullable=False),
    # What the organisation's practice is set aside by, for this benefit in this unit.
    Column("practice", Text),
    Column("note", Text),
    Column("state", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("agreed_by", Text),
    moment("agreed_at", is_optional=True),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    belongs("unit_id", to="unit"),
    one_of("practice", *_PRACTICES),
    one_of("state", "draft", "agreed", "withdrawn"),
    CheckConstraint("jsonb_typeof(lines) = 'array'", name="lines"),
    CheckConstraint("(state = 'agreed') = (agreed_by IS NOT NULL)", name="agreed"),
    # G3: the one who proposes does not decide.
    CheckConstraint("agreed_by <> drafted_by", name="agreed_by"),
    Index("budget_phasing_by_benefit", "organisation_id", "benefit_id", "id"),
)

# What was agreed, as it was agreed; of a benefit and a unit the highest number is in force.
budget_agreement = Table(
    "budget_agreement",
    metadata,
    tenant_key(),
    # The phasing's id.
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("practice", Text),
    Column("agreed_by", Text, nullable=False),
    moment("agreed_at"),
    belongs("id", to="budget_phasing"),
    belongs("benefit_id", to="benefit"),
    belongs("unit_id", to="unit"),
    UniqueConstraint("organisation_id", "benefit_id", "unit_id", "number"),
    UniqueConstraint("organisation_id", "id", "benefit_id", "unit_id", name="budget_agreement_place_key"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("jsonb_typeof(lines) = 'array'", name="lines"),
    Index("budget_agreement_by_unit", "organisation_id", "unit_id"),
    info={"append_only": True},
)

# Two chains hold the ledger: along a benefit's year each entry starts from the saving that the one before it
# left, so no two can start from the same; along a booked entry each reversal starts from what the one before
# it took back.
budget_entry = Table(
    "budget_entry",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("benefit_mode", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("benefit_price_year", Integer, nullable=False),
    Column("agreement_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("account", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("practice", Text, nullable=False),
    # In the benefit's price year, and as it is booked.
    minor_units("base_minor"),
    minor_units("amount_minor"),
    Column("price_year", Integer, nullable=False),
    Column("index_from", Numeric(13, 6)),
    Column("index_to", Numeric(13, 6)),
    Column("index_source", Text),
    Column("is_saving", Boolean, nullable=False),
    Column("number", Integer, nullable=False),
    Column("previous_number", Integer),
    minor_units("saved_before"),
    minor_units("saved_after"),
    # What may be saved in the year at most: planned, or verified, as the practice says.
    minor_units("limit_minor"),
    Column("verification_id", Uuid),
    Column("reverses_id", Uuid),
    Column("reverses_kind", Text),
    minor_units("reverses_minor", is_optional=True),
    Column("reversal_number", Integer),
    Column("previous_reversal", Integer),
    minor_units("reversed_before", is_optional=True),
    minor_units("reversed_after", is_optional=True),
    Column("reason", Text),
    Column("booked_by", Text, nullable=False),
    moment("booked_at"),
    revision(),
    # B1: only a budget reduction is booked, in the benefit's own money.
    CheckConstraint("benefit_mode = 'budget-reduction'", name="benefit_mode"),
    ForeignKeyConstraint(
        ["organisation_id", "benefit_id", "benefit_mode", "currency", "benefit_price_year"],
        [
            "benefit.organisation_id",
            "benefit.id",
            "benefit.mode",
            "benefit.currency",
            "benefit.price_year",
        ],
        name="budget_entry_benefit_id_fkey",
    ),
    # The verification of the same benefit and year that the booking rests on.
    ForeignKeyConstraint(
        ["organisation_id", "verification_id", "benefit_id", "year"],
        [
            "verification.organisation_id",
            "verification.id",
            "verification.benefit_id",
            "verification.year",
        ],
        name="budget_entry_verification_id_fkey",
    ),
    CheckConstraint(
        "practice = 'at-once' OR NOT is_saving OR verification_id IS NOT NULL", name="verification_id"
    ),
    # Only what was agreed with the unit.
    ForeignKeyConstraint(
        ["organisation_id", "agreement_id", "benefit_id", "unit_id"],
        [
            "budget_agreement.organisation_id",
            "budget_agreement.id",
            "budget_agreement.benefit_id",
            "budget_agreement.unit_id",
        ],
        name="budget_entry_agreement_id_fkey",
    ),
    one_of("kind", "booking", "reversal"),
    one_of("practice", *_PRACTICES),
    CheckConstraint("base_minor <> 0", name="base_minor"),
    # C1: another price year has its index beside it, and the amount is what the index makes of it.
    CheckConstraint("(price_year = benefit_price_year) = (index_source IS NULL)", name="price_year"),
    CheckConstraint(
        "num_nulls(index_from, index_to, index_source) IN (0, 3) AND index_from > 0 AND index_to > 0",
        name="index",
    ),
    CheckConstraint(
        "CASE WHEN index_source IS NULL THEN amount_minor = base_minor "
        "ELSE abs(amount_minor * index_from - base_minor * index_to) <= index_from END",
        name="amount_minor",
    ),
    CheckConstraint("is_saving = ((kind = 'booking') = (base_minor < 0))", name="is_saving"),
    CheckConstraint(
        "number > 0 AND previous_number IS NOT DISTINCT FROM NULLIF(number - 1, 0)", name="number"
    ),
    CheckConstraint("number > 1 OR saved_before = 0", name="first"),
    CheckConstraint(
        "saved_after = saved_before - CASE WHEN is_saving THEN base_minor ELSE 0 END", name="saved_after"
    ),
    CheckConstraint("saved_after >= 0", name="saved"),
    CheckConstraint("kind = 'reversal' OR NOT is_saving OR saved_after <= limit_minor", name="limit_minor"),
    UniqueConstraint("organisation_id", "benefit_id", "year", "number", name="budget_entry_number_key"),
    UniqueConstraint(
        "organisation_id", "benefit_id", "year", "number", "saved_after", name="budget_entry_saved_key"
    ),
    ForeignKeyConstraint(
        ["organisation_id", "benefit_id", "year", "previous_number", "saved_before"],
        [
            "budget_entry.organisation_id",
            "budget_entry.benefit_id",
            "budget_entry.year",
            "budget_entry.number",
            "budget_entry.saved_after",
        ],
        name="budget_entry_previous_number_fkey",
    ),
    # A reversal names a booking of the same place and money, and takes back no more than is left of it.
    UniqueConstraint(
        *("organisation_id", "id", "kind", "benefit_id", "unit_id", "account", "year", "price_year"),
        "base_minor",
        name="budget_entry_reversible_key",
    ),
    ForeignKeyConstraint(
        [
            *("organisation_id", "reverses_id", "reverses_kind", "benefit_id", "unit_id", "account", "year"),
            *("price_year", "reverses_minor"),
        ],
        [
            f"budget_entry.{name}"
            for name in (
                *("organisation_id", "id", "kind", "benefit_id", "unit_id", "account", "year"),
                *("price_year", "base_minor"),
            )
        ],
        name="budget_entry_reverses_id_fkey",
    ),
    CheckConstraint(
        "num_nulls(reverses_id, reverses_kind, reverses_minor, reversal_number, reversed_before, "
        "reversed_after) = CASE WHEN kind = 'reversal' THEN 0 ELSE 6 END",
        name="reverses_id",
    ),
    CheckConstraint("reverses_kind = 'booking'", name="reverses_kind"),
    CheckConstraint("kind = 'booking' OR reason IS NOT NULL", name="reason"),
    CheckConstraint(
        "reversal_number IS NULL OR reversal_number > 0 "
        "AND previous_reversal IS NOT DISTINCT FROM NULLIF(reversal_number - 1, 0)",
        name="reversal_number",
    ),
    CheckConstraint("reversal_number > 1 OR reversed_before = 0", name="first_reversal"),
    CheckConstraint("sign(base_minor) = -sign(reverses_minor)", name="reversal_sign"),
    CheckConstraint("reversed_after = reversed_before + abs(base_minor)", name="reversed_after"),
    CheckConstraint("reversed_after <= abs(reverses_minor)", name="reversed"),
    UniqueConstraint(
        "organisation_id", "reverses_id", "reversal_number", name="budget_entry_reversal_number_key"
    ),
    UniqueConstraint(
        *("organisation_id", "reverses_id", "reversal_number", "reversed_after"),
        name="budget_entry_reversed_key",
    ),
    ForeignKeyConstraint(
        ["organisation_id", "reverses_id", "previous_reversal", "reversed_before"],
        [
            "budget_entry.organisation_id",
            "budget_entry.reverses_id",
            "budget_entry.reversal_number",
            "budget_entry.reversed_after",
        ],
        name="budget_entry_previous_reversal_fkey",
    ),
    Index("budget_entry_by_unit", "organisation_id", "unit_id", "year"),
    info={"append_only": True},
)

# M3: from a year on, the newest version that has begun is in force.
kept_share = Table(
    "kept_share",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("from_year", Integer, nullable=False),
    Column("share", Numeric(7, 6)),
    minor_units("amount_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("purpose", Text, nullable=False),
    Column("agreed_by_id", Uuid, nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("reason", Text),
    Column("recorded_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    belongs("unit_id", to="unit"),
    belongs("agreed_by_id", to="person"),
    UniqueConstraint("organisation_id", "benefit_id", "unit_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("number = 1 OR reason IS NOT NULL", name="reason"),
    CheckConstraint("(share IS NULL) <> (amount_minor IS NULL)", name="share"),
    CheckConstraint("share BETWEEN 0 AND 1", name="whole"),
    CheckConstraint("amount_minor >= 0", name="amount_minor"),
    CheckConstraint(
        "num_nulls(amount_minor, currency, price_year) IN (0, 3)",
        name="currency",
    ),
    info={"append_only": True},
)
