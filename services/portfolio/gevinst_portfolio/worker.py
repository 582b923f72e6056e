"""`work`: what the portfolio service does in the background (A6)."""

from gevinst_portfolio.settings import Settings


async def work(settings: Settings) -> None:
    """Run until cancelled."""
