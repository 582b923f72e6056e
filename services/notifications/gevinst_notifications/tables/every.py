"""Every table, loaded: what migrations compare with the database."""

from gevinst_notifications.tables import (
    calendar_feeds,
    deliveries,
    destinations,
    digests,
    duties,
    endpoints,
    inbox,
    people,
    register,
    rules,
)
from gevinst_notifications.tables.shared import metadata

__all__ = [
    "calendar_feeds",
    "deliveries",
    "destinations",
    "digests",
    "duties",
    "endpoints",
    "inbox",
    "metadata",
    "people",
    "register",
    "rules",
]
