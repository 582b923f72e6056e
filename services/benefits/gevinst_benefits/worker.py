"""`work`: what the benefits service does in the background (A6)."""

from gevinst_benefits.settings import Settings


async def work(settings: Settings) -> None:
    """Run until cancelled."""
