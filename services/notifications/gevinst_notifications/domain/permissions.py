"""What each operation of the notifications service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import Permission, Role

_OFFICE = frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE})

# Everybody has an inbox, and only their own: whose it is follows from the token.
USE_INBOX = Permission("inbox:use", frozenset(Role))
VIEW_DELIVERIES = Permission("deliveries:view", _OFFICE)
REPLAY_DELIVERIES = Permission("deliveries:replay", _OFFICE)
FOLLOW_EVENTS = Permission("notifications:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
