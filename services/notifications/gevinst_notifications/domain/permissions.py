"""What each operation of the notifications service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import Permission, Role

FOLLOW_EVENTS = Permission("notifications:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
