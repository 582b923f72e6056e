"""`work`: follows the two feeds, delivers what waits, seals the trail (A6). Any number of workers may run."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import SystemRandom

import asyncpg
import httpx

from gevinst_notifications.clients import apprise
from gevinst_notifications.clients.apprise import AppriseProcess
from gevinst_notifications.clients.feeds import fetch_events, find_next_event
from gevinst_notifications.clients.mail_pool import MailPool
from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.clients.smtp import mail_server
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.events.audit import AuditSealed
from gevinst_notifications.settings import Settings
from gevinst_notifications.tables.shared import feed_cursor, trail
from gevinst_notifications.usecases import keeping_time
from gevinst_notifications.usecases.closing import close_due_digests
from gevinst_notifications.usecases.delivering import PostOffice, Sender, Senders, recover_lost
from gevinst_notifications.usecases.dispatching import LOOK_EVERY, Dispatcher
from gevinst_notifications.usecases.forgetting import forget_erased
from gevinst_notifications.usecases.forwarding import forward
from gevinst_notifications.usecases.gathering import expect_leaders_digest
from gevinst_notifications.usecases.holding import hold
from gevinst_notifications.usecases.mailing import LeavingDesk, MailSender
from gevinst_notifications.usecases.posting import EndpointSender
from gevinst_notifications.usecases.registering import register_fact
from gevinst_notifications.usecases.registering_duties import register_duties
from gevinst_notifications.usecases.telling import tell
from gevinst_notifications.usecases.watching import watch_queue
from gevinst_shared.audit.sealing import Sealer
from gevinst_shared.auth.client_credentials import ServiceToken
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.doorbell import Doorbell
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.client import open_client
from gevinst_shared.http.outside import Outside
from gevinst_shared.http.peer import Peer
from gevinst_shared.rounds import Rounds
from gevinst_shared.web.clock import utc_now

# A digest has a minute in which it is due, not a second.
_DIGESTS_EVERY = 20.0
_WATCH_EVERY = 15.0
_LONGEST_CALL = 20.0
# A message takes at most six waits of the mail client, and half a lease.
_WAITS_PER_LEASE = 12
# So many endpoints are called at once, half of them one organisation's at most.
_DESTINATIONS = 128
# What is wrong with a fact itself, and stays so however often it is read.
_OWN_FAULTS = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "deliveries not done")


async def work(settings: Settings) -> None:
    """Run until cancelled."""
    async with AsyncExitStack() as stack:
        database = await Database.open(settings.database_url, size=settings.pool_size)
        stack.push_async_callback(database.close)
        client = await stack.enter_async_context(open_client())
        doorbell = await stack.enter_async_context(Doorbell(database, settings.database_url))
        peers = peers_of(settings, client)
        feeds = {source: partial(find_next_event, peer) for source, peer in peers.items()}
        async with asyncio.TaskGroup() as tasks:
            for following in followings(peers, database, ring=doorbell.ring):
                tasks.create_task(Consumer(database, feed_cursor, following).follow())
            tasks.create_task(_deliver(settings, database, doorbell))
            tasks.create_task(keeping_time.follow(database, feeds, utc_now, ring=doorbell.ring))
            tasks.create_task(_ROUNDS.follow(lambda: _close_digests(database, doorbell)))
            tasks.create_task(_ROUNDS.follow(lambda: _watch(database)))
            tasks.create_task(Sealer(database, trail, AuditSealed, utc_now).follow())


def peers_of(settings: Settings, client: httpx.AsyncClient) -> dict[str, Peer]:
    """The services whose feeds we follow, as far as their addresses are set."""
    if settings.token_url is None or settings.client_key_file is None:
        _log.warning("no feed followed: set GEVINST_TOKEN_URL and GEVINST_NOTIFICATIONS_CLIENT_KEY_FILE")
        return {}
    token = _service_token(settings, client, settings.token_url, settings.client_key_file)
    peers = {}
    for source, url in (("portfolio", settings.portfolio_url), ("benefits", settings.benefits_url)):
        if url is None:
            _log.warning("feed not followed: its address is missing", extra={"source": source})
            continue
        peers[source] = Peer(client, _api(url, source), token.get)
    return peers


def followings(peers: Mapping[str, Peer], database: Database, *, ring: Callable[[], None]) -> list[Following]:
    """What each feed does here. `ring` is called before each fetch: what the page before it did is
    committed by then."""
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

    return Following(source, fetch, apply_event, passes_over=_OWN_FAULTS)


async def apply_event(connection: Connection, event: Event) -> None:
    """Keep what the event says and what it asks of people, then tell whom it concerns, and endpoints."""
    event = await forget_erased(connection, event)
    await register_fact(connection, event)
    await expect_leaders_digest(connection, event, now=utc_now())
    await register_duties(connection, event)
    now = utc_now()
    await tell(connection, event, now=now)
    await forward(connection, event, now=now)


async def _deliver(settings: Settings, database: Database, doorbell: Doorbell) -> None:
    """Send for ever; what no channel is set up for waits."""
    async with AsyncExitStack() as stack:
        office = PostOffice(
            database=database,
            senders=await _open_senders(settings, stack),
            now=utc_now,
            rng=SystemRandom(),
            lease=timedelta(seconds=settings.delivery_lease_seconds),
            batch=settings.delivery_batch,
        )
        dispatchers = [
            await stack.enter_async_context(
                Dispatcher(
                    office,
                    channel,
                    runs=settings.delivery_connections if channel is Channel.MAIL else _DESTINATIONS,
                    wait=doorbell.wait,
                    ring=doorbell.ring,
                )
            )
            for channel in office.senders
        ]
        async with asyncio.TaskGroup() as tasks:
            for dispatcher in dispatchers:
                tasks.create_task(_ROUNDS.follow(dispatcher.dispatch))
            tasks.create_task(_ROUNDS.follow(lambda: _recover(office, doorbell)))


async def _open_senders(settings: Settings, stack: AsyncExitStack) -> Senders:
    """A sender for each channel that is set up, for as long as the stack is open."""
    senders: dict[Channel, Sender] = {}
    if settings.smtp_url is None:
        _log.warning("mail is not set up: deliveries wait until GEVINST_SMTP_URL is set")
    else:
        timeout = settings.delivery_lease_seconds / _WAITS_PER_LEASE
        server = mail_server(settings.smtp_url)
        pool = MailPool(server, size=settings.delivery_connections, timeout=timeout)
        mail = await stack.enter_async_context(pool)
        leaving = leaving_desk(settings)
        senders[Channel.MAIL] = MailSender(mail, settings.sender, utc_now, settings.record_url, leaving)
    safe = Safe.of(settings.channel_key)
    if safe is None:
        _log.warning("endpoints are not set up: set GEVINST_NOTIFICATIONS_CHANNEL_KEY")
        return senders
    seconds = min(_LONGEST_CALL, settings.delivery_lease_seconds / _WAITS_PER_LEASE)
    outside = await stack.enter_async_context(Outside(seconds=seconds))
    exotic = AppriseProcess(seconds=seconds) if apprise.is_installed() else None
    sender = EndpointSender(outside, safe, utc_now, settings.record_url, exotic)
    return {**senders, **dict.fromkeys(sender.channels, sender)}


def leaving_desk(settings: Settings) -> LeavingDesk | None:
    """Where people stop mails of a kind; nowhere as long as there is no key for tickets."""
    safe = Safe.of(settings.channel_key)
    if safe is None:
        return None
    return LeavingDesk(
        f"{settings.public_url.rstrip('/')}/notifications/v1/unsubscription", safe.leaving_keys[0]
    )


async def _recover(office: PostOffice, doorbell: Doorbell) -> None:
    if await recover_lost(office):
        doorbell.ring()
    else:
        await doorbell.wait(LOOK_EVERY)


async def _close_digests(database: Database, doorbell: Doorbell) -> None:
    if await close_due_digests(database, now=utc_now()):
        doorbell.ring()
    else:
        await asyncio.sleep(_DIGESTS_EVERY)


async def _watch(database: Database) -> None:
    await watch_queue(database, utc_now)
    await asyncio.sleep(_WATCH_EVERY)


def _service_token(
    settings: Settings, client: httpx.AsyncClient, token_url: str, key_file: Path
) -> ServiceToken:
    key = signing_key(read_private_jwk(key_file))
    return ServiceToken(client, token_url=token_url, client_id=settings.client_id, key=key, clock=utc_now)


def _api(url: str, service: str) -> str:
    """Where the API of `service` begins, whether `url` says so or only names the host."""
    suffix = f"/{service}/v1"
    return url if url.rstrip("/").endswith(suffix) else url.rstrip("/") + suffix
