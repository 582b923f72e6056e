"""C6: the published uplifts and their worked examples."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.optimism_bias import (
    UPLIFTS,
    PartsWithoutWeight,
    PublishedUplift,
    ShareOutsideRange,
    UnknownProjectType,
    find_uplift,
    mitigated_uplift,
    mixed_uplift,
    uplifted,
)

shares = st.decimals(0, 1, places=4)


@pytest.mark.parametrize(
    ("project_type", "cost", "duration"),
    [
        ("standard-buildings", ("0.24", "0.02"), ("0.04", "0.01")),
        ("non-standard-buildings", ("0.51", "0.04"), ("0.39", "0.02")),
        ("standard-civil-engineering", ("0.44", "0.03"), ("0.20", "0.01")),
        ("non-standard-civil-engineering", ("0.66", "0.06"), ("0.25", "0.03")),
        ("equipment-and-development", ("2", "0.10"), ("0.54", "0.10")),
        ("outsourcing", ("0.41", "0"), None),
    ],
)
def test_uplifts_are_those_of_the_study_of_2002(
    project_type: str, cost: tuple[str, str], duration: tuple[str, str] | None
) -> None:
    """Mott MacDonald for HM Treasury, July 2002: upper and lower bounds."""
    found = find_uplift(project_type)

    assert (found.cost.upper, found.cost.lower) == (Decimal(cost[0]), Decimal(cost[1]))
    known = None if found.duration is None else (found.duration.upper, found.duration.lower)
    assert known == (None if duration is None else (Decimal(duration[0]), Decimal(duration[1])))
    assert found.published_on.year == 2002


def test_managing_92_per_cent_of_the_risks_leaves_4_per_cent_of_51() -> None:
    """The supplementary guidance's example of a non-standard building."""
    left = mitigated_uplift(find_uplift("non-standard-buildings").cost.upper, Decimal("0.92"))

    assert left == Decimal("0.0408")
    assert round(left, 2) == Decimal("0.04")


def test_a_building_that_is_30_per_cent_non_standard_has_an_uplift_of_32_per_cent() -> None:
    """The supplementary guidance's example of a mixed project, weighted by capital expenditure."""
    upper = {name: find_uplift(name).cost.upper for name in ("non-standard-buildings", "standard-buildings")}

    mixed = mixed_uplift(
        [
            (Decimal("0.3"), upper["non-standard-buildings"]),
            (Decimal("0.7"), upper["standard-buildings"]),
        ]
    )

    assert mixed == Decimal("0.321")


def test_an_uplift_is_added_to_the_estimate() -> None:
    assert uplifted(Decimal(100), Decimal("0.24")) == 124


def test_an_unknown_type_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownProjectType, match="outsourcing"):
        find_uplift("moon-landing")


@pytest.mark.parametrize("share", ["-0.01", "1.01", "92"])
def test_a_managed_share_is_from_0_to_1(share: str) -> None:
    with pytest.raises(ShareOutsideRange):
        mitigated_uplift(Decimal("0.5"), Decimal(share))


@pytest.mark.parametrize("weights", [(), (0, 0), (2, -1)])
def test_parts_need_weight(weights: tuple[int, ...]) -> None:
    with pytest.raises(PartsWithoutWeight):
        mixed_uplift([(Decimal(weight), Decimal("0.5")) for weight in weights])


@given(lower=shares, higher=shares)
def test_managing_more_never_leaves_more(lower: Decimal, higher: Decimal) -> None:
    lower, higher = sorted((lower, higher))

    for uplift in UPLIFTS:
        assert mitigated_uplift(uplift.cost.upper, higher) <= mitigated_uplift(uplift.cost.upper, lower)


@given(parts=st.lists(st.tuples(st.integers(1, 1_000), st.sampled_from(UPLIFTS)), min_size=1, max_size=6))
def test_a_mix_lies_between_its_parts(parts: list[tuple[int, PublishedUplift]]) -> None:
    known = [(Decimal(weight), uplift.cost.upper) for weight, uplift in parts]

    mixed = mixed_uplift(known)

    assert min(u for _, u in known) - Decimal("1e-40") <= mixed <= max(u for _, u in known) + Decimal("1e-40")
