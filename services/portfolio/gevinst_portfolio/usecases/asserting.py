"""Saying to an issuer who asks, for those services of ours whose own keys get no tokens (X1)."""

from gevinst_portfolio.domain.identities import KeyLost
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.sync_part import find_key
from gevinst_shared.db.work import Work
from gevinst_shared.sync.callers import Caller, CallFailed
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.partner_tokens import asserted_here
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.sync.signing_keys import KeyNotOpenedError
from gevinst_shared.values.refusal import Unknown


async def assert_to(work: Work, exchange: Exchange, owner: str) -> dict[str, str]:
    """`SyncAssertionOut`, as the partner's statement says and for its feed of the service that asks.

    `Unknown` for a stranger, and where no token can be asked for: our own reading of the partner shows why.
    """
    partner = await sync_partners.find_of(work.connection, owner, PartnerState.CONFIRMED.value)
    try:
        key = await find_key(work.connection, work.organisation, exchange)
    except KeyNotOpenedError as error:
        raise KeyLost from error
    if partner is None or key is None:
        raise Unknown
    feed = partner["feeds"].get(work.actor.subject)
    of = (partner["id"], owner, partner["address"], feed, partner["token"])
    try:
        found = await asserted_here(exchange.clients, lambda: work.now)(
            Caller(work.organisation, *of, key, networks=())
        )
    except CallFailed as error:
        raise Unknown from error
    said = {"grant": found.grant.value, "endpoint": found.endpoint, "assertion": found.assertion}
    return said if found.resource is None else {**said, "resource": found.resource}
