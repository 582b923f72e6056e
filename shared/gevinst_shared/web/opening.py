"""Opens and closes what a service runs on: database, doorbell, sign-in."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from gevinst_shared.auth.authentication import Authenticator
from gevinst_shared.auth.issuers import read_issuers
from gevinst_shared.auth.jwks import over_http
from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.renderer import Renderer
from gevinst_shared.db.changes import Changes
from gevinst_shared.db.engine import Database
from gevinst_shared.db.idempotency import KeptAnswers
from gevinst_shared.embeds.tickets import TicketBox
from gevinst_shared.feed.doorbell import Doorbell
from gevinst_shared.http.client import open_client
from gevinst_shared.settings import ServiceSettings
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.house import FindGrants, House
from gevinst_shared.web.memory import Memory


@asynccontextmanager
async def open_house(
    settings: ServiceSettings,
    *,
    kept_answers: KeptAnswers,
    find_grants: FindGrants,
    now: Callable[[], datetime] = utc_now,
) -> AsyncIterator[House]:
    """Everything from the settings. Does not wait for the issuers: their keys are fetched when needed."""
    issuers = read_issuers(settings.issuers_file)
    database = await Database.open(settings.database_url, size=settings.pool_size)
    pictures = Pictures(Renderer(processes=settings.chart_processes), room=settings.chart_cache_bytes)
    try:
        async with open_client() as client, Doorbell(database, settings.database_url) as doorbell:
            authenticator = Authenticator(issuers, fetch=over_http(client), clock=now)
            yield House(
                database,
                doorbell,
                kept_answers,
                authenticator.authenticate,
                find_grants,
                now,
                pictures,
                Memory(room=settings.chart_cache_bytes),
                Changes(database),
                TicketBox.of(settings.service, settings.embed_key),
                settings.public_url,
                Exchange.of(settings),
            )
    finally:
        await pictures.close()
        await database.close()
