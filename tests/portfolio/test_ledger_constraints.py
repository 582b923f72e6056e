"""M2: what the database itself refuses, whatever the code around it does."""

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest

from gevinst_portfolio.domain.ledger import AccountKind, Entry, Leg, TransactionKind, entries, legs_of
from gevinst_portfolio.store import ledger
from gevinst_portfolio.store.pools import hold_pool
from gevinst_portfolio.usecases.posting import Posting, post
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.support.callers import Desk
from tests.support.ledger_world import Books, open_books

HUNDRED = legs_of(TransactionKind.CAPITAL_IN, 100)


@pytest.fixture
async def books(portfolio: Desk) -> Books:
    """A pool with 100 free."""
    database = database_of(portfolio)
    found = await open_books(database, portfolio.organisation, 2)
    async with database.transaction(portfolio.organisation) as connection:
        await pay_in(connection, portfolio.organisation, found.pool_id)
    return found


async def pay_in(connection: Connection, organisation: str, pool_id: UUID) -> None:
    work = Work(connection, Actor("finance", organisation), utc_now(), new_id())
    pool = await hold_pool(connection, pool_id)
    await post(work, pool, Posting(TransactionKind.CAPITAL_IN, HUNDRED, work.today))


async def write(
    desk: Desk, books: Books, made: list[Entry], *, of: UUID | None = None, accounts_of: Books | None = None
) -> None:
    """Insert these very entries as one transaction, past all code that decides."""
    database: Database = database_of(desk)
    async with database.transaction(desk.organisation) as connection:
        owner = accounts_of or books
        _, accounts = await ledger.get_standings(connection, owner.pool_id, owner.award_ids[0])
        head = of or new_id()
        if of is None:
            await connection.execute(
                "INSERT INTO ledger_transaction (organisation_id, id, pool_id, kind, occurred_on, "
                "recorded_by, recorded_at) VALUES ($1, $2, $3, 'capital-in', '2026-01-01', 'kari', now())",
                *(desk.organisation, head, books.pool_id),
            )
        rows = [(head, accounts[entry.account], entry) for entry in made]
        await ledger.add_entries(connection, desk.organisation, books.pool_id, rows)


async def next_entries(desk: Desk, books: Books, legs: tuple[Leg, ...]) -> list[Entry]:
    async with database_of(desk).transaction(desk.organisation) as connection:
        standings, _ = await ledger.get_standings(connection, books.pool_id, books.award_ids[0])
    return list(entries(legs, standings))


def entry(account: AccountKind, amount: int, **rest: int) -> Entry:
    return Entry(account, amount, **{"number": 1, "balance_before": 0, "line": 1, "sum_before": 0, **rest})


async def test_a_transaction_that_balances_is_kept(portfolio: Desk, books: Books) -> None:
    await write(portfolio, books, await next_entries(portfolio, books, HUNDRED))

    async with database_of(portfolio).transaction(portfolio.organisation) as connection:
        assert (await ledger.sum_balances(connection, books.pool_id))[AccountKind.FREE] == 200


async def test_a_head_without_entries_is_refused_at_the_commit(portfolio: Desk, books: Books) -> None:
    database = database_of(portfolio)

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="first_line"):
        await write(portfolio, books, [])

    async with database.transaction(portfolio.organisation) as connection:
        assert await connection.fetchval("SELECT count(*) FROM ledger_transaction") == 1


@pytest.mark.parametrize("line", ["0", "2", "NULL"])
async def test_a_head_that_refers_to_another_line_is_refused(
    portfolio: Desk, books: Books, line: str
) -> None:
    async with database_of(portfolio).transaction(portfolio.organisation) as connection:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="first_line"):
            await connection.execute(
                "INSERT INTO ledger_transaction (organisation_id, id, pool_id, kind, occurred_on, "
                "recorded_by, recorded_at, first_line) "
                f"VALUES ($1, $2, $3, 'capital-in', '2026-01-01', 'kari', now(), {line})",
                *(portfolio.organisation, new_id(), books.pool_id),
            )


async def test_a_transaction_of_one_line_is_refused(portfolio: Desk, books: Books) -> None:
    first, _ = await next_entries(portfolio, books, HUNDRED)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(portfolio, books, [first])


async def test_a_transaction_that_does_not_balance_is_refused(portfolio: Desk, books: Books) -> None:
    first, last = await next_entries(portfolio, books, HUNDRED)

    for odd in (replace(last, amount=-99), replace(last, amount=-99, sum_before=99)):
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await write(portfolio, books, [first, odd])


async def test_a_line_more_on_a_closed_transaction_is_refused(portfolio: Desk, books: Books) -> None:
    made = await next_entries(portfolio, books, HUNDRED)
    head = new_id()
    database = database_of(portfolio)
    async with database.transaction(portfolio.organisation) as connection:
        head = await connection.fetchval("SELECT id FROM ledger_transaction LIMIT 1")

    for line in (1, 2, 3, 4):
        more = [replace(one, line=line + at, sum_before=one.sum_before) for at, one in enumerate(made)]
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await write(portfolio, books, more, of=head)


async def test_money_that_is_not_there_is_refused(portfolio: Desk, books: Books) -> None:
    """The pool lends what is free, an award gives what is committed, a loan takes back what is owed."""
    for legs in (
        legs_of(TransactionKind.AWARD, 101),
        legs_of(TransactionKind.DRAWDOWN, 1),
        legs_of(TransactionKind.WRITE_OFF, 1),
        legs_of(TransactionKind.GAIN, 1),
    ):
        async with database_of(portfolio).transaction(portfolio.organisation) as connection:
            standings, _ = await ledger.get_standings(connection, books.pool_id, books.award_ids[0])
        made, total = [], 0
        for line, leg in enumerate(legs, start=1):
            at = standings[leg.account]
            made.append(Entry(leg.account, leg.amount, at.number + 1, at.balance, line, total))
            total += leg.amount
        with pytest.raises(asyncpg.CheckViolationError, match="ledger_entry_balance"):
            await write(portfolio, books, made)


async def test_a_balance_that_does_not_follow_from_the_one_before_is_refused(
    portfolio: Desk, books: Books
) -> None:
    first, last = await next_entries(portfolio, books, HUNDRED)

    for wrong in (
        replace(first, balance_before=0),
        replace(first, balance_before=1000),
        replace(first, number=1, balance_before=0),
        replace(first, number=4),
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            await write(portfolio, books, [wrong, last])


async def test_of_two_that_start_from_the_same_balance_one_is_refused(portfolio: Desk, books: Books) -> None:
    """Even without holding the pool nothing is counted twice."""
    made = await next_entries(portfolio, books, HUNDRED)
    await write(portfolio, books, made)

    with pytest.raises(asyncpg.UniqueViolationError):
        await write(portfolio, books, made)


async def test_an_account_of_another_pool_is_refused(portfolio: Desk, books: Books) -> None:
    other = await open_books(database_of(portfolio), portfolio.organisation, 1)
    made = [entry(AccountKind.FREE, 5), entry(AccountKind.CAPITAL, -5, line=2, sum_before=5)]

    with pytest.raises(asyncpg.ForeignKeyViolationError, match="account_id"):
        await write(portfolio, books, made, accounts_of=other)


async def test_an_award_sets_its_money_aside_once(portfolio: Desk, books: Books) -> None:
    async with database_of(portfolio).transaction(portfolio.organisation) as connection:
        work = Work(connection, Actor("finance", portfolio.organisation), utc_now(), new_id())
        pool = await hold_pool(connection, books.pool_id)
        legs = legs_of(TransactionKind.AWARD, 1)
        once = Posting(TransactionKind.AWARD, legs, work.today, award_id=books.award_ids[0])
        await post(work, pool, once)
        with pytest.raises(asyncpg.UniqueViolationError):
            await post(work, pool, once)


async def test_what_was_reversed_is_reversed_once(portfolio: Desk, books: Books) -> None:
    async with database_of(portfolio).transaction(portfolio.organisation) as connection:
        work = Work(connection, Actor("finance", portfolio.organisation), utc_now(), new_id())
        pool = await hold_pool(connection, books.pool_id)
        legs = legs_of(TransactionKind.CAPITAL_OUT, 1)
        head = await connection.fetchval("SELECT id FROM ledger_transaction LIMIT 1")
        once = Posting(TransactionKind.REVERSAL, legs, work.today, reverses_id=head)
        await post(work, pool, once)
        with pytest.raises(asyncpg.UniqueViolationError):
            await post(work, pool, once)
