"""The organisation's own networks that statements and feeds may be fetched from."""

from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.sync import sync_network
from gevinst_shared.feed.allowed_networks import AllowedNetworks

NETWORKS = AllowedNetworks(outbox, sync_network)
