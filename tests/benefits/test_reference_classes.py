"""C6: corrections out of what came of earlier estimates."""

import random
from decimal import Decimal
from math import exp, log, sqrt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.forecasting import RatioPrior
from gevinst_benefits.domain.measuring.reference_classes import (
    LEAST_RATIO,
    Case,
    case_of,
    prior_of,
    reference_class,
    size_of,
)
from gevinst_benefits.domain.plan.benefits import Estimate, Ledger
from gevinst_shared.values.money import Money

WIDE = RatioPrior()
UNIT = UUID(int=1)


def cases(ratio: float, count: int, kind: str = "saved-time", size: str = "small") -> list[Case]:
    return [Case(kind, size, ratio)] * count


def test_five_alike_cases_take_half_of_ten_places() -> None:
    """By hand: half of ln 0.5 and half of ln 1; the spread of the mixture, as in the docstring."""
    found = reference_class(cases(0.5, 5), kind="saved-time", size="small", widest=RatioPrior(0.0, 0.5))

    assert found.factor == pytest.approx(sqrt(0.5))
    assert (log(found.high) - log(found.low)) / 2 / 1.2815515655446004 == pytest.approx(
        sqrt(0.125 + log(0.5) ** 2 / 4)
    )
    assert found.mean == pytest.approx(sqrt(0.5) * exp((0.125 + log(0.5) ** 2 / 4) / 2))
    assert [(level.name, level.case_count, level.weight) for level in found.levels] == [
        ("kind-and-size", 5, 0.5),
        ("kind", 0, 0),
        ("organisation", 0, 0),
        ("prior", 0, 0.5),
    ]


def test_two_cases_by_hand() -> None:
    """ln 0.5 and ln 0.8: mean −0.45815, variance with one degree of freedom 0.11045, times 1.5 for the next.

    A fifth of that and four fifths of the prior (median 1, spread 0.5): the median exp(−0.09163) = 0.9124.
    """
    found = reference_class(
        [Case("quality", "any", 0.5), Case("quality", "any", 0.8)],
        kind="quality",
        size="any",
        widest=RatioPrior(0.0, 0.5),
    )

    own, square = (log(0.5) + log(0.8)) / 2, (log(0.5) - log(0.8)) ** 2 / 2 * 1.5
    mean = 0.2 * own
    variance = 0.2 * (square + (own - mean) ** 2) + 0.8 * (0.25 + mean**2)
    assert found.factor == pytest.approx(0.9124, abs=0.0001)
    assert prior_of(found).log_sd == pytest.approx(sqrt(variance))


def test_with_ten_cases_a_class_stands_by_itself_and_with_none_on_the_documented_prior() -> None:
    alone = reference_class(
        cases(0.6, 10) + cases(2.0, 40, kind="revenue"), kind="saved-time", size="small", widest=WIDE
    )
    nothing = reference_class([], kind="saved-time", size="small", widest=WIDE)

    assert alone.factor == pytest.approx(0.6)
    assert alone.levels[0].weight == 1
    assert nothing.factor == pytest.approx(0.8)
    assert nothing.case_count == 0
    assert nothing.levels[-1].weight == 1


def test_a_class_leans_on_its_kind_before_the_organisation_and_counts_each_case_once() -> None:
    found = reference_class(
        cases(0.5, 4) + cases(1.0, 5, size="large") + cases(2.0, 3, kind="revenue"),
        kind="saved-time",
        size="small",
        widest=WIDE,
    )

    assert [(level.case_count, level.weight) for level in found.levels] == [
        (4, 0.4),
        (5, 0.3),
        (3, 0.09),
        (0, 0.21),
    ]
    assert log(found.factor) == pytest.approx(
        0.4 * log(0.5) + 0.3 * log(1.0) + 0.09 * log(2.0) + 0.21 * log(0.8)
    )


def test_years_that_nobody_verified_do_not_count_and_zero_is_not_missing() -> None:
    """B6."""
    assert case_of("k", "any", promised=Decimal(200), verified=[Decimal(60), Decimal(100)]) == Case(
        "k", "any", 0.8
    )
    assert case_of("k", "any", promised=Decimal(100), verified=[]) is None
    assert case_of("k", "any", promised=Decimal(0), verified=[Decimal(5)]) is None
    assert case_of("k", "any", promised=Decimal(100), verified=[Decimal(0)]) == Case("k", "any", LEAST_RATIO)


def _leave_one_out_score(own: list[Case], *, is_pooled: bool) -> tuple[float, float]:
    """The mean log density of each case, told by the others, and how many fall into the 80 % interval."""
    score, hits = 0.0, 0
    for number, left_out in enumerate(own):
        others = own[:number] + own[number + 1 :] if is_pooled else []
        found = reference_class(others, kind=left_out.kind, size=left_out.size, widest=WIDE)
        prior = prior_of(found)
        z = (log(left_out.ratio) - prior.log_mean) / prior.log_sd
        score += -(z**2) / 2 - log(prior.log_sd)
        hits += found.low <= left_out.ratio <= found.high
    return score / len(own), hits / len(own)


@pytest.mark.parametrize("per_class", [3, 8, 20])
def test_left_out_cases_are_told_better_by_their_class_than_by_the_prior(per_class: int) -> None:
    """An oracle of its own: organisations whose kinds differ, each case told by all the others."""
    rng = random.Random(f"left out {per_class}")
    pooled, prior, inside = 0.0, 0.0, 0.0
    for _ in range(30):
        own = []
        for kind in ("saved-time", "quality"):
            level = rng.gauss(log(0.6), 0.3)
            own += [Case(kind, "small", exp(rng.gauss(level, 0.25))) for _ in range(per_class)]
        with_history, hits = _leave_one_out_score(own, is_pooled=True)
        pooled, inside = pooled + with_history, inside + hits
        prior += _leave_one_out_score(own, is_pooled=False)[0]

    assert pooled > prior
    assert 0.75 <= inside / 30 <= 0.97


ratios = st.lists(
    st.tuples(
        st.sampled_from(["saved-time", "quality"]),
        st.sampled_from(["small", "any"]),
        st.floats(LEAST_RATIO, 20),
    ),
    max_size=30,
)


@given(told=ratios)
def test_weights_sum_to_one_and_the_order_of_cases_does_not_matter(
    told: list[tuple[str, str, float]],
) -> None:
    own = [Case(*one) for one in told]

    found = reference_class(own, kind="saved-time", size="small", widest=WIDE)
    turned = reference_class(own[::-1], kind="saved-time", size="small", widest=WIDE)

    assert sum(level.weight for level in found.levels) == pytest.approx(1)
    assert found.low <= found.factor <= found.high
    assert found.factor == pytest.approx(turned.factor)
    assert found.high == pytest.approx(turned.high)
    assert found.case_count == len(own)


@pytest.mark.parametrize(
    ("estimate", "size"),
    [
        (Estimate(Ledger.MONEY, Money(Decimal(999_999), "NOK", 2026)), "small"),
        (Estimate(Ledger.MONEY, Money(Decimal(1_000_000), "NOK", 2026)), "medium"),
        (Estimate(Ledger.MONEY, Money(Decimal(-20_000_000), "NOK", 2026)), "large"),
        (Estimate(Ledger.TIME, None, Decimal(1749), "hours"), "small"),
        (Estimate(Ledger.TIME, None, Decimal(3), "FTE"), "medium"),
        (Estimate(Ledger.TIME, None, Decimal(3), "minutes"), "any"),
        (Estimate(Ledger.QUALITY, None, Decimal(3), "hours"), "any"),
    ],
)
def test_sizes_are_compared_within_a_ledger(estimate: Estimate, size: str) -> None:
    """C7."""
    assert size_of(estimate) == size
