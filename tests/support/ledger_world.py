"""Pools with awards, straight in the database, for tests of the ledger itself."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gevinst_portfolio.domain.ledger import AWARD_ACCOUNTS, POOL_ACCOUNTS
from gevinst_portfolio.store import ledger
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now


@dataclass(frozen=True, slots=True)
class Books:
    """A pool and its awards, alternately loans and grants."""

    pool_id: UUID
    award_ids: tuple[UUID, ...]


async def open_books(database: Database, organisation: str, awards: int) -> Books:
    """A pool of the organisation with so many awards, and nothing in its accounts."""
    portfolio_id, pool_id, round_id = new_id(), new_id(), new_id()
    async with database.transaction(organisation) as connection:
        await connection.execute(
            "INSERT INTO organisation (organisation_id, name, country, currency, language, created_at) "
            "VALUES ($1, 'Oslo', 'NO', 'NOK', 'nb', now()) ON CONFLICT DO NOTHING",
            organisation,
        )
        await connection.execute(
            "INSERT INTO portfolio (organisation_id, id, name, currency, price_year, "
            "threshold_shared_resources, created_at) VALUES ($1, $2, 'P', 'NOK', 2026, false, now())",
            organisation,
            portfolio_id,
        )
        await connection.execute(
            "INSERT INTO pool (organisation_id, id, name, currency, price_year, created_at) "
            "VALUES ($1, $2, $3, 'NOK', 2026, now())",
            *(organisation, pool_id, f"Pool {pool_id}"),
        )
        await connection.execute(
            "INSERT INTO pool_round (organisation_id, id, pool_id, name, opens_on, closes_on, criteria, "
            "created_at) VALUES ($1, $2, $3, 'R', '2026-01-01', '2027-01-01', '', now())",
            *(organisation, round_id, pool_id),
        )
        rest = {"organisation_id": organisation, "created_at": utc_now()}
        await ledger.open_accounts(connection, pool_id, POOL_ACCOUNTS, award_id=None, **rest)
        ids = [new_id() for _ in range(awards)]
        for number, award_id in enumerate(ids):
            kind = "grant" if number % 2 else "loan"
            await _award(connection, (organisation, pool_id, round_id, portfolio_id), award_id, kind)
            await ledger.open_accounts(connection, pool_id, AWARD_ACCOUNTS, award_id=award_id, **rest)
    return Books(pool_id, tuple(ids))


async def _award(
    connection: Connection, places: tuple[str, UUID, UUID, UUID], award_id: UUID, kind: str
) -> None:
    organisation, pool_id, round_id, portfolio_id = places
    project_id, application_id = new_id(), new_id()
    await connection.execute(
        "INSERT INTO project (organisation_id, id, portfolio_id, name, source, currency, price_year, "
        "registration, status, created_at) "
        "VALUES ($1, $2, $3, 'A', 'own-idea', 'NOK', 2026, 'central', 'running', now())",
        *(organisation, project_id, portfolio_id),
    )
    await connection.execute(
        "INSERT INTO pool_application (organisation_id, id, pool_id, round_id, project_id, kind, "
        "amount_minor, purpose, drawdowns, repayments, state, applied_by, applied_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, 1, 'x', '[]', '[]', 'assessed', 'kari', now())",
        *(organisation, application_id, pool_id, round_id, project_id, kind),
    )
    await connection.execute(
        "INSERT INTO pool_award (organisation_id, id, pool_id, application_id, project_id, kind, "
        "amount_minor, drawdowns, reason, awarded_by, awarded_on, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, 1, '[]', 'x', 'board', $7, now())",
        *(organisation, award_id, pool_id, application_id, project_id, kind, date(2026, 1, 1)),
    )
