"""Letting endpoints lead into the organisation's own networks, and closing these again (OWASP API7)."""

from uuid import UUID

from gevinst_notifications.events.endpoints import NetworkAllowed, NetworkClosed
from gevinst_notifications.store import deliveries
from gevinst_notifications.store.allowed_networks import NETWORKS
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import read_network
from gevinst_shared.values.typed_addresses import OddNetwork


async def allow_network(work: Work, text: str, *, reason: str) -> tuple[UUID, Stored]:
    """Let the organisation's endpoints lead into the network."""
    try:
        network = str(read_network(text))
    except ValueError as error:
        raise OddNetwork(pointer="/body/network") from error
    network_id = new_id()
    values = {
        "id": network_id,
        "network": network,
        "reason": reason,
        "created_at": work.now,
    }
    fact = NetworkAllowed(network_id, network, reason)
    record = recorded(work, fact, subject=subject_of("allowed-networks", network_id), reason=reason)
    return network_id, await NETWORKS.add(work.connection, values, record)


async def close_network(work: Work, network_id: UUID, *, expected: int) -> bool:
    """Close it again, at once also for endpoints that are there; False at another revision."""
    row = await NETWORKS.row(work.connection, network_id, for_change=True)
    if not await NETWORKS.drop(work.connection, network_id, expected=expected):
        return False
    fact = NetworkClosed(network_id, row["network"])
    record = recorded(work, fact, subject=subject_of("allowed-networks", network_id))
    was = {"network": row["network"], "reason": row["reason"]}
    await deliveries.announce(work.connection, record, before=was, after={})
    return True
