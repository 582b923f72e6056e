"""Every table, loaded: what migrations compare with the database."""

from gevinst_notifications.tables import deliveries, inbox, register
from gevinst_notifications.tables.shared import metadata

__all__ = ["deliveries", "inbox", "metadata", "register"]
