"""What benefits were planned to give when their owner stood for them, and what was really found (C6, G3)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

verification = Table(
    "verification",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("year", Integer, nullable=False),
    # C7: as the benefit's ledger is.
    minor_units("money_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("amount", Numeric(18, 6)),
    Column("unit_of_measure", Text),
    Column("evidence", Text, nullable=False),
    Column("verified_by", Text, nullable=False),
    moment("verified_at"),
    # A correction is a new entry of the same benefit and year; the one it replaces stays.
    Column("corrects_id", Uuid),
    Column("reason", Text),
    revision(),
    belongs("benefit_id", to="benefit"),
    UniqueConstraint("organisation_id", "id", "benefit_id", "year", name="verification_place_key"),
    ForeignKeyConstraint(
        ["organisation_id", "corrects_id", "benefit_id", "year"],
        [
            "verification.organisation_id",
            "verification.id",
            "verification.benefit_id",
            "verification.year",
        ],
        name="verification_corrects_fkey",
    ),
    # One first entry, and each entry corrected at most once: one chain, whose last entry is in force.
    Index(
        "verification_first_of_year",
        "organisation_id",
        "benefit_id",
        "year",
        unique=True,
        postgresql_where=text("corrects_id IS NULL"),
    ),
    UniqueConstraint("organisation_id", "corrects_id"),
    CheckConstraint("corrects_id <> id", name="corrects_id"),
    CheckConstraint("corrects_id IS NULL OR reason IS NOT NULL", name="reason"),
    CheckConstraint("year BETWEEN 1990 AND 2200", name="year"),
    CheckConstraint("(money_minor IS NULL) <> (amount IS NULL)", name="ledger"),
    CheckConstraint("(money_minor IS NULL) = (currency IS NULL)", name="currency"),
    CheckConstraint("(money_minor IS NULL) = (price_year IS NULL)", name="price_year"),
    CheckConstraint("(amount IS NULL) = (unit_of_measure IS NULL)", name="unit_of_measure"),
    Index("verification_by_benefit", "organisation_id", "benefit_id", "year", "id"),
    info={
        "append_only": True,
        "shared_as": [Marked(kind="status", by="benefit_id", through="benefit", to="project_id")],
    },
)

promise = Table(
    "promise",
    metadata,
    tenant_key(),
    # The benefit's id: C6 compares with what was promised first, not with a plan that was lowered since.
    record_key(),
    Column("ledger", Text, nullable=False),
    minor_units("money_minor", is_optional=True),
    Column("currency", Text),
    Column("price_year", Integer),
    Column("amount", Numeric(18, 6)),
    Column("unit_of_measure", Text),
    # B9: the curve that was promised; the days it hangs on move with the project.
    Column("timing", JSONB, nullable=False),
    moment("confirmed_at"),
    belongs("id", to="benefit"),
    one_of("ledger", "money", "time", "quality"),
    CheckConstraint("(money_minor IS NULL) <> (amount IS NULL)", name="ledger_amount"),
    info={"append_only": True},
)
