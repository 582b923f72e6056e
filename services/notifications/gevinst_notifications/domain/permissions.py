"""What each operation of the notifications service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import EVERYONE, Permission, Role

_OFFICE = frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE})

# Everybody has an inbox, and only their own: whose it is follows from the token.
USE_INBOX = Permission("inbox:use", EVERYONE)
VIEW_DELIVERIES = Permission("deliveries:view", _OFFICE)
REPLAY_DELIVERIES = Permission("deliveries:replay", _OFFICE)
PAUSE_DELIVERIES = Permission("deliveries:pause", frozenset({Role.ADMINISTRATOR}))
MANAGE_SUPPRESSIONS = Permission("suppressions:manage", _OFFICE)
# A mail server's pipe of returned mails is a program.
REPORT_BOUNCES = Permission("bounces:report", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
VIEW_ENDPOINTS = Permission("endpoints:view", _OFFICE)
MANAGE_ENDPOINTS = Permission("endpoints:manage", _OFFICE)
# A webhook gets whole facts, and an allowed network opens the house: both are the administrator's alone.
MANAGE_WEBHOOKS = Permission("webhooks:manage", frozenset({Role.ADMINISTRATOR}))
MANAGE_NETWORKS = Permission("networks:manage", frozenset({Role.ADMINISTRATOR}))
VIEW_DUTIES = Permission(
    "duties:view", _OFFICE | {Role.BENEFIT_CONTROLLER, Role.BOARD_MEMBER, Role.FINANCE, Role.AUDITOR}
)
VIEW_RULES = Permission("reminder-rules:view", EVERYONE)
SET_RULES = Permission("reminder-rules:set", _OFFICE)
# N4: who would get what is known to those who arrange it, and to who must be able to ask.
EXPLAIN = Permission("explanations:view", _OFFICE | {Role.AUDITOR})
USE_CALENDARS = Permission("calendars:use", EVERYONE)
FOLLOW_EVENTS = Permission("notifications:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))

# How one hears is one's own; what holds for those who chose nothing is the office's work.
CHOOSE_PREFERENCES = Permission("preferences:choose", EVERYONE)
VIEW_DEFAULTS = Permission("notification-defaults:view", EVERYONE)
SET_DEFAULTS = Permission("notification-defaults:set", _OFFICE)
# For those who cannot: whoever falls ill enters nothing.
ENTER_LEAVE = Permission("absences:enter", _OFFICE)
ERASE_PEOPLE = Permission("people:erase", frozenset({Role.ADMINISTRATOR}))
