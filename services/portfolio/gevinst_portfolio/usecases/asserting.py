"""Saying to a partner's issuer who asks, for those services of ours whose own keys get no tokens (X1)."""

from gevinst_portfolio.domain.identities import KeyLost
from gevinst_portfolio.store import sync_partners
from gevinst_portfolio.store.sync_part import find_key
from gevinst_shared.db.work import Work
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.partner_calls import assertion
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.sync.signing_keys import KeyNotOpenedError
from gevinst_shared.values.refusal import Unknown


async def assert_to(work: Work, exchange: Exchange, owner: str) -> dict[str, str]:
    """`SyncAssertionOut`, for the place that the partner's statement names; `Unknown` for a stranger."""
    partner = await sync_partners.find_of(work.connection, owner, PartnerState.CONFIRMED.value)
    endpoint = None if partner is None else partner["token"].get("endpoint")
    try:
        key = await find_key(work.connection, work.organisation, exchange)
    except KeyNotOpenedError as error:
        raise KeyLost from error
    if endpoint is None or key is None:
        raise Unknown
    return {"endpoint": endpoint, "assertion": assertion(work.organisation, endpoint, key, work.now)}
