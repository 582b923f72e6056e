"""What is told of the facts of the benefits service (N1)."""

from collections.abc import Mapping

from gevinst_notifications.domain.members import Member, count, day, money, number, term, text, year
from gevinst_notifications.domain.rules import NoticeKind

_PROJECT = Member("project_name", text)
_BENEFIT = Member("name", text, label="benefit_name")
_REASON = Member("reason", text, is_required=False)
_STATEMENT = Member("text", text, label="statement")
_ENTRY = (
    Member("benefit_name", text),
    Member("account", text),
    Member("year", year, label="budget_year"),
    Member("amount", money),
)

MEMBERS: Mapping[NoticeKind, tuple[Member, ...]] = {
    NoticeKind.GATE_PROPOSED: (
        _PROJECT,
        Member("gate_name", text),
        Member("outcome", term("outcomes")),
        Member("decide_by", day, is_required=False),
        Member("reason", text, is_required=False),
    ),
    NoticeKind.GATE_DECIDED: (
        _PROJECT,
        Member("gate_name", text),
        Member("outcome", term("outcomes")),
        Member("decided_on", day),
        Member("reason", text, is_required=False),
    ),
    NoticeKind.GATE_WITHDRAWN: (_PROJECT, Member("gate", text), _REASON),
    NoticeKind.GATE_REVIEWED: (
        _PROJECT,
        Member("gate", text),
        Member("advice", term("advice")),
        _REASON,
    ),
    NoticeKind.CONDITION_LAPSED: (_PROJECT, _STATEMENT, Member("gate", text), Member("deadline", day)),
    NoticeKind.BENEFIT_OFF_CURVE: (
        _PROJECT,
        Member("benefit_name", text),
        Member("indicator_name", text),
        Member("colour", term("colours")),
        Member("cause", term("causes"), is_required=False),
    ),
    NoticeKind.LIGHT_OVERRULED: (
        _PROJECT,
        Member("benefit_name", text),
        Member("indicator_name", text),
        Member("colour", term("colours")),
        Member("until", day),
        _REASON,
    ),
    NoticeKind.PREREQUISITE_FAILED: (
        _PROJECT,
        Member("benefit_name", text),
        Member("name", text, label="statement"),
    ),
    NoticeKind.RISK_TURNED_HIGH: (
        _PROJECT,
        Member("benefit_name", text),
        Member("name", text, label="statement"),
    ),
    NoticeKind.INSTALLATIONS_NOT_CARRYING: (
        _PROJECT,
        _BENEFIT,
        Member("not_carrying", count),
        Member("count", count, label="installation_count"),
    ),
    NoticeKind.BENEFIT_CONFIRMED: (_PROJECT, _BENEFIT),
    NoticeKind.BENEFIT_HANDED_OVER: (_PROJECT, _BENEFIT, _REASON),
    NoticeKind.BENEFIT_MOVED_IN_TIME: (
        _PROJECT,
        _BENEFIT,
        Member("starts_before", day, is_required=False),
        Member("starts_after", day, is_required=False),
    ),
    NoticeKind.BENEFIT_REALISED: (_PROJECT, _BENEFIT),
    NoticeKind.BENEFIT_CLOSED: (_PROJECT, _BENEFIT),
    NoticeKind.BENEFIT_VERIFIED: (
        _PROJECT,
        _BENEFIT,
        Member("year", year, label="budget_year"),
        Member("money", money, is_required=False),
        Member("amount", number, is_required=False, label="verified_amount"),
        Member("unit_of_measure", text, is_required=False),
    ),
    NoticeKind.BENEFIT_OWNER_VACANT: (
        Member("role", term("roles")),
        Member("unit_name", text),
        Member("since", day, label="vacant_since"),
        Member("benefit_count", count),
    ),
    NoticeKind.BUDGET_ENTRY_BOOKED: _ENTRY,
    NoticeKind.BUDGET_ENTRY_REVERSED: _ENTRY,
    NoticeKind.BUDGET_PHASING_AGREED: (Member("benefit_name", text),),
    NoticeKind.AGREEMENT_RECORDED: (
        _PROJECT,
        _BENEFIT,
        Member("body_name", text),
        Member("agreement_state", term("agreements")),
        Member("happened_on", day),
    ),
    NoticeKind.AGREEMENT_PROPOSED: (Member("body_name", text), Member("benefit_name", text)),
    NoticeKind.HANDOVER_ACCEPTED: (_PROJECT,),
    NoticeKind.HANDOVER_REFUSED: (_PROJECT, _REASON),
    NoticeKind.EFFECT_REVIEW_HELD: (_PROJECT, Member("outcome", term("effects")), _REASON),
    NoticeKind.MEASURE_PROPOSED: (_PROJECT, _STATEMENT),
    NoticeKind.MEASURE_DECIDED: (
        _PROJECT,
        _STATEMENT,
        Member("state", term("measures"), label="measure_state"),
        Member("deadline", day, is_required=False),
    ),
    NoticeKind.GENERAL_CASE_CHANGED: (
        Member("name", text, label="case_name"),
        Member("edition", count),
    ),
}
