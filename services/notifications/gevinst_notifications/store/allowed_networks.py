"""The organisation's own networks that endpoints may lead into."""

from gevinst_notifications.tables.endpoints import allowed_network
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.feed.allowed_networks import AllowedNetworks

NETWORKS = AllowedNetworks(outbox, allowed_network)
