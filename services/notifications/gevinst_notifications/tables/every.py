"""Every table, loaded: what migrations compare with the database."""

from gevinst_notifications.tables import deliveries, digests, duties, inbox, people, register, rules
from gevinst_notifications.tables.shared import metadata

__all__ = ["deliveries", "digests", "duties", "inbox", "metadata", "people", "register", "rules"]
