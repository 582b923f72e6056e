"""What each operation of the benefits service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import Permission, Role

_PROJECT = frozenset({Role.PORTFOLIO_OFFICE, Role.PROJECT_OWNER, Role.PROJECT_MANAGER})

VIEW = Permission("benefits:view", frozenset(Role))
FOLLOW_EVENTS = Permission("benefits:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
STEER = Permission("progress:steer", _PROJECT)
WRITE_CASE = Permission("business-case:write", _PROJECT)
# B3: the plan can be built from the line's end as well.
PLAN = Permission("benefit:plan", _PROJECT | {Role.BENEFIT_OWNER, Role.UNIT_LEADER})
# B2: which of them it is follows from the role in the unit that the benefit names.
CONFIRM = Permission("benefit:confirm", frozenset({Role.BENEFIT_OWNER, Role.UNIT_LEADER}))
MEASURE = Permission(
    "indicator:measure",
    frozenset({Role.BENEFIT_CONTROLLER, Role.BENEFIT_OWNER, Role.UNIT_LEADER, Role.INTEGRATION}),
)
VERIFY = Permission("benefit:verify", frozenset({Role.BENEFIT_CONTROLLER}))
# G3: those who propose a gate and those who decide it are different people.
PROPOSE_GATE = Permission("gate:propose", frozenset({Role.PORTFOLIO_OFFICE, Role.PROJECT_MANAGER}))
DECIDE_GATE = Permission("gate:decide", frozenset({Role.PROJECT_OWNER, Role.BOARD_MEMBER}))
# M1, M3: finance and the office draft, the unit agrees, finance books.
DRAFT_ADJUSTMENT = Permission("budget:draft", frozenset({Role.FINANCE, Role.PORTFOLIO_OFFICE}))
AGREE_ADJUSTMENT = Permission("budget:agree", frozenset({Role.UNIT_LEADER, Role.BENEFIT_OWNER}))
BOOK_ADJUSTMENT = Permission("budget:book", frozenset({Role.FINANCE}))
MAP_EXPORT = Permission("budget:map-export", frozenset({Role.FINANCE, Role.ADMINISTRATOR}))
EXPORT_BUDGET = Permission("budget:export", frozenset({Role.FINANCE, Role.INTEGRATION}))
# B13: whoever answers for execution reports; which of them it is follows from where the project is.
SET_REPORTING = Permission("report:set-practice", frozenset({Role.PORTFOLIO_OFFICE, Role.ADMINISTRATOR}))
REPORT = Permission("report:write", frozenset({Role.PROJECT_MANAGER, Role.BENEFIT_OWNER, Role.UNIT_LEADER}))
DECIDE_MEASURE = Permission("measure:decide", frozenset({Role.PROJECT_OWNER, Role.BOARD_MEMBER}))
FOLLOW_MEASURE = Permission(
    "measure:follow-up", frozenset({Role.PROJECT_MANAGER, Role.PROJECT_OWNER, Role.BENEFIT_OWNER})
)
