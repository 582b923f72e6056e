"""Who hears of what, and why: plain data, so that an organisation can have its own."""

from dataclasses import dataclass
from enum import StrEnum

from gevinst_shared.values.actor import Role, ScopeKind


class NoticeKind(StrEnum):
    """What people hear of (N1)."""

    DECISION_MADE = "decision-made"
    PROJECT_APPROVED = "project-approved"
    PROJECT_STOPPED = "project-stopped"
    PROJECT_RESCHEDULED = "project-rescheduled"
    PROJECT_DECIDED = "project-decided"
    MEETING_CALLED = "meeting-called"
    SCENARIO_PUBLISHED = "scenario-published"
    GATE_PROPOSED = "gate-proposed"
    GATE_DECIDED = "gate-decided"
    GATE_WITHDRAWN = "gate-withdrawn"
    GATE_REVIEWED = "gate-reviewed"
    CONDITION_LAPSED = "condition-lapsed"
    BENEFIT_OFF_CURVE = "benefit-off-curve"
    LIGHT_OVERRULED = "light-overruled"
    PREREQUISITE_FAILED = "prerequisite-failed"
    RISK_TURNED_HIGH = "risk-turned-high"
    INSTALLATIONS_NOT_CARRYING = "installations-not-carrying"
    BENEFIT_CONFIRMED = "benefit-confirmed"
    BENEFIT_HANDED_OVER = "benefit-handed-over"
    BENEFIT_MOVED_IN_TIME = "benefit-moved-in-time"
    BENEFIT_REALISED = "benefit-realised"
    BENEFIT_CLOSED = "benefit-closed"
    BENEFIT_VERIFIED = "benefit-verified"
    BENEFIT_OWNER_VACANT = "benefit-owner-vacant"
    BUDGET_ENTRY_BOOKED = "budget-entry-booked"
    BUDGET_ENTRY_REVERSED = "budget-entry-reversed"
    BUDGET_PHASING_AGREED = "budget-phasing-agreed"
    AGREEMENT_RECORDED = "agreement-recorded"
    AGREEMENT_PROPOSED = "agreement-proposed"
    HANDOVER_ACCEPTED = "handover-accepted"
    HANDOVER_REFUSED = "handover-refused"
    EFFECT_REVIEW_HELD = "effect-review-held"
    MEASURE_PROPOSED = "measure-proposed"
    MEASURE_DECIDED = "measure-decided"
    GENERAL_CASE_CHANGED = "general-case-changed"
    CAPACITY_FREED = "capacity-freed"
    ROLE_VACANT = "role-vacant"
    IMPORT_FINISHED = "import-finished"
    IDEA_ANSWERED = "idea-answered"
    REPLAN_OFFERED = "replan-offered"
    POOL_AWARDED = "pool-awarded"
    DUTY_REMINDED = "duty-reminded"
    DUTY_ESCALATED = "duty-escalated"
    ENDPOINT_DISABLED = "endpoint-disabled"


class Reason(StrEnum):
    """Why one hears of it (N4); each has a clause in every language under `reasons` in the texts."""

    OWNS_PROJECT = "owns-project"
    MANAGES_PROJECT = "manages-project"
    DECIDES_GATES = "decides-gates"
    SITS_ON_BOARD = "sits-on-board"
    RUNS_PORTFOLIO = "runs-portfolio"
    OWNS_BENEFITS = "owns-benefits"
    CONTROLS_BENEFITS = "controls-benefits"
    LEADS_UNIT = "leads-unit"
    ADMINISTERS = "administers"
    SUBMITTED_IDEA = "submitted-idea"
    FOLLOWS = "follows"
    STANDS_IN = "stands-in"
    MUST_DO = "must-do"
    LEADS_OWNER = "leads-owner"
    NEXT_IN_LINE = "next-in-line"
    NOT_REACHED = "not-reached"
    OWNS_CONDITION = "owns-condition"
    KEEPS_BUDGET = "keeps-budget"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who holds `role` in one of `scopes`, over the place of the fact, hears of `kind`."""

    kind: NoticeKind
    role: Role
    scopes: frozenset[ScopeKind]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Named:
    """The person whom `member` of the fact names by their subject hears of `kind`, whatever their roles."""

    kind: NoticeKind
    member: str
    reason: Reason


_HERE = frozenset({ScopeKind.PROJECT, ScopeKind.PROGRAMME})
_LINE = frozenset({ScopeKind.PROJECT, ScopeKind.UNIT})
_PORTFOLIO = frozenset({ScopeKind.PORTFOLIO, ScopeKind.ORGANISATION})
_ORGANISATION = frozenset({ScopeKind.ORGANISATION})

_OWNER = (Role.PROJECT_OWNER, _HERE, Reason.OWNS_PROJECT)
_MANAGER = (Role.PROJECT_MANAGER, _HERE, Reason.MANAGES_PROJECT)
_BENEFIT_OWNER = (Role.BENEFIT_OWNER, _LINE, Reason.OWNS_BENEFITS)
_CONTROLLER = (Role.BENEFIT_CONTROLLER, frozenset(ScopeKind), Reason.CONTROLS_BENEFITS)
_LEADER = (Role.UNIT_LEADER, _LINE, Reason.LEADS_UNIT)
_BOARD = (Role.BOARD_MEMBER, _PORTFOLIO, Reason.SITS_ON_BOARD)
_OFFICE = (Role.PORTFOLIO_OFFICE, _PORTFOLIO, Reason.RUNS_PORTFOLIO)
_FINANCE = (Role.FINANCE, frozenset(ScopeKind), Reason.KEEPS_BUDGET)
_ADMINISTRATOR = (Role.ADMINISTRATOR, _ORGANISATION, Reason.ADMINISTERS)

_WHO = {
    NoticeKind.DECISION_MADE: (_OWNER, _MANAGER, _BOARD, _OFFICE),
    NoticeKind.PROJECT_APPROVED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _LEADER),
    # G6: the portfolio is asked what to start instead.
    NoticeKind.PROJECT_STOPPED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _LEADER, _OFFICE),
    # P4: a new date moves the change load of those who receive it.
    NoticeKind.PROJECT_RESCHEDULED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _LEADER),
    # Paused, resumed, closed, rejected or postponed: what was proposed is answered.
    NoticeKind.PROJECT_DECIDED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _LEADER),
    NoticeKind.MEETING_CALLED: (_BOARD,),
    NoticeKind.SCENARIO_PUBLISHED: (_BOARD, _OFFICE),
    # G3: those who can decide; the proposer is the actor and hears nothing.
    NoticeKind.GATE_PROPOSED: (
        (Role.PROJECT_OWNER, _HERE, Reason.OWNS_PROJECT),
        (Role.BOARD_MEMBER, _PORTFOLIO, Reason.DECIDES_GATES),
    ),
    NoticeKind.GATE_DECIDED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _OFFICE),
    NoticeKind.GATE_WITHDRAWN: (_OWNER, _BOARD),
    NoticeKind.GATE_REVIEWED: (_OWNER, _MANAGER, _BOARD),
    # G7: it reopens the gate, which concerns those who decided it as well.
    NoticeKind.CONDITION_LAPSED: (_OWNER, _MANAGER, _BOARD, _OFFICE),
    NoticeKind.BENEFIT_OFF_CURVE: (_BENEFIT_OWNER, _CONTROLLER, _OWNER, _MANAGER),
    # B7: what a person says instead of the figures is seen by those who count on them.
    NoticeKind.LIGHT_OVERRULED: (_BENEFIT_OWNER, _CONTROLLER, _OWNER, _MANAGER, _OFFICE),
    NoticeKind.PREREQUISITE_FAILED: (_BENEFIT_OWNER, _CONTROLLER, _OWNER, _MANAGER),
    NoticeKind.RISK_TURNED_HIGH: (_BENEFIT_OWNER, _CONTROLLER, _OWNER, _MANAGER),
    # B15
    NoticeKind.INSTALLATIONS_NOT_CARRYING: (_BENEFIT_OWNER, _CONTROLLER, _OWNER, _MANAGER),
    NoticeKind.BENEFIT_CONFIRMED: (_OWNER, _MANAGER, _CONTROLLER),
    NoticeKind.BENEFIT_HANDED_OVER: (_OWNER, _MANAGER, _CONTROLLER),
    # B9: whoever answers for the number, and whoever checks it.
    NoticeKind.BENEFIT_MOVED_IN_TIME: (_BENEFIT_OWNER, _CONTROLLER),
    NoticeKind.BENEFIT_REALISED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _CONTROLLER, _LEADER),
    NoticeKind.BENEFIT_CLOSED: (_BENEFIT_OWNER, _CONTROLLER, _LEADER),
    NoticeKind.BENEFIT_VERIFIED: (_BENEFIT_OWNER, _LEADER, _OWNER, _FINANCE),
    # The unit's leader is reminded until somebody holds it.
    NoticeKind.BENEFIT_OWNER_VACANT: (_CONTROLLER, _OFFICE),
    NoticeKind.BUDGET_ENTRY_BOOKED: (_BENEFIT_OWNER, _LEADER, _FINANCE),
    NoticeKind.BUDGET_ENTRY_REVERSED: (_BENEFIT_OWNER, _LEADER, _FINANCE),
    NoticeKind.BUDGET_PHASING_AGREED: (_BENEFIT_OWNER, _LEADER, _FINANCE),
    NoticeKind.AGREEMENT_RECORDED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _CONTROLLER),
    # B11: nobody here owns it yet; the office finds who does.
    NoticeKind.AGREEMENT_PROPOSED: (_OFFICE,),
    NoticeKind.HANDOVER_ACCEPTED: (_OWNER, _MANAGER, _OFFICE),
    NoticeKind.HANDOVER_REFUSED: (_OWNER, _MANAGER, _OFFICE),
    NoticeKind.EFFECT_REVIEW_HELD: (_OWNER, _MANAGER, _BENEFIT_OWNER, _CONTROLLER, _OFFICE),
    # B13: who can decide it; whoever proposed it is another.
    NoticeKind.MEASURE_PROPOSED: (_OWNER,),
    NoticeKind.MEASURE_DECIDED: (_MANAGER,),
    # C3: those whose project took the case over.
    NoticeKind.GENERAL_CASE_CHANGED: (_OWNER, _MANAGER),
    NoticeKind.CAPACITY_FREED: (_OFFICE,),
    # B2: a vacant role goes to the line, the controller and the office at once.
    NoticeKind.ROLE_VACANT: (_LEADER, _CONTROLLER, _OFFICE),
    NoticeKind.IMPORT_FINISHED: (_OFFICE, _ADMINISTRATOR),
    # G6: those who can have it planned again.
    NoticeKind.REPLAN_OFFERED: (_OFFICE,),
    # M2: who draws it, who repays it out of the benefit, and who keeps the pool.
    NoticeKind.POOL_AWARDED: (_OWNER, _MANAGER, _BENEFIT_OWNER, _FINANCE),
    # Nothing goes there any more, so it must be told another way.
    NoticeKind.ENDPOINT_DISABLED: (_ADMINISTRATOR,),
}

RULES = tuple(
    Rule(kind, role, scopes, reason) for kind, whos in _WHO.items() for role, scopes, reason in whos
)
# P1: an idea may come from anybody, and whoever had it hears what became of it.
NAMED = (
    Named(NoticeKind.IDEA_ANSWERED, "submitter", Reason.SUBMITTED_IDEA),
    Named(NoticeKind.CONDITION_LAPSED, "owner_id", Reason.OWNS_CONDITION),
)
