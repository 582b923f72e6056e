"""`work`: follows the two feeds, delivers what waits, seals the trail (A6). Any number of workers may run."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom

import httpx

from gevinst_notifications.clients.feeds import fetch_events, find_next_event
from gevinst_notifications.clients.smtp import MailClient, mail_server
from gevinst_notifications.events.audit import AuditSealed
from gevinst_notifications.settings import Settings
from gevinst_notifications.tables.shared import feed_cursor, trail
from gevinst_notifications.usecases.delivering import PostOffice, deliver_due, recover_lost
from gevinst_notifications.usecases.holding import hold
from gevinst_notifications.usecases.registering import register_fact
from gevinst_notifications.usecases.telling import tell
from gevinst_shared.audit.sealing import Sealer
from gevinst_shared.auth.client_credentials import ServiceToken
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.doorbell import Doorbell
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.client import open_client
from gevinst_shared.http.peer import Peer
from gevinst_shared.web.clock import utc_now

_LOOK_EVERY = 1.0
_LONGEST_PAUSE = 30.0
# A message takes at most six waits of the mail client, and half a lease.
_WAITS_PER_LEASE = 12
_log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Run until cancelled."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url, size=settings.pool_size)
        stack.push_async_callback(database.close)
        client = await stack.enter_async_context(open_client())
        doorbell = await stack.enter_async_context(Doorbell(database, settings.database_url))
        async with asyncio.TaskGroup() as tasks:
            for following in followings(settings, database, client, ring=doorbell.ring):
                tasks.create_task(Consumer(database, feed_cursor, following).follow())
            tasks.create_task(_deliver(settings, database, doorbell))
            tasks.create_task(Sealer(database, trail, AuditSealed, utc_now).follow())


def followings(
    settings: Settings, database: Database, client: httpx.AsyncClient, *, ring: Callable[[], None]
) -> list[Following]:
    """The feeds whose addresses are set. `ring` is called before each fetch: what the page before it did
    is committed by then."""
    if settings.token_url is None or settings.client_key_file is None:
        _log.warning("no feed followed: set GEVINST_TOKEN_URL and GEVINST_NOTIFICATIONS_CLIENT_KEY_FILE")
        return []
    token = _service_token(settings, client, settings.token_url, settings.client_key_file)
    peers = {}
    for source, url in (("portfolio", settings.portfolio_url), ("benefits", settings.benefits_url)):
        if url is None:
            _log.warning("feed not followed: its address is missing", extra={"source": source})
            continue
        peers[source] = Peer(client, _api(url, source), token.get)
    return [following_of(source, peers, database, ring=ring) for source in peers]


def following_of(
    source: str, peers: Mapping[str, Peer], database: Database, *, ring: Callable[[], None]
) -> Following:
    """One feed, and what its events do here."""
    portfolio = peers.get("portfolio")

    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        ring()
        events, following = await fetch_events(peers[source], cursor)
        if source != "portfolio" and portfolio is not None:
            await hold(database, events, partial(find_next_event, portfolio))
        return events, following

    return Following(source, fetch, apply_event)


async def apply_event(connection: Connection, event: Event) -> None:
    """Keep what the event says, then tell whom it concerns."""
    await register_fact(connection, event)
    await tell(connection, event, now=utc_now())


async def _deliver(settings: Settings, database: Database, doorbell: Doorbell) -> None:
    """Send for ever; without a mail server everything waits."""
    if settings.smtp_url is None:
        _log.warning("mail is not set up: deliveries wait until GEVINST_SMTP_URL is set")
        await asyncio.Event().wait()
        return
    lease = timedelta(seconds=settings.delivery_lease_seconds)
    timeout = lease.total_seconds() / _WAITS_PER_LEASE
    async with MailClient(mail_server(settings.smtp_url), timeout=timeout) as mail:
        office = PostOffice(
            database=database,
            mail=mail,
            sender=settings.sender,
            now=utc_now,
            rng=SystemRandom(),
            lease=lease,
            batch=settings.delivery_batch,
            record_url=settings.record_url,
        )
        await _for_ever(lambda: _round(office, doorbell))


async def _round(office: PostOffice, doorbell: Doorbell) -> None:
    recovered = await recover_lost(office)
    tried = await deliver_due(office)
    if tried or recovered:
        doorbell.ring()
    else:
        await doorbell.wait(_LOOK_EVERY)


async def _for_ever(once: Callable[[], Awaitable[None]]) -> None:
    """Again and again; what fails is tried again, later and later."""
    pause = 0.0
    while True:
        try:
            await once()
            pause = 0.0
        except asyncio.CancelledError:
            raise
        except Exception:  # a worker's outermost loop
            pause = min(_LONGEST_PAUSE, max(0.5, pause * 2))
            _log.exception("deliveries not done", extra={"pause": pause})
            await asyncio.sleep(pause)


def _service_token(
    settings: Settings, client: httpx.AsyncClient, token_url: str, key_file: Path
) -> ServiceToken:
    key = signing_key(read_private_jwk(key_file))
    return ServiceToken(client, token_url=token_url, client_id=settings.client_id, key=key, clock=utc_now)


def _api(url: str, service: str) -> str:
    """Where the API of `service` begins, whether `url` says so or only names the host."""
    suffix = f"/{service}/v1"
    return url if url.rstrip("/").endswith(suffix) else url.rstrip("/") + suffix
