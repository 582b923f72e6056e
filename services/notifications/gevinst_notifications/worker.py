"""`work`: what the notifications service does in the background (A6)."""

from gevinst_notifications.settings import Settings


async def work(settings: Settings) -> None:
    """Run until cancelled."""
