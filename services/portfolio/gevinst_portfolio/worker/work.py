"""`work`: what the portfolio service does in the background (A6)."""

from gevinst_portfolio.settings import Settings
from gevinst_portfolio.worker.runs import RunWorker
from gevinst_shared.db.engine import Database
from gevinst_shared.web.clock import utc_now


async def work(settings: Settings) -> None:
    """Run until cancelled."""
    database = await Database.open(settings.database_url, size=settings.pool_size)
    try:
        await RunWorker(database, utc_now).follow()
    finally:
        await database.close()
