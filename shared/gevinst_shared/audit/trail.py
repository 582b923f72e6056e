"""The seals over the audit trail, and what of a service's tables the trail is made of (E1)."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.audit.chain import NOTHING_BEFORE
from gevinst_shared.db.columns import moment, tenant_key
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import Outbox


def audit_seal_table(metadata: MetaData) -> Table:
    """An organisation's chain of seals; `rows` are the sealed rows' ids and hashes, in order.

    The key lets each seal have one successor, and the reference holds that to its hash: no fork, no gap.
    """
    return Table(
        "audit_seal",
        metadata,
        tenant_key(),
        Column("number", BigInteger, primary_key=True, autoincrement=False),
        Column("previous_number", BigInteger),
        Column("previous_hash", Text, nullable=False),
        Column("row_count", Integer, nullable=False),
        Column("last_xid", BigInteger, nullable=False),
        Column("last_id", Uuid, nullable=False),
        Column("rows", JSONB, nullable=False),
        moment("sealed_at"),
        Column("hash", Text, nullable=False),
        UniqueConstraint("organisation_id", "number", "hash"),
        UniqueConstraint("organisation_id", "last_xid", "last_id"),
        ForeignKeyConstraint(
            ["organisation_id", "previous_number", "previous_hash"],
            ["audit_seal.organisation_id", "audit_seal.number", "audit_seal.hash"],
        ),
        CheckConstraint(
            f"CASE WHEN number = 1 THEN previous_number IS NULL AND previous_hash = '{NOTHING_BEFORE}' "
            "ELSE number > 1 AND previous_number IS NOT NULL AND previous_number = number - 1 END",
            name="follows",
        ),
        CheckConstraint("hash ~ '^[0-9a-f]{64}$'", name="hash"),
        CheckConstraint("row_count > 0 AND row_count = jsonb_array_length(rows)", name="row_count"),
        info={"append_only": True, "unmarked": True},
    )


@dataclass(frozen=True, slots=True)
class Trail:
    """One service's trail, and where its sealing stands among `cursors`."""

    event: Table
    audit: Table
    seal: Table
    cursors: Table
    outbox: Outbox


@dataclass(frozen=True, slots=True)
class Sealed(Fact):
    """A seal was made, so that its hash is held outside the database too; a subclass per service."""

    type: ClassVar[str]
    number: int
    row_count: int
    hash: str
    previous_hash: str
