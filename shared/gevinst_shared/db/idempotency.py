"""Answers kept under an `Idempotency-Key`, written in the transaction of the effect they answer."""

import hashlib

from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, delete, func, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.db.columns import moment, tenant_key
from gevinst_shared.db.query import Query


def idempotency_table(metadata: MetaData) -> Table:
    return Table(
        "idempotency",
        metadata,
        tenant_key(),
        Column("caller", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", Text, nullable=False),
        Column("status", Integer, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", Text, nullable=False),
        moment("kept_at"),
        info={"unmarked": True},
    )


class KeptAnswers:
    """The queries over one service's table."""

    def __init__(self, table: Table) -> None:
        mine = (
            table.c.organisation_id == bindparam("organisation_id"),
            table.c.caller == bindparam("caller"),
            table.c.key == bindparam("key"),
        )
        # Held to the end of the transaction: a second request with the key while the first runs gets none.
        self.lock = Query(select(func.pg_try_advisory_xact_lock(bindparam("lock"))))
        self.find = Query(select(table).where(*mine))
        self.add = Query(
            insert(table).values({column.name: bindparam(column.name) for column in table.columns})
        )
        self.drop_older = Query(delete(table).where(table.c.kept_at < bindparam("before")))


def lock_number(organisation: str, caller: str, key: str) -> int:
    """A number for the advisory lock of one key; two keys share one about never, and then one gets 409."""
    digest = hashlib.sha256("\0".join((organisation, caller, key)).encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
