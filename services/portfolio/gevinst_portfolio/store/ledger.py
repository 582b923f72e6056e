"""The ledger in the database: written by one way only, read as statements, transactions and balances (E2)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    func,
    insert,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.domain.ledger import AccountKind, Entry, Leg, Standing
from gevinst_portfolio.store.pools import in_pool_money
from gevinst_portfolio.tables.ledger import ledger_account, ledger_entry, ledger_transaction
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import key_document
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

_last = (
    select(ledger_entry.c.number, ledger_entry.c.balance_after)
    .where(
        ledger_entry.c.organisation_id == ledger_account.c.organisation_id,
        ledger_entry.c.account_id == ledger_account.c.id,
    )
    .order_by(ledger_entry.c.number.desc())
    .limit(1)
    .lateral("last")
)
_balances = (
    select(
        ledger_account.c.organisation_id,
        ledger_account.c.id,
        ledger_account.c.pool_id,
        ledger_account.c.award_id,
        ledger_account.c.kind,
        ledger_account.c.side,
        func.coalesce(_last.c.number, 0).label("number"),
        func.coalesce(_last.c.balance_after, 0).label("balance"),
    )
    .select_from(ledger_account.outerjoin(_last, true()))
    .cte("balances")
)
_in_transaction = ledger_transaction.alias("in_transaction")


def _lines_of(c: Columns) -> ColumnElement[Any]:
    line = ledger_entry.alias("of_transaction")
    account = ledger_account.alias("of_line")
    item = document(
        line=line.c.line,
        account_id=line.c.account_id,
        account=account.c.kind,
        amount=in_pool_money(line.c.amount, c),
    )
    return (
        select(documents(item, line.c.line))
        .join_from(
            line,
            account,
            (account.c.organisation_id == line.c.organisation_id) & (account.c.id == line.c.account_id),
        )
        .where(line.c.organisation_id == c.organisation_id, line.c.transaction_id == c.id)
        .correlate_except(line, account)
        .scalar_subquery()
    )


def transaction_document(c: Columns) -> ColumnElement[Any]:
    """`TransactionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        pool_id=c.pool_id,
        award_id=c.award_id,
        kind=c.kind,
        occurred_on=c.occurred_on,
        phase=c.phase,
        text=c.text,
        reverses_id=c.reverses_id,
        entries=_lines_of(c),
        recorded_by=c.recorded_by,
        recorded_at=moment(c.recorded_at),
        revision=c.revision,
    )


def account_document(c: Columns) -> ColumnElement[Any]:
    """`AccountOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        pool_id=c.pool_id,
        award_id=c.award_id,
        kind=c.kind,
        entries=c.number,
        balance=in_pool_money(c.balance, c),
    )


def entry_document(c: Columns) -> ColumnElement[Any]:
    """`StatementLineOut`, as PostgreSQL writes it."""
    there = (
        _in_transaction.c.organisation_id == c.organisation_id,
        _in_transaction.c.id == c.transaction_id,
    )

    def told(column: ColumnElement[Any]) -> ColumnElement[Any]:
        return select(column).where(*there).correlate_except(_in_transaction).scalar_subquery()

    return document(
        id=c.id,
        number=c.number,
        transaction_id=c.transaction_id,
        kind=told(_in_transaction.c.kind),
        occurred_on=told(_in_transaction.c.occurred_on),
        text=told(_in_transaction.c.text),
        amount=in_pool_money(c.amount, c),
        balance=in_pool_money(c.balance_after, c),
    )


TRANSACTIONS = Listing(
    ledger_transaction,
    transaction_document,
    filters={
        "pool": ledger_transaction.c.pool_id,
        "award": ledger_transaction.c.award_id,
        "kind": ledger_transaction.c.kind,
    },
    sorts={"id": ledger_transaction.c.id},
)
ACCOUNTS = Listing(
    _balances,
    account_document,
    filters={"pool": _balances.c.pool_id, "award": _balances.c.award_id, "kind": _balances.c.kind},
    sorts={"id": _balances.c.id},
)
STATEMENT = Listing(
    ledger_entry,
    entry_document,
    filters={"account": ledger_entry.c.account_id},
    sorts={"number": ledger_entry.c.number},
)
_GET = Query(
    select(transaction_document(ledger_transaction.c).label("document"), ledger_transaction.c.revision).where(
        ledger_transaction.c.id == bindparam("id")
    )
)
_ROW = Query(select(ledger_transaction).where(ledger_transaction.c.id == bindparam("id")))
_LEGS = Query(
    select(ledger_account.c.kind, ledger_entry.c.amount)
    .join_from(
        ledger_entry,
        ledger_account,
        (ledger_account.c.organisation_id == ledger_entry.c.organisation_id)
        & (ledger_account.c.id == ledger_entry.c.account_id),
    )
    .where(ledger_entry.c.transaction_id == bindparam("id"))
    .order_by(ledger_entry.c.line)
)
_IS_REVERSED = Query(
    select(ledger_transaction.c.id).where(ledger_transaction.c.reverses_id == bindparam("id"))
)
_STANDINGS = Query(
    select(_balances.c.id, _balances.c.kind, _balances.c.number, _balances.c.balance).where(
        _balances.c.pool_id == bindparam("pool_id"),
        _balances.c.award_id.is_(None) | (_balances.c.award_id == bindparam("award_id", type_=Uuid)),
    )
)
_SUMS = Query(
    select(
        _balances.c.kind,
        func.sum(_balances.c.balance).cast(BigInteger).label("balance"),
    )
    .where(_balances.c.pool_id == bindparam("pool_id"))
    .group_by(_balances.c.kind)
)
_ACCOUNT = Query(select(account_document(_balances.c)).where(_balances.c.id == bindparam("id")))
_OPEN = Query(
    insert(ledger_account).values({column.name: bindparam(column.name) for column in ledger_account.columns})
)
_ADD = outbox.insert(ledger_transaction, key_document, without=("first_line",))
# By column: its type in the arrays that hold the lines of one or several transactions.
_LINES = {
    "transaction_id": Uuid,
    "account_id": Uuid,
    "id": Uuid,
    "side": SmallInteger,
    "line": SmallInteger,
    "number": Integer,
    "amount": BigInteger,
    "previous_number": Integer,
    "balance_before": BigInteger,
    "balance_after": BigInteger,
    "previous_line": SmallInteger,
    "next_line": SmallInteger,
    "sum_before": BigInteger,
    "sum_after": BigInteger,
}
# One statement, because each line is checked against the lines before and after it when the statement ends.
_ADD_LINES = Query(
    insert(ledger_entry).from_select(
        ["organisation_id", "pool_id", *_LINES],
        select(
            bindparam("organisation_id", type_=Text),
            bindparam("pool_id", type_=Uuid),
            *(func.unnest(bindparam(name, type_=ARRAY(kind))).label(name) for name, kind in _LINES.items()),
        ),
    )
)


async def open_accounts(
    connection: Connection, pool_id: UUID, kinds: Sequence[AccountKind], **rest: Any
) -> None:
    """Open these accounts in the pool; `rest` has organisation_id, award_id and created_at."""
    rows = [{"id": new_id(), "pool_id": pool_id, "kind": kind, "side": kind.side, **rest} for kind in kinds]
    await _OPEN.run_many(connection, rows)


async def get_standings(
    connection: Connection, pool_id: UUID, award_id: UUID | None
) -> tuple[dict[AccountKind, Standing], dict[AccountKind, UUID]]:
    """Where the accounts of the pool, and of one award, stand; and their ids."""
    rows = await _STANDINGS.rows(connection, pool_id=pool_id, award_id=award_id)
    standings = {AccountKind(row["kind"]): Standing(row["number"], row["balance"]) for row in rows}
    return standings, {AccountKind(row["kind"]): row["id"] for row in rows}


async def sum_balances(connection: Connection, pool_id: UUID) -> dict[AccountKind, int]:
    """The balance of every kind of account, those of all awards together."""
    rows = await _SUMS.rows(connection, pool_id=pool_id)
    return {AccountKind(row["kind"]): row["balance"] for row in rows}


async def add_transaction(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> None:
    """Insert the transaction's head with its event and audit row; its entries must follow."""
    await _ADD.find(connection, **values, **record)


async def add_entries(
    connection: Connection,
    organisation: str,
    pool_id: UUID,
    made: Sequence[tuple[UUID, UUID, Entry]],
) -> None:
    """Insert the entries of whole transactions, each with the ids of its transaction and its account."""
    lines = [_line(*each) for each in made]
    columns = {name: [line[name] for line in lines] for name in _LINES}
    await _ADD_LINES.run(connection, organisation_id=organisation, pool_id=pool_id, **columns)


async def get_transaction(connection: Connection, transaction_id: UUID) -> Stored:
    """The transaction's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=transaction_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_row(connection: Connection, transaction_id: UUID) -> asyncpg.Record:
    """The transaction's head, or `Unknown`."""
    row = await _ROW.find(connection, id=transaction_id)
    if row is None:
        raise Unknown
    return row


async def list_legs(connection: Connection, transaction_id: UUID) -> list[Leg]:
    """What the transaction posted."""
    rows = await _LEGS.rows(connection, id=transaction_id)
    return [Leg(AccountKind(row["kind"]), row["amount"]) for row in rows]


async def is_reversed(connection: Connection, transaction_id: UUID) -> bool:
    return await _IS_REVERSED.value(connection, id=transaction_id) is not None


async def get_account(connection: Connection, account_id: UUID) -> str:
    """The account's JSON with its balance, or `Unknown`."""
    found: str | None = await _ACCOUNT.value(connection, id=account_id)
    if found is None:
        raise Unknown
    return found


def _line(transaction_id: UUID, account_id: UUID, entry: Entry) -> dict[str, Any]:
    return {
        "transaction_id": transaction_id,
        "account_id": account_id,
        "id": new_id(),
        "side": entry.account.side,
        "line": entry.line,
        "number": entry.number,
        "amount": entry.amount,
        "previous_number": entry.number - 1 or None,
        "balance_before": entry.balance_before,
        "balance_after": entry.balance_after,
        "previous_line": entry.line - 1 or None,
        "next_line": entry.line + 1 if entry.sum_after else None,
        "sum_before": entry.sum_before,
        "sum_after": entry.sum_after,
    }
