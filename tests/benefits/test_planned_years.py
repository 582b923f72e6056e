"""B9, B10: a benefit's curve over the years, and how it moves with the project's dates."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.plan.benefits import (
    Benefit,
    BenefitState,
    Estimate,
    Ledger,
    Owner,
    RealisationMode,
)
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.domain.plan.timing import (
    DatesReversed,
    Delivery,
    HangsOn,
    OddAnchor,
    Ramp,
    RampKind,
    Timing,
    months_after,
    refuse_odd_timing,
)
from gevinst_benefits.domain.projects import Project
from gevinst_shared.values.money import Money
from tests.benefits import naive_overview

PROJECT = Project(
    id=UUID(int=1),
    name="Digital post",
    start=date(2027, 1, 1),
    end=date(2027, 7, 1),
    status="approved",
    deliveries=(Delivery(UUID(int=7), "Pilot", date(2027, 4, 1)),),
)
BENEFIT = Benefit(
    id=UUID(int=2),
    project_id=PROJECT.id,
    name="Less postage",
    mode=RealisationMode.BUDGET_REDUCTION,
    kind="avoided-cost",
    owner=Owner("benefit-owner", UUID(int=3)),
    estimate=Estimate(Ledger.MONEY, Money(Decimal(1200), "NOK", 2026)),
)
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
SHARES = st.decimals(0, 1, places=3)
RAMPS = st.one_of(
    st.just(Ramp()),
    st.builds(Ramp, st.sampled_from([RampKind.LINEAR, RampKind.S_CURVE]), st.integers(1, 120)),
    st.builds(
        lambda shares: Ramp(RampKind.TABLE, shares=tuple(shares)), st.lists(SHARES, min_size=1, max_size=9)
    ),
)


def timed(**members: object) -> Benefit:
    return replace(BENEFIT, timing=Timing(**members))  # type: ignore[arg-type]


def test_a_benefit_from_midsummer_has_half_of_its_first_year() -> None:
    benefit = timed(hangs_on=HangsOn.END, duration_months=24)

    assert planned_years(benefit, PROJECT) == {2027: 600, 2028: 1200, 2029: 600}


def test_the_digital_post_case_grows_by_a_table_of_years() -> None:
    """Worked case 1: little in the first year, rising in the two after."""
    table = Ramp(RampKind.TABLE, shares=(Decimal("0.1"), Decimal("0.6"), Decimal(1)))
    benefit = timed(hangs_on=HangsOn.START, ramp=table, duration_months=48)

    assert planned_years(benefit, PROJECT) == {2027: 120, 2028: 720, 2029: 1200, 2030: 1200}


def test_sixteen_full_time_equivalents_less_from_a_fixed_day_stay_in_their_own_unit() -> None:
    """Worked case 2, C7: full-time equivalents are not money."""
    estimate = Estimate(Ledger.TIME, None, Decimal(16), "FTE")
    benefit = replace(
        timed(hangs_on=HangsOn.NONE, starts_on=date(2014, 1, 1), duration_months=36), estimate=estimate
    )

    assert planned_years(benefit, PROJECT) == {2014: 16, 2015: 16, 2016: 16}


@pytest.mark.parametrize(
    ("ramp", "first", "second"),
    [(RampKind.LINEAR, "600.00", "1200.00"), (RampKind.S_CURVE, "600.00", "1200.00")],
)
def test_a_ramp_over_a_year_gives_half_in_that_year(ramp: RampKind, first: str, second: str) -> None:
    benefit = timed(hangs_on=HangsOn.START, ramp=Ramp(ramp, 12), duration_months=24)

    assert planned_years(benefit, PROJECT) == {2027: Decimal(first), 2028: Decimal(second)}


def test_a_benefit_can_begin_before_the_project_ends() -> None:
    """B10: taken out under way."""
    pilot = timed(hangs_on=HangsOn.MILESTONE, delivery_id=UUID(int=7), duration_months=9)
    early = timed(hangs_on=HangsOn.END, offset_months=-3, duration_months=9)

    assert planned_years(pilot, PROJECT) == planned_years(early, PROJECT) == {2027: 900}


def test_an_effect_that_wears_off_loses_its_share_each_full_year() -> None:
    benefit = timed(hangs_on=HangsOn.START, duration_months=36, erosion_per_year=Decimal("0.5"))

    assert planned_years(benefit, PROJECT) == {2027: 1200, 2028: 600, 2029: 300}


def test_a_last_day_cuts_the_curve() -> None:
    benefit = timed(hangs_on=HangsOn.END, ends_on=date(2028, 4, 16))

    assert planned_years(benefit, PROJECT) == {2027: 600, 2028: 350}


def test_a_month_across_new_year_is_parted_by_days() -> None:
    benefit = timed(hangs_on=HangsOn.NONE, starts_on=date(2027, 12, 25), duration_months=1)

    years = planned_years(benefit, PROJECT)

    assert years == {2027: Decimal("22.58"), 2028: Decimal("77.42")}  # 7 and 24 of 31 days


@pytest.mark.parametrize("hangs_on", [HangsOn.START, HangsOn.END])
def test_nobody_knows_the_years_of_what_hangs_on_an_unknown_day(hangs_on: HangsOn) -> None:
    """B6: undated is not zero."""
    assert planned_years(timed(hangs_on=hangs_on), Project(PROJECT.id, "New")) == {}
    assert planned_years(timed(hangs_on=HangsOn.MILESTONE, delivery_id=UUID(int=8)), PROJECT) == {}


@pytest.mark.parametrize("status", ["stopped", "rejected", "merged"])
def test_a_project_that_never_delivers_gives_nothing_that_hangs_on_it(status: str) -> None:
    """G6; what was realised, or hangs on nothing, stays."""
    project = replace(PROJECT, status=status)
    fixed = timed(hangs_on=HangsOn.NONE, starts_on=date(2027, 1, 1), duration_months=12)

    assert planned_years(BENEFIT, project) == {}
    assert planned_years(replace(BENEFIT, state=BenefitState.REALISED), project)
    assert planned_years(fixed, project) == {2027: 1200}


@pytest.mark.parametrize("state", [BenefitState.CLOSED, BenefitState.MOVED])
def test_what_was_closed_or_moved_is_planned_no_more(state: BenefitState) -> None:
    assert planned_years(replace(BENEFIT, state=state), PROJECT) == {}


def row_of(benefit: Benefit) -> dict[str, Any]:
    """The benefit's columns, as the oracle reads them."""
    timing, money = benefit.timing, benefit.estimate.money_per_year
    assert money is not None
    return {
        "duration_months": timing.duration_months,
        "ends_on": timing.ends_on,
        "money_minor": int(money.amount.scaleb(2)),
        "ramp": timing.ramp.kind.value,
        "ramp_months": timing.ramp.months,
        "ramp_shares": timing.ramp.shares,
        "erosion_per_year": timing.erosion_per_year,
    }


@given(start=DAYS, ramp=RAMPS, months=st.integers(1, 600), offset=st.integers(-600, 600))
def test_a_curve_is_whole_and_within_its_estimate(start: date, ramp: Ramp, months: int, offset: int) -> None:
    """Its years follow on each other, and no year has more than the estimate."""
    project = replace(PROJECT, start=start)
    benefit = timed(hangs_on=HangsOn.START, offset_months=offset, ramp=ramp, duration_months=months)

    years = planned_years(benefit, project)

    assert list(years) == list(range(min(years), max(years) + 1))
    assert all(0 <= amount <= Decimal("1219.36") for amount in years.values())
    # Whole days in a month of 28 make a year of months at most this much longer than a year.
    whole = sum(naive_overview.size(row_of(benefit), month) for month in range(months)) * 100
    assert abs(Fraction(sum(years.values())) - whole) <= Fraction(1, 100) * len(years)


@given(start=DAYS, years_later=st.integers(0, 100), ramp=RAMPS, months=st.integers(1, 240))
def test_a_project_that_slips_by_whole_years_moves_the_curve_by_them(
    start: date, years_later: int, ramp: Ramp, months: int
) -> None:
    """B9: nothing is lost or gained on the way, and nothing is stored."""
    start = start.replace(day=1)
    benefit = timed(hangs_on=HangsOn.START, ramp=ramp, duration_months=months)

    before = planned_years(benefit, replace(PROJECT, start=start))
    after = planned_years(benefit, replace(PROJECT, start=start.replace(year=start.year + years_later)))

    assert after == {year + years_later: amount for year, amount in before.items()}


@given(
    start=DAYS,
    ramp=RAMPS,
    months=st.integers(1, 240),
    ends_after=st.none() | st.integers(1, 4000),
    erosion=st.just(Decimal(0)) | SHARES,
    minor=st.integers(-(10**13), 10**13),
)
def test_a_curve_agrees_with_counting_its_months_one_by_one(
    start: date, ramp: Ramp, months: int, ends_after: int | None, erosion: Decimal, minor: int
) -> None:
    """Oracle, in fractions: to the last digit, also where two digits are as near."""
    ends_on = None if ends_after is None else start + timedelta(ends_after)
    benefit = replace(
        timed(
            hangs_on=HangsOn.START,
            ramp=ramp,
            duration_months=months,
            ends_on=ends_on,
            erosion_per_year=erosion,
        ),
        estimate=Estimate(Ledger.MONEY, Money(Decimal(minor).scaleb(-2), "NOK", 2026)),
    )

    years = planned_years(benefit, replace(PROJECT, start=start))

    assert years == naive_overview.planned_years(row_of(benefit), start)


@pytest.mark.parametrize(
    ("timing", "refusal"),
    [
        (Timing(HangsOn.NONE), OddAnchor),
        (Timing(HangsOn.NONE, offset_months=3, starts_on=date(2027, 1, 1)), OddAnchor),
        (Timing(HangsOn.END, starts_on=date(2027, 1, 1)), OddAnchor),
        (Timing(HangsOn.MILESTONE), OddAnchor),
        (Timing(HangsOn.START, delivery_id=UUID(int=7)), OddAnchor),
        (Timing(HangsOn.NONE, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1)), DatesReversed),
    ],
)
def test_dates_that_fit_nothing_are_refused(timing: Timing, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        refuse_odd_timing(timing)


def test_days_beyond_the_calendar_have_no_date() -> None:
    assert months_after(date(9999, 12, 1), 1) is None
    assert months_after(date(1, 1, 1), -1) is None
    assert months_after(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert planned_years(timed(hangs_on=HangsOn.END), replace(PROJECT, end=date(9999, 12, 31))) == {}
