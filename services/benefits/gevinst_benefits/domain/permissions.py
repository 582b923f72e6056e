"""What each operation of the benefits service needs, and which roles have it (DOMAIN.md §1)."""

from gevinst_shared.values.actor import EVERYONE, Permission, Role

_PROJECT = frozenset({Role.PORTFOLIO_OFFICE, Role.PROJECT_OWNER, Role.PROJECT_MANAGER})

VIEW = Permission("benefits:view", EVERYONE)
FOLLOW_EVENTS = Permission("benefits:follow-events", frozenset({Role.INTEGRATION, Role.ADMINISTRATOR}))
STEER = Permission("progress:steer", _PROJECT)
WRITE_CASE = Permission("business-case:write", _PROJECT)
# C3: what is published speaks for the organisation.
PUBLISH_CASE = Permission("business-case:publish", frozenset({Role.PORTFOLIO_OFFICE, Role.PROJECT_OWNER}))
SET_PRICE_INDEX = Permission(
    "price-index:set", frozenset({Role.FINANCE, Role.PORTFOLIO_OFFICE, Role.ADMINISTRATOR})
)
SET_SALARY_COST = Permission(
    "salary-cost:set", frozenset({Role.FINANCE, Role.PORTFOLIO_OFFICE, Role.ADMINISTRATOR})
)
# B3: the plan can be built from the line's end as well.
PLAN = Permission("benefit:plan", _PROJECT | {Role.BENEFIT_OWNER, Role.UNIT_LEADER})
# B12: how many people a unit has.
STAFF = Permission(
    "unit:staff", frozenset({Role.PORTFOLIO_OFFICE, Role.FINANCE, Role.UNIT_LEADER, Role.ADMINISTRATOR})
)
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
# G8: a goal is the unit's own, kept when a project cannot deliver.
COMMIT = Permission("goal:commit", frozenset({Role.PORTFOLIO_OFFICE, Role.UNIT_LEADER}))
# G1, G11, B7: an organisation's own phase models, thresholds and tolerances.
ARRANGE = Permission("gates:arrange", frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE}))
# The proposal names who reviews it: a person, whatever roles that person holds.
REVIEW = Permission("gate:review", EVERYONE)
COMMENT = Permission(
    "gate:comment",
    _PROJECT | {Role.BOARD_MEMBER, Role.BENEFIT_OWNER, Role.BENEFIT_CONTROLLER, Role.UNIT_LEADER},
)
# G7: a condition's owner is a person, whatever roles that person holds.
REPORT_CONDITION = Permission("condition:report", EVERYONE)
CONFIRM_CONDITION = Permission(
    "condition:confirm",
    frozenset({Role.PORTFOLIO_OFFICE, Role.PROJECT_OWNER, Role.BOARD_MEMBER, Role.BENEFIT_CONTROLLER}),
)
# A change of phase model is no way past a gate: those who steer the project do not make it.
MOVE_MODEL = Permission("progress:move-model", frozenset({Role.PORTFOLIO_OFFICE}))
# G9: the line takes over, not the project.
RECEIVE = Permission("handover:receive", frozenset({Role.UNIT_LEADER, Role.BENEFIT_OWNER}))
LOOK_BACK = Permission("effect-review:schedule", _PROJECT | {Role.BOARD_MEMBER, Role.BENEFIT_CONTROLLER})
# B7: a colour that is overruled names who did it; those who answer for the figures cannot.
OVERRULE = Permission(
    "indicator:overrule",
    frozenset({Role.BENEFIT_CONTROLLER, Role.PORTFOLIO_OFFICE, Role.PROJECT_OWNER}),
)
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

EXCHANGE = Permission("sync:exchange", frozenset({Role.ADMINISTRATOR}))
VIEW_EXCHANGE = Permission("sync:view", frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE, Role.AUDITOR}))
# X4: what many bodies have shared, seen at once.
VIEW_JOINTLY = Permission("joint-portfolio:view", frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE}))
