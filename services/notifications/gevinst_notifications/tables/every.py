"""Every table, loaded: what migrations compare with the database."""

<<<<<<< HEAD
from gevinst_notifications.tables import deliveries, digests, inbox, people, register
from gevinst_notifications.tables.shared import metadata

__all__ = ["deliveries", "digests", "inbox", "metadata", "people", "register"]
=======
from gevinst_notifications.tables import deliveries, duties, inbox, register, rules
from gevinst_notifications.tables.shared import metadata

__all__ = ["deliveries", "duties", "inbox", "metadata", "register", "rules"]
>>>>>>> duties
