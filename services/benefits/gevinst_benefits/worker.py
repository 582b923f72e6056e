"""`work`: what the benefits service does in the background (A6)."""

import asyncio
import logging

from gevinst_benefits.clients.portfolio import feed_of
from gevinst_benefits.clients.portfolio_sync import assertions_of
from gevinst_benefits.events.audit import AuditSealed
from gevinst_benefits.settings import Settings
from gevinst_benefits.tables.shared import feed_cursor, trail
from gevinst_benefits.usecases import falling_due, late_reports, watching_curves
from gevinst_benefits.usecases.exchanging import PART
from gevinst_benefits.usecases.following import apply
from gevinst_benefits.usecases.keeping_keys import Keys
from gevinst_benefits.usecases.watching import MeasurementWatch
from gevinst_benefits.usecases.watching_owners import look_everywhere
from gevinst_shared.audit.sealing import Sealer
from gevinst_shared.auth.client_credentials import ServiceToken
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.client import open_client
from gevinst_shared.http.outside import Outside
from gevinst_shared.http.peer import Peer
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.pruning import Pruning
from gevinst_shared.sync.reading import Here, Reading
from gevinst_shared.sync.restoring import restored as begin_anew
from gevinst_shared.sync.settling import Settling
from gevinst_shared.sync.sweeping import Sweeper
from gevinst_shared.sync.telling import Telling
from gevinst_shared.web.clock import utc_now

_OWNERS_EVERY_SECONDS = 600.0
_log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Follow the portfolio service's feed, do what falls due and seal the audit trail until cancelled."""
    url, token_url, key_file = settings.portfolio_url, settings.token_url, settings.client_key_file
    if url is None or token_url is None or key_file is None:
        raise SystemExit(
            "The worker needs GEVINST_PORTFOLIO_URL, GEVINST_TOKEN_URL and GEVINST_BENEFITS_CLIENT_KEY_FILE."
        )
    database = await Database.open(settings.database_url, size=3)
    try:
        async with open_client() as client, asyncio.TaskGroup() as tasks:
            token = ServiceToken(
                client,
                token_url=token_url,
                client_id=settings.client_id,
                key=signing_key(read_private_jwk(key_file)),
                clock=utc_now,
            )
            peer = Peer(client, f"{url.rstrip('/')}/portfolio/v1", token.get)
            following = Following("portfolio", feed_of(peer), _apply)
            tasks.create_task(Consumer(database, feed_cursor, following).follow())
            tasks.create_task(falling_due.follow(database, utc_now))
            tasks.create_task(MeasurementWatch(database, utc_now).follow())
            tasks.create_task(watching_curves.follow(database, utc_now))
            tasks.create_task(late_reports.follow(database, utc_now))
            tasks.create_task(Sealer(database, trail, AuditSealed, utc_now).follow())
            tasks.create_task(_watch_owners(database))
            tasks.create_task(_exchange(database, Exchange.of(settings), peer))
    finally:
        await database.close()


async def _exchange(database: Database, exchange: Exchange | None, peer: Peer) -> None:
    """Keep our keys, read partners and tell them of news, where the settings have a key for it."""
    if exchange is None:
        _log.warning("nothing is exchanged with other bodies: GEVINST_SYNC_KEY is not set")
        await Sweeper(database, PART.tables, Settling(PART.tables, PART.kinds), utc_now).follow()
        return
    async with Outside(tls_context=exchange.tls()) as outside, asyncio.TaskGroup() as tasks:
        tasks.create_task(Keys(database, exchange, utc_now).follow())
        here = Here(database, PART, exchange, utc_now)
        calls = PartnerCalls(outside, utc_now, asserts=assertions_of(peer))
        tasks.create_task(Reading(here, calls).follow())
        tasks.create_task(Telling(here, calls).follow())
        tasks.create_task(Pruning(database, PART, utc_now).follow())


async def restored(settings: Settings) -> None:
    """Begin all feeds anew, and hold what partners and we have agreed upon (X2)."""
    await begin_anew(settings, PART, now=utc_now)


async def _apply(connection: Connection, event: Event) -> None:
    await apply(connection, event, now=utc_now())


async def _watch_owners(database: Database) -> None:
    """B2: roles that end by a date that passes; what fails is tried again."""
    rounds = Rounds(_log, "owners not looked at", every=_OWNERS_EVERY_SECONDS, longest=_OWNERS_EVERY_SECONDS)
    await rounds.follow(lambda: look_everywhere(database, utc_now))
