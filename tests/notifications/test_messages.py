from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.members import Term
from gevinst_notifications.domain.messages import (
    MEMBERS,
    BrokenFactError,
    Held,
    notice,
    place_in,
    recipients,
)
from gevinst_notifications.domain.rules import NAMED, RULES, NoticeKind, Reason, Rule
from gevinst_shared.values.actor import Grant, Place, Role, ScopeKind
from gevinst_shared.values.money import Money
from tests.notifications.examples import event

PROJECT, PORTFOLIO, UNIT, ELSEWHERE = (UUID(int=n) for n in (101, 102, 103, 104))
HERE = Place(units=frozenset({UNIT}), portfolios=frozenset({PORTFOLIO}), projects=frozenset({PROJECT}))
ANNE, BJORN, CILLE, DAG = (UUID(int=n) for n in (1, 2, 3, 4))
DECIDED = event(NoticeKind.GATE_DECIDED)


def holder(person: UUID, role: Role, scope: ScopeKind, scope_id: UUID | None = None) -> Held:
    return Held(Grant(role, scope, scope_id), (person,))


OWNER = holder(ANNE, Role.PROJECT_OWNER, ScopeKind.PROJECT, PROJECT)
MANAGER = holder(BJORN, Role.PROJECT_MANAGER, ScopeKind.PROJECT, PROJECT)
BENEFIT_OWNER = holder(CILLE, Role.BENEFIT_OWNER, ScopeKind.UNIT, UNIT)
OFFICE = holder(DAG, Role.PORTFOLIO_OFFICE, ScopeKind.ORGANISATION)
EVERYBODY = (OWNER, MANAGER, BENEFIT_OWNER, OFFICE)


def test_a_decided_gate_is_told_to_owner_manager_benefit_owner_and_office() -> None:
    told = recipients(DECIDED, EVERYBODY, place=HERE, actor=None)

    assert told == {
        ANNE: (Reason.OWNS_PROJECT,),
        BJORN: (Reason.MANAGES_PROJECT,),
        CILLE: (Reason.OWNS_BENEFITS,),
        DAG: (Reason.RUNS_PORTFOLIO,),
    }


def test_nobody_is_told_of_what_they_did_themselves() -> None:
    told = recipients(DECIDED, EVERYBODY, place=HERE, actor=ANNE)

    assert ANNE not in told
    assert len(told) == 3


def test_a_proposed_gate_goes_to_those_who_can_decide_and_not_to_its_proposer() -> None:  # G3
    board = holder(CILLE, Role.BOARD_MEMBER, ScopeKind.PORTFOLIO, PORTFOLIO)
    proposer = holder(DAG, Role.PROJECT_OWNER, ScopeKind.PROJECT, PROJECT)

    told = recipients(
        event(NoticeKind.GATE_PROPOSED), (OWNER, MANAGER, board, proposer, OFFICE), place=HERE, actor=DAG
    )

    assert told == {ANNE: (Reason.OWNS_PROJECT,), CILLE: (Reason.DECIDES_GATES,)}


def test_one_who_hears_of_it_for_several_reasons_hears_once_with_all_of_them() -> None:  # N1, N4
    roles = (OWNER, replace(OFFICE, people=(ANNE,)), replace(BENEFIT_OWNER, people=(ANNE,)), OWNER)

    told = recipients(DECIDED, roles, place=HERE, actor=None)

    assert told == {ANNE: (Reason.OWNS_BENEFITS, Reason.OWNS_PROJECT, Reason.RUNS_PORTFOLIO)}


def test_a_role_held_elsewhere_gives_no_message() -> None:
    strangers = (
        holder(ANNE, Role.PROJECT_OWNER, ScopeKind.PROJECT, ELSEWHERE),
        holder(CILLE, Role.BENEFIT_OWNER, ScopeKind.UNIT, ELSEWHERE),
        holder(DAG, Role.PORTFOLIO_OFFICE, ScopeKind.PORTFOLIO, ELSEWHERE),
    )

    assert recipients(DECIDED, strangers, place=HERE, actor=None) == {}


def test_a_project_owner_of_everything_does_not_hear_of_every_project() -> None:
    wide = holder(ANNE, Role.PROJECT_OWNER, ScopeKind.ORGANISATION)

    assert recipients(DECIDED, (wide,), place=HERE, actor=None) == {}


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "hears"),
    [
        (date(2026, 11, 20), None, True),
        (date(2026, 11, 21), None, False),
        (None, date(2026, 11, 20), False),
        (None, date(2026, 11, 21), True),
    ],
)
def test_a_role_counts_as_it_was_held_on_the_day_of_the_event(
    valid_from: date | None, valid_until: date | None, hears: bool
) -> None:
    grant = replace(OWNER.grant, valid_from=valid_from, valid_until=valid_until)

    told = recipients(DECIDED, (Held(grant, (ANNE,)),), place=HERE, actor=None)

    assert bool(told) is hears


def test_an_organisation_can_have_its_own_rules() -> None:
    finance = Rule(
        NoticeKind.GATE_DECIDED, Role.FINANCE, frozenset({ScopeKind.ORGANISATION}), Reason.ADMINISTERS
    )

    told = recipients(
        DECIDED,
        (OWNER, holder(DAG, Role.FINANCE, ScopeKind.ORGANISATION)),
        place=HERE,
        actor=None,
        rules=(finance,),
    )

    assert told == {DAG: (Reason.ADMINISTERS,)}


@given(st.permutations(EVERYBODY), st.sampled_from(NoticeKind))
def test_the_order_of_the_roles_changes_nothing(holders: list[Held], kind: NoticeKind) -> None:
    told = recipients(event(kind), holders, place=HERE, actor=BJORN)

    assert told == recipients(event(kind), EVERYBODY, place=HERE, actor=BJORN)
    assert BJORN not in told


def test_whom_the_fact_names_hears_of_it_without_a_role_and_not_of_their_own_deed() -> None:  # P1
    answered = event(NoticeKind.IDEA_ANSWERED)
    named = [(ANNE, Reason.SUBMITTED_IDEA)]

    told = recipients(answered, EVERYBODY, place=HERE, actor=DAG, named=named)

    assert told == {ANNE: (Reason.SUBMITTED_IDEA,)}
    assert recipients(answered, EVERYBODY, place=HERE, actor=ANNE, named=named) == {}


def test_every_kind_has_somebody_to_hear_of_it_and_every_reason_is_used() -> None:
    by_duty = {NoticeKind.DUTY_REMINDED, NoticeKind.DUTY_ESCALATED}
    of_duties = {Reason.MUST_DO, Reason.LEADS_OWNER, Reason.NEXT_IN_LINE, Reason.NOT_REACHED}
    chosen = {Reason.FOLLOWS, Reason.STANDS_IN}

    assert {rule.kind for rule in RULES} | {one.kind for one in NAMED} == set(NoticeKind) - by_duty
    assert {rule.reason for rule in RULES} | {one.reason for one in NAMED} == set(Reason) - of_duties - chosen


def test_a_notice_carries_values_and_not_texts() -> None:
    read = notice(event(NoticeKind.CAPACITY_FREED))

    assert read is not None
    assert read.kind is NoticeKind.CAPACITY_FREED
    assert read.values["freed_money"] == Money(Decimal("12500000.50"), "NOK", 2026)
    assert read.values["freed_person_months"] == Decimal("42.5")
    decided = notice(DECIDED)
    assert decided is not None
    assert decided.values["outcome"] == Term("outcomes", "stop")
    assert decided.values["decided_on"] == date(2026, 11, 20)


def test_an_event_of_another_type_is_nobodys_business() -> None:
    other = replace(DECIDED, type="gevinst.portfolio.unit-changed.v1")

    assert notice(other) is None
    assert recipients(other, EVERYBODY, place=HERE, actor=None) == {}


def test_members_that_a_kind_does_not_read_are_ignored() -> None:
    assert notice(event(NoticeKind.GATE_DECIDED, colour="blue")) == notice(DECIDED)


REQUIRED = [(kind, member.name) for kind in NoticeKind for member in MEMBERS[kind] if member.is_required]


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_an_event_without_a_needed_member_is_broken(kind: NoticeKind, name: str) -> None:
    with pytest.raises(BrokenFactError, match=f"lacks {name}"):
        notice(event(kind, **{name: None}))


TEXTS = (
    "name",
    "outcome",
    "decision",
    "role",
    "gate",
    "advice",
    "text",
    "colour",
    "account",
    "state",
    "duty",
    "channel",
    "kind",
    "host",
    "because",
)


@pytest.mark.parametrize("value", [[], {}, 1.5, True, "", "  ", "NaN", {"amount": "1", "currency": "ZZZ"}])
def test_a_member_of_the_wrong_shape_is_broken(value: object) -> None:
    for kind, name in REQUIRED:
        if isinstance(value, str) and value == "NaN" and name.endswith((*TEXTS, "duty")):
            continue
        with pytest.raises(BrokenFactError, match="cannot be read"):
            notice(event(kind, **{name: value}))


@pytest.mark.parametrize(
    "money",
    [
        {"amount": 12.5, "currency": "NOK", "price_year": 2026},
        {"amount": "Infinity", "currency": "NOK", "price_year": 2026},
        {"amount": "1", "currency": "ZZZ", "price_year": 2026},
        {"amount": "1", "currency": "NOK"},
        "12 kr",
    ],
)
def test_odd_money_is_broken(money: object) -> None:
    with pytest.raises(BrokenFactError, match="freed_money"):
        notice(event(NoticeKind.CAPACITY_FREED, freed_money=money))


def test_a_place_is_read_from_single_ids_and_lists() -> None:
    data = {
        "project_id": str(PROJECT),
        "unit_ids": [str(UNIT), str(ELSEWHERE)],
        "portfolio_id": str(PORTFOLIO),
    }

    assert place_in(data) == Place(
        units=frozenset({UNIT, ELSEWHERE}),
        portfolios=frozenset({PORTFOLIO}),
        projects=frozenset({PROJECT}),
    )
    assert place_in({}) == Place()


@pytest.mark.parametrize("odd", ["x", 7, {"id": 1}])
def test_an_id_that_is_none_is_broken(odd: object) -> None:
    with pytest.raises(BrokenFactError):
        place_in({"project_id": odd})
