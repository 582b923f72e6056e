"""Letting partners be reached in the organisation's own networks, and closing these again (OWASP API7)."""

from uuid import UUID

from gevinst_portfolio.domain.permissions import EXCHANGE
from gevinst_portfolio.events.sync import SyncNetworkAllowed, SyncNetworkClosed
from gevinst_portfolio.store import announcements
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import read_network
from gevinst_shared.values.typed_addresses import OddNetwork


async def allow_network(work: Work, text: str, *, reason: str) -> tuple[UUID, Stored]:
    """Let partners be reached in the network."""
    work.require(EXCHANGE, Place())
    try:
        network = str(read_network(text))
    except ValueError as error:
        raise OddNetwork(pointer="/body/network") from error
    network_id = new_id()
    values = {"id": network_id, "network": network, "reason": reason, "created_at": work.now}
    fact = SyncNetworkAllowed(network_id, network, reason)
    record = recorded(work, fact, subject=subject_of("sync-networks", network_id), reason=reason)
    return network_id, await NETWORKS.add(work.connection, values, record)


async def close_network(work: Work, network_id: UUID, *, expected: int) -> bool:
    """Close it again, also for partners that are there; False at another revision."""
    work.require(EXCHANGE, Place())
    row = await NETWORKS.row(work.connection, network_id, for_change=True)
    if not await NETWORKS.drop(work.connection, network_id, expected=expected):
        return False
    fact = SyncNetworkClosed(network_id, row["network"])
    record = recorded(work, fact, subject=subject_of("sync-networks", network_id))
    was = {"network": row["network"], "reason": row["reason"]}
    await announcements.announce(work.connection, [{**record, "before": was, "after": {}}])
    return True
