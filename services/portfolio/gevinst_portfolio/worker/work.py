"""`work`: what the portfolio service does in the background (A6)."""

import asyncio
import logging

import httpx

from gevinst_portfolio.events.audit import AuditSealed
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.shared import trail
from gevinst_portfolio.tables.sync import sync
from gevinst_portfolio.worker.exchange import PART
from gevinst_portfolio.worker.gates import gates_consumer
from gevinst_portfolio.worker.identities import Statements
from gevinst_portfolio.worker.partners import Introductions
from gevinst_portfolio.worker.runs import RunWorker
from gevinst_shared.audit.sealing import Sealer
from gevinst_shared.auth.client_credentials import ServiceToken
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.auth.tokens import signing_key
from gevinst_shared.db.engine import Database
from gevinst_shared.http.client import open_client
from gevinst_shared.http.outside import Outside
from gevinst_shared.http.peer import Peer
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.partner_calls import PartnerCalls
from gevinst_shared.sync.partner_tokens import asserted_here
from gevinst_shared.sync.pruning import Pruning
from gevinst_shared.sync.reading import Here, Reading
from gevinst_shared.sync.settling import Settling
from gevinst_shared.sync.sweeping import Sweeper
from gevinst_shared.sync.telling import Telling
from gevinst_shared.web.clock import utc_now

_log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Do runs, follow the gates, meet partners, seal the trail until cancelled; several may run at once."""
    database = await Database.open(settings.database_url, size=settings.pool_size)
    try:
        async with open_client() as client, asyncio.TaskGroup() as tasks:
            tasks.create_task(RunWorker(database, utc_now).follow())
            tasks.create_task(Sealer(database, trail, AuditSealed, utc_now).follow())
            tasks.create_task(_exchange(database, settings))
            peer = _benefits(settings, client)
            if peer is None:
                _log.warning("gates not followed: the benefits service, our key or the issuer is not set")
            else:
                tasks.create_task(gates_consumer(database, peer, utc_now).follow())
    finally:
        await database.close()


async def _exchange(database: Database, settings: Settings) -> None:
    """Keep our statements true, and meet and read partners, where the settings have a key for it."""
    exchange = Exchange.of(settings)
    if exchange is None:
        _log.warning("nothing is exchanged with other bodies: GEVINST_SYNC_KEY is not set")
        await Sweeper(database, sync, Settling(sync, KINDS), utc_now).follow()
        return
    async with Outside(tls_context=exchange.tls()) as outside, asyncio.TaskGroup() as tasks:
        tasks.create_task(Statements(database, exchange, utc_now).follow())
        tasks.create_task(Introductions(database, outside, exchange.public_url, utc_now).follow())
        here = Here(database, PART, exchange, utc_now)
        calls = PartnerCalls(outside, utc_now, asserts=asserted_here(exchange.clients, utc_now))
        tasks.create_task(Reading(here, calls).follow())
        tasks.create_task(Telling(here, calls).follow())
        tasks.create_task(Pruning(database, PART, utc_now).follow())


def _benefits(settings: Settings, client: httpx.AsyncClient) -> Peer | None:
    """The benefits service; None where the settings do not say how to reach it, or who we are."""
    if settings.benefits_url is None or settings.token_url is None or settings.client_key_file is None:
        return None
    token = ServiceToken(
        client,
        token_url=settings.token_url,
        client_id=settings.client_id,
        key=signing_key(read_private_jwk(settings.client_key_file)),
        clock=utc_now,
    )
    return Peer(client, f"{settings.benefits_url.rstrip('/')}/benefits/v1", token.get)
