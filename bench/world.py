"""What is measured on: fifty organisations with two hundred projects each."""

from uuid import UUID

import asyncpg
from tests.support.organisations import new_organisation

ORGANISATIONS = 50
PROJECTS = 200

_SEED = """
WITH portfolio AS (
  INSERT INTO portfolio (organisation_id, id, name, currency, price_year, threshold_shared_resources,
                         created_at)
  VALUES ($1, gen_random_uuid(), 'Digitisation', 'NOK', 2026, false, now()) RETURNING id)
INSERT INTO project (organisation_id, id, portfolio_id, name, need, zero_alternative, source, category,
                     start, "end", cost_minor, currency, price_year, cost_by_year, registration, status,
                     created_at)
SELECT $1, gen_random_uuid(), portfolio.id, 'Project ' || n, repeat('What is to be solved. ', 8),
       repeat('What happens if nothing is done. ', 5), 'own-idea', 'Digitisation', date '2026-01-01' + n,
       date '2027-01-01' + n, n * 1000000, 'NOK', 2026,
       '[{"year": 2026, "kind": "investment", "amount": "1000000.00"},
         {"year": 2027, "kind": "operation", "amount": "250000.00"}]', 'central', 'proposed', now()
FROM portfolio, generate_series(1, $2) AS n RETURNING portfolio_id, id"""


async def seed(admin_url: str) -> dict[str, tuple[UUID, list[UUID]]]:
    """Fill the portfolio database; the portfolio and projects of each organisation."""
    connection = await asyncpg.connect(admin_url, database="gevinst_portfolio")
    found: dict[str, tuple[UUID, list[UUID]]] = {}
    try:
        for _ in range(ORGANISATIONS):
            organisation = new_organisation()
            # The triggers write as the schema's owner, whom the policies bind.
            await connection.execute("SELECT set_config('app.organisation', $1, false)", organisation)
            await connection.execute(
                "INSERT INTO organisation (organisation_id, name, country, currency, language, created_at) "
                "VALUES ($1, 'Measured', 'NO', 'NOK', 'nb', now())",
                organisation,
            )
            rows = await connection.fetch(_SEED, organisation, PROJECTS)
            found[organisation] = (rows[0]["portfolio_id"], [row["id"] for row in rows])
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    return found
