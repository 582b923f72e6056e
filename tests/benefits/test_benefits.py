"""B1, B2: who confirms a benefit, and which benefit may be booked."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from gevinst_benefits.domain.plan.benefits import (
    Benefit,
    BenefitEnded,
    BenefitState,
    Estimate,
    Ledger,
    NotBookable,
    NotConfirmed,
    NotTheOwner,
    Owner,
    OwnerVerifies,
    RealisationMode,
    RoleVacant,
    bookable_amount,
    change_owner,
    confirm,
    revise_estimate,
    verify,
)
from gevinst_shared.values.money import Money

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SAVING = Estimate(Ledger.MONEY, money_per_year=Money(Decimal(400_000), "NOK", 2026))
HOURS = Estimate(Ledger.TIME, amount_per_year=Decimal(1200), unit_of_measure="hours")
BENEFIT = Benefit(
    id=UUID(int=1),
    project_id=UUID(int=2),
    name="Fewer letters",
    mode=RealisationMode.BUDGET_REDUCTION,
    kind="avoided-cost",
    owner=Owner("unit-leader", UUID(int=3)),
    estimate=SAVING,
)


def _confirmed() -> Benefit:
    return confirm(BENEFIT, by="kari", holders={"kari", "ola"}, at=NOW)


def test_the_holder_of_the_role_in_the_unit_confirms() -> None:
    """B2."""
    benefit = _confirmed()

    assert (benefit.state, benefit.confirmed_by, benefit.confirmed_at) == (
        BenefitState.CONFIRMED,
        "kari",
        NOW,
    )


def test_nobody_else_confirms() -> None:
    with pytest.raises(NotTheOwner, match="unit-leader"):
        confirm(BENEFIT, by="project-manager", holders={"kari"}, at=NOW)


def test_a_vacant_role_is_shown_as_vacant() -> None:
    with pytest.raises(RoleVacant):
        confirm(BENEFIT, by="kari", holders=set(), at=NOW)


def test_a_changed_estimate_waits_for_the_owner_again() -> None:
    dearer = Estimate(Ledger.MONEY, money_per_year=Money(Decimal(500_000), "NOK", 2026))

    revised = revise_estimate(_confirmed(), dearer)

    assert (revised.state, revised.confirmed_by, revised.estimate) == (BenefitState.PROPOSED, None, dearer)
    assert revise_estimate(_confirmed(), SAVING) == _confirmed()


def test_a_controller_verifies_what_the_owner_confirmed() -> None:
    assert verify(_confirmed(), by="controller", holders={"kari", "ola"}).state is BenefitState.REALISED


@pytest.mark.parametrize("by", ["kari", "ola"])
def test_the_owner_does_not_verify(by: str) -> None:
    """G3; also not after leaving the role."""
    with pytest.raises(OwnerVerifies):
        verify(_confirmed(), by=by, holders={"ola"})


def test_what_nobody_confirmed_is_not_verified() -> None:
    with pytest.raises(NotConfirmed):
        verify(BENEFIT, by="controller", holders={"kari"})


def test_another_owner_has_not_confirmed() -> None:
    other = Owner("unit-leader", UUID(int=4))

    assert change_owner(_confirmed(), other) == replace(BENEFIT, owner=other)
    assert change_owner(_confirmed(), BENEFIT.owner) == _confirmed()


@pytest.mark.parametrize("state", [BenefitState.REALISED, BenefitState.CLOSED, BenefitState.MOVED])
def test_a_benefit_that_has_ended_is_not_changed(state: BenefitState) -> None:
    ended = replace(BENEFIT, state=state)

    with pytest.raises(BenefitEnded):
        confirm(ended, by="kari", holders={"kari"}, at=NOW)
    with pytest.raises(BenefitEnded):
        revise_estimate(ended, HOURS)


def test_a_confirmed_budget_reduction_is_booked() -> None:
    assert bookable_amount(_confirmed()) == Money(Decimal(400_000), "NOK", 2026)


@pytest.mark.parametrize("mode", [m for m in RealisationMode if m is not RealisationMode.BUDGET_REDUCTION])
def test_no_other_mode_is_booked(mode: RealisationMode) -> None:
    """B1."""
    with pytest.raises(NotBookable, match=mode.value):
        bookable_amount(replace(_confirmed(), mode=mode))


def test_freed_hours_are_not_money() -> None:
    """C7."""
    with pytest.raises(NotBookable, match="time"):
        bookable_amount(replace(_confirmed(), estimate=HOURS))


def test_nothing_is_booked_before_the_owner_has_confirmed() -> None:
    with pytest.raises(NotConfirmed):
        bookable_amount(BENEFIT)


@pytest.mark.parametrize("ledger", list(Ledger))
def test_an_estimate_is_money_or_an_amount_and_never_both(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="ledger"):
        Estimate(ledger, money_per_year=SAVING.money_per_year, amount_per_year=Decimal(1))
    with pytest.raises(ValueError, match="ledger"):
        Estimate(ledger)
