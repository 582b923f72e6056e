"""What facts ask of people, read from the very facts that the other services announce (N1)."""

import dataclasses
import json
import pkgutil
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any
from uuid import UUID

import pytest

import gevinst_benefits.events
import gevinst_portfolio.events
from gevinst_notifications.domain.duties import benefit_facts, portfolio_facts, project_facts
from gevinst_notifications.domain.duties.duties import Owner, Task
from gevinst_notifications.domain.duties.effects import Close, CloseAll, Move, Reown
from gevinst_notifications.domain.duties.facts import effects
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_notifications.domain.messages import KINDS, MEMBERS, BrokenFactError
from gevinst_shared.feed.envelope import Event, Fact
from gevinst_shared.values.actor import Role
from gevinst_shared.values.money import Money

READ = project_facts.READ | benefit_facts.READ | portfolio_facts.READ
ID = UUID("0198b6a4-7c1e-7000-8000-000000000001")
# What a text must be to be understood, where any other would do for the publisher.
TEXTS = {
    "role": "benefit-owner",
    "owner_role": "benefit-owner",
    "previous_role": "benefit-owner",
    "state": "proposed",
    "scope": "project",
    "agreement_state": "proposed",
    "month": "2026-11",
}


def _facts() -> Iterator[type[Fact]]:
    for package in (gevinst_benefits.events, gevinst_portfolio.events):
        for module in pkgutil.iter_modules(package.__path__):
            for one in vars(import_module(f"{package.__name__}.{module.name}")).values():
                if isinstance(one, type) and issubclass(one, Fact) and "type" in vars(one):
                    yield one


FACTS = {one.type: one for one in _facts()}


def _value(name: str, kind: Any) -> Any:
    """A value of a field's type; what may be absent is there."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _value(name, next(one for one in arguments if one is not type(None)))
    if origin in {tuple, Mapping, dict} or kind in {tuple, dict}:
        return () if origin is tuple else {}
    values: dict[Any, Any] = {
        UUID: ID,
        str: TEXTS.get(name, "text"),
        int: 2026,
        bool: True,
        date: date(2026, 12, 1),
        datetime: datetime(2026, 12, 1, 9, tzinfo=UTC),
        Decimal: Decimal(1),
        Money: Money(Decimal(1), "NOK", 2026),
    }
    return next(
        value for known, value in values.items() if isinstance(kind, type) and issubclass(kind, known)
    )


def announced(kind: type[Fact], **changes: Any) -> Event:
    """The fact as its service writes it; a change to None takes the member away."""
    hints = typing.get_type_hints(kind)
    fields = {one.name: _value(one.name, hints[one.name]) for one in dataclasses.fields(kind)}
    data = json.loads(kind(**{**fields, **changes}).data)
    return Event(
        ID, "0192:958935420", kind.type, f"records/{ID}", datetime(2026, 11, 20, 9, tzinfo=UTC), data
    )


@pytest.mark.parametrize("name", sorted(READ))
def test_every_fact_that_we_wait_for_is_announced_and_understood(name: str) -> None:
    assert name in FACTS, "nobody announces it"

    assert isinstance(effects(announced(FACTS[name])), tuple)


@pytest.mark.parametrize("name", sorted(one for one in KINDS if ".notifications." not in one))
def test_every_fact_that_is_told_has_the_members_that_its_message_needs(name: str) -> None:
    fields = {one.name for one in dataclasses.fields(FACTS[name])}
    filled_in = {"project_name"} if "project_id" in fields else set()
    filled_in |= {"portfolio_name"} if fields & {"portfolio_id", "project_id"} else set()

    needed = {member.name for member in MEMBERS[KINDS[name]] if member.is_required}
    assert needed - filled_in <= fields


def test_every_kind_of_duty_is_asked_by_some_fact() -> None:
    found = {
        effect.kind for name in READ for effect in effects(announced(FACTS[name])) if isinstance(effect, Task)
    }
    decided = effects(announced(FACTS["gevinst.benefits.measure-decided.v1"], state="decided"))
    undelivered = effects(announced(FACTS["gevinst.benefits.delivery-planned.v1"], delivered_on=None))
    found |= {one.kind for one in (*decided, *undelivered) if isinstance(one, Task)}
    reviewed = effects(announced(FACTS["gevinst.benefits.gate-proposed.v1"], reviewer_ids=(ID,)))
    found |= {one.kind for one in reviewed if isinstance(one, Task)}

    assert found == set(DutyKind)


def test_a_gate_asks_its_deciders_but_not_who_proposed_it_and_each_reviewer() -> None:
    """G3."""
    proposed = announced(
        FACTS["gevinst.benefits.gate-proposed.v1"], reviewer_ids=(ID,), proposed_by="kari", review_by=None
    )

    _, decision, review = effects(proposed)

    assert isinstance(decision, Task)
    assert isinstance(review, Task)
    assert (decision.kind, decision.not_by, decision.due_on) == (
        DutyKind.GATE_COMING,
        "kari",
        date(2026, 12, 1),
    )
    assert (review.owner, review.due_on) == (Owner(person_id=ID), date(2026, 12, 1))


def test_a_stop_ends_what_hangs_on_the_project() -> None:
    """G6."""
    decided = announced(FACTS["gevinst.benefits.gate-decided.v1"], project_state="stopped")

    ended = [one for one in effects(decided) if isinstance(one, CloseAll) and len(one.kinds) > 2]

    assert [(one.state, one.project_id) for one in ended] == [(DutyState.WITHDRAWN, ID)]


def test_a_measurement_moves_the_day_to_the_next_one_or_ends_it() -> None:
    """B6."""
    measured = FACTS["gevinst.benefits.indicator-measured.v1"]

    assert effects(announced(measured)) == (Move(DutyKind.MEASUREMENT_DUE, str(ID), date(2026, 12, 1)),)
    assert effects(announced(measured, next_due_on=None)) == (Move(DutyKind.MEASUREMENT_DUE, str(ID), None),)


def test_a_benefit_handed_over_takes_its_duties_along() -> None:
    """B2."""
    reowned, task = effects(announced(FACTS["gevinst.benefits.benefit-handed-over.v1"]))

    assert reowned == Reown(
        ID, Owner(role=Role.BENEFIT_OWNER, unit_id=ID), Owner(role=Role.BENEFIT_OWNER, unit_id=ID)
    )
    assert isinstance(task, Task)


def test_a_confirmed_benefit_waits_for_nobody() -> None:
    confirmed = announced(FACTS["gevinst.benefits.benefit-confirmed.v1"], state="confirmed")

    assert effects(confirmed) == (Close(DutyKind.BENEFIT_CONFIRMATION, str(ID)),)


@pytest.mark.parametrize("name", sorted(READ))
@pytest.mark.parametrize(
    "odd", [None, 7, "x", [], {}, "0001-01-01", "9999-12-31", "a\x85b", "\ud800", "x" * 10_001]
)
def test_a_fact_with_odd_members_is_broken_or_says_nothing_but_never_fails(name: str, odd: object) -> None:
    event = announced(FACTS[name])
    for member in event.data:
        try:
            found = effects(dataclasses.replace(event, data={**event.data, member: odd}))
        except BrokenFactError:
            continue
        tasks = [one for one in found if isinstance(one, Task)]
        assert all(0 < len(one.name) <= 10_000 and one.name.isprintable() for one in tasks)
        assert not any(one.due_on in {date.min, date.max} for one in tasks)
        assert all(one.not_by is None or isinstance(one.not_by, str) for one in tasks)
