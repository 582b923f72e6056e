"""The ledger of the investment pools: double entry, only appended, held together by its constraints alone.

Two chains of rows do what triggers would do. Along an account each entry starts from the balance that the
one before it left, so no two can start from the same balance, and every balance is the sum of its entries.
Along a transaction each line starts from the sum that the line before it left, and there is a next line
until that sum is zero; its head refers to the first of them. So a transaction has two lines or more and
balances, or it is not stored (decision record 0024).
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

# `side` is where the account's balance lies: 1 debit, -1 credit, 0 either.
ledger_account = Table(
    "ledger_account",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("award_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("side", SmallInteger, nullable=False),
    moment("created_at"),
    belongs("pool_id", to="pool"),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "award_id"],
        ["pool_award.organisation_id", "pool_award.pool_id", "pool_award.id"],
        name="ledger_account_award_id_fkey",
    ),
    UniqueConstraint("organisation_id", "pool_id", "id", "side", name="ledger_account_side_key"),
    Index(
        "ledger_account_of_pool",
        "organisation_id",
        "pool_id",
        "kind",
        unique=True,
        postgresql_where=text("award_id IS NULL"),
    ),
    Index(
        "ledger_account_of_award",
        "organisation_id",
        "award_id",
        "kind",
        unique=True,
        postgresql_where=text("award_id IS NOT NULL"),
    ),
    # The closed choice of accounts, by the side that each lies on.
    CheckConstraint("side BETWEEN -1 AND 1", name="side"),
    CheckConstraint("(award_id IS NOT NULL) = (kind IN ('committed', 'owed', 'unused'))", name="award_id"),
    CheckConstraint("(side = -1) = (kind IN ('recovered', 'verified'))", name="credit"),
    CheckConstraint("(side = 0) = (kind = 'capital')", name="either"),
    CheckConstraint(
        "kind IN ('free', 'grants', 'losses', 'used', 'common-purse') OR side < 1 OR award_id NOTNULL",
        name="debit",
    ),
    info={"append_only": True},
)

ledger_transaction = Table(
    "ledger_transaction",
    metadata,
    tenant_key(),
    record_key(),
    Column("pool_id", Uuid, nullable=False),
    Column("award_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("occurred_on", Date, nullable=False),
    Column("phase", Text),
    Column("text", Text),
    Column("reverses_id", Uuid),
    Column("recorded_by", Text, nullable=False),
    moment("recorded_at"),
    # Always 1, the line that the chain of its entries begins with.
    Column("first_line", SmallInteger, nullable=False, server_default=text("1")),
    revision(),
    belongs("pool_id", to="pool"),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "award_id"],
        ["pool_award.organisation_id", "pool_award.pool_id", "pool_award.id"],
        name="ledger_transaction_award_id_fkey",
    ),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "reverses_id"],
        ["ledger_transaction.organisation_id", "ledger_transaction.pool_id", "ledger_transaction.id"],
        name="ledger_transaction_reverses_id_fkey",
    ),
    UniqueConstraint("organisation_id", "pool_id", "id", name="ledger_transaction_of_pool_key"),
    # What was reversed is reversed once.
    UniqueConstraint("organisation_id", "reverses_id", name="ledger_transaction_reverses_id_key"),
    # At the commit there is a first entry, and with it all of them: a head alone is not stored.
    CheckConstraint("first_line = 1", name="first_line"),
    ForeignKeyConstraint(
        ["organisation_id", "id", "first_line"],
        ["ledger_entry.organisation_id", "ledger_entry.transaction_id", "ledger_entry.line"],
        name="ledger_transaction_first_line_fkey",
        deferrable=True,
        initially="DEFERRED",
        use_alter=True,
    ),
    CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reverses_id"),
    CheckConstraint("kind <> 'drawdown' OR phase IS NOT NULL", name="phase"),
    # An award sets its money aside once.
    Index(
        "ledger_transaction_one_award",
        "organisation_id",
        "award_id",
        unique=True,
        postgresql_where=text("kind = 'award'"),
    ),
    Index("ledger_transaction_by_pool", "organisation_id", "pool_id", "id"),
    Index("ledger_transaction_by_award", "organisation_id", "award_id", "id"),
    info={"append_only": True},
)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    tenant_key(),
    Column("account_id", Uuid, primary_key=True),
    # The place in the account, from 1 without gaps, and what it left there.
    Column("number", Integer, primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("pool_id", Uuid, nullable=False),
    Column("transaction_id", Uuid, nullable=False),
    Column("line", SmallInteger, nullable=False),
    Column("side", SmallInteger, nullable=False),
    # Whole hundredths: debit above zero, credit below.
    Column("amount", BigInteger, nullable=False),
    Column("previous_number", Integer),
    Column("balance_before", BigInteger, nullable=False),
    Column("balance_after", BigInteger, nullable=False),
    Column("previous_line", SmallInteger),
    Column("next_line", SmallInteger),
    Column("sum_before", BigInteger, nullable=False),
    Column("sum_after", BigInteger, nullable=False),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "transaction_id"],
        ["ledger_transaction.organisation_id", "ledger_transaction.pool_id", "ledger_transaction.id"],
        name="ledger_entry_transaction_id_fkey",
    ),
    ForeignKeyConstraint(
        ["organisation_id", "pool_id", "account_id", "side"],
        [
            "ledger_account.organisation_id",
            "ledger_account.pool_id",
            "ledger_account.id",
            "ledger_account.side",
        ],
        name="ledger_entry_account_id_fkey",
    ),
    CheckConstraint("amount <> 0", name="amount"),
    # No account falls below zero on its side: the pool lends only what is free in it, nobody draws more than
    # was awarded, and nobody repays more than is owed.
    CheckConstraint("balance_after * side >= 0", name="balance"),
    CheckConstraint("balance_after = balance_before + amount", name="sum_of_account"),
    CheckConstraint(
        "number > 0 AND previous_number IS NOT DISTINCT FROM NULLIF(number - 1, 0)", name="number"
    ),
    CheckConstraint("number > 1 OR balance_before = 0", name="first_of_account"),
    UniqueConstraint(
        "organisation_id", "account_id", "number", "balance_after", name="ledger_entry_balance_key"
    ),
    ForeignKeyConstraint(
        ["organisation_id", "account_id", "previous_number", "balance_before"],
        [
            "ledger_entry.organisation_id",
            "ledger_entry.account_id",
            "ledger_entry.number",
            "ledger_entry.balance_after",
        ],
        name="ledger_entry_previous_number_fkey",
    ),
    CheckConstraint("sum_after = sum_before + amount", name="sum_of_transaction"),
    CheckConstraint("line > 0 AND previous_line IS NOT DISTINCT FROM NULLIF(line - 1, 0)", name="line"),
    CheckConstraint("(line = 1) = (sum_before = 0)", name="first_line"),
    CheckConstraint(
        "next_line IS NOT DISTINCT FROM CASE WHEN sum_after <> 0 THEN line + 1 END", name="next_line"
    ),
    UniqueConstraint("organisation_id", "transaction_id", "line", name="ledger_entry_line_key"),
    UniqueConstraint("organisation_id", "transaction_id", "line", "sum_after", name="ledger_entry_sum_key"),
    ForeignKeyConstraint(
        ["organisation_id", "transaction_id", "previous_line", "sum_before"],
        [
            "ledger_entry.organisation_id",
            "ledger_entry.transaction_id",
            "ledger_entry.line",
            "ledger_entry.sum_after",
        ],
        name="ledger_entry_previous_line_fkey",
    ),
    ForeignKeyConstraint(
        ["organisation_id", "transaction_id", "next_line"],
        ["ledger_entry.organisation_id", "ledger_entry.transaction_id", "ledger_entry.line"],
        name="ledger_entry_next_line_fkey",
    ),
    info={"append_only": True},
)
