"""What each operation of the portfolio service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import EVERYONE, Permission, Role

_OFFICE = frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE})

VIEW = Permission("portfolio:view", EVERYONE)
FOLLOW_EVENTS = Permission("portfolio:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
ADMINISTER = Permission("organisation:administer", frozenset({Role.ADMINISTRATOR}))
ARRANGE = Permission("portfolio:arrange", _OFFICE)
# P1: an idea may come from every person of the organisation, whatever else they may.
HAVE_IDEA = Permission("idea:have", EVERYONE - {Role.INTEGRATION})
ANSWER_IDEA = Permission("idea:answer", _OFFICE)
# P1: proposals come from everywhere, so whoever leads something may make one.
PROPOSE = Permission(
    "project:propose",
    _OFFICE | {Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.UNIT_LEADER, Role.INTEGRATION},
)
CHANGE_PROJECT = Permission("project:change", _OFFICE | {Role.PROJECT_OWNER, Role.PROJECT_MANAGER})
SCORE = Permission("project:score", _OFFICE | {Role.BOARD_MEMBER, Role.PROJECT_OWNER})
SET_MONEY = Permission("portfolio:set-money", _OFFICE | {Role.FINANCE})
IMPORT = Permission("portfolio:import", _OFFICE | {Role.INTEGRATION})
# Whoever uploads acts as the office does: on projects, scores, capacity and money at once.
UPLOAD = Permission("portfolio:upload", _OFFICE | {Role.INTEGRATION})
CANCEL_RUN = Permission("run:cancel", _OFFICE | {Role.INTEGRATION})
PLAN = Permission("scenario:plan", frozenset({Role.PORTFOLIO_OFFICE}))
VIEW_SCENARIO = Permission("scenario:view", _OFFICE | {Role.BOARD_MEMBER, Role.FINANCE, Role.AUDITOR})
VIEW_MEETING = Permission("meeting:view", VIEW_SCENARIO.roles)
# P8: the board decides, not the optimiser and not the office that prepared the scenario.
DECIDE = Permission("board:decide", frozenset({Role.BOARD_MEMBER}))
# M2: finance runs the pool, the board awards out of it, and whoever leads a project applies to it.
RUN_POOL = Permission("pool:run", frozenset({Role.FINANCE}))
APPLY_TO_POOL = Permission(
    "pool:apply", _OFFICE | {Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.UNIT_LEADER}
)
ASSESS_APPLICATION = Permission("pool:assess", frozenset({Role.PORTFOLIO_OFFICE, Role.FINANCE}))
AWARD = Permission("pool:award", frozenset({Role.BOARD_MEMBER}))
# G3: who books a benefit has verified it, which is neither its owner's part nor that of who runs the pool.
BOOK_BENEFIT = Permission("pool:book-benefit", frozenset({Role.BENEFIT_CONTROLLER}))
APPLY_FOR_CO_FINANCING = Permission(
    "co-financing:apply", _OFFICE | {Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.FINANCE}
)
# X1: who speaks for the organisation to other bodies; the auditor and the office see what leaves.
EXCHANGE = Permission("sync:exchange", frozenset({Role.ADMINISTRATOR}))
VIEW_EXCHANGE = Permission("sync:view", _OFFICE | {Role.AUDITOR})
# X3: whoever leads the work writes what it has learned; its owner or the office tells others.
WRITE_PLAYBOOK = Permission("playbook:write", _OFFICE | {Role.PROJECT_OWNER, Role.PROJECT_MANAGER})
PUBLISH_PLAYBOOK = Permission("playbook:publish", _OFFICE | {Role.PROJECT_OWNER})
FOLLOW_PLAYBOOK = Permission("playbook:follow", CHANGE_PROJECT.roles)
# X4: what many bodies have shared, seen at once.
VIEW_JOINTLY = Permission("joint-portfolio:view", _OFFICE)
