"""C5: the same seed gives the same figures, and only what changed changes."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.case.case_results import evaluate
from gevinst_benefits.domain.simulation.simulation import (
    OddDelays,
    UncertainLine,
    delay_cells,
    net_present_values,
    seed_of,
)
from gevinst_benefits.domain.simulation.simulation_estimates import (
    CELLS,
    Estimate,
    fixed,
    pert,
    triangular,
    uniform,
)
from gevinst_benefits.domain.simulation.simulation_factors import OddLoadings
from gevinst_benefits.domain.simulation.simulation_lines import Spread, StartsBeforeCase, uncertain_lines
from gevinst_benefits.domain.simulation.simulation_runs import simulate
from gevinst_benefits.domain.simulation.simulation_years import year_spreads, yearly_flows
from tests.benefits.cases import case, cost, frame, gain
from tests.support.uncertain_cases import line, mixed_lines

LINES = mixed_lines(12, wages=0.5)
ELSEWHERE = """
import hashlib
from gevinst_benefits.domain.simulation.simulation import net_present_values
from tests.support.uncertain_cases import mixed_lines
drawn = net_present_values(mixed_lines(12, wages=0.5), seed=7, draws=5_000)
print(hashlib.sha256(drawn.round(9).tobytes()).hexdigest())
"""


def test_the_seed_of_a_version_is_the_beginning_of_its_ids_digest() -> None:
    version = UUID("00000000-0000-0000-0000-000000000001")

    digest = hashlib.sha256(b"00000000-0000-0000-0000-000000000001").hexdigest()
    assert seed_of(version) == int(digest[:16], 16)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_draws_in_another_process() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE], env=environment, capture_output=True, text=True, check=True
    )

    here = net_present_values(LINES, seed=7, draws=5_000)
    assert there.stdout.strip() == hashlib.sha256(here.round(9).tobytes()).hexdigest()


def test_the_draws_of_a_seed_are_those_of_this_version_of_the_engine() -> None:
    """A change here changes every stored figure: it belongs in the changelog."""
    drawn = net_present_values([line(1, pert(0, 1, 6), is_delayed=True)], seed=1, draws=3)

    assert drawn == pytest.approx([1.066100, 0.829618, 0.979438], abs=1e-6)


@pytest.mark.slow
@given(order=st.randoms(), chunk=st.sampled_from([1_000, 1_001, 3_000]))
def test_draws_depend_neither_on_the_order_of_lines_nor_on_chunks(order: random.Random, chunk: int) -> None:
    shuffled = list(LINES)
    order.shuffle(shuffled)

    drawn = net_present_values(shuffled, seed=7, draws=3_000, chunk=chunk)

    assert np.array_equal(drawn, net_present_values(LINES, seed=7, draws=3_000))


def test_draws_do_not_depend_on_threads() -> None:
    alone = net_present_values(LINES, seed=7, draws=5_000)

    with ThreadPoolExecutor(4) as threads:
        runs = [threads.submit(net_present_values, LINES, seed=7, draws=5_000) for _ in range(8)]

    assert all(np.array_equal(run.result(), alone) for run in runs)


def test_more_draws_begin_with_the_same_ones() -> None:
    few, many = (net_present_values(LINES, seed=7, draws=draws) for draws in (1_000, 20_000))

    assert np.array_equal(few, many[:1_000])


def test_another_seed_gives_other_draws() -> None:
    one, other = (net_present_values(LINES, seed=seed, draws=1_000) for seed in (7, 8))

    assert not np.any(one == other)


def test_a_line_that_is_added_leaves_the_others_as_they_were() -> None:
    added = line(99, uniform(1, 2), 3, is_delayed=True, wages=-0.4)

    before = net_present_values(LINES, seed=7, draws=5_000)
    after = net_present_values([*LINES, added], seed=7, draws=5_000)

    alone = net_present_values([added], seed=7, draws=5_000)
    assert np.allclose(after - before, alone, rtol=0, atol=1e-9)


def test_versions_that_differ_in_one_amount_differ_by_that_alone() -> None:
    """C5: common random numbers, so that the difference of two versions is not noise."""
    before = [line(1, pert(0.8, 1, 1.5), -10), line(2, triangular(0.5, 1, 1.1), 12)]
    after = [before[0], replace(before[1], values=(15.0,))]

    first, second = (net_present_values(lines, seed=7, draws=5_000) for lines in (before, after))

    ratio = (second - first) / net_present_values([before[1]], seed=7, draws=5_000)
    assert np.allclose(ratio, 0.25, rtol=0, atol=1e-12)


def test_parts_of_a_case_add_up_to_it_in_every_draw() -> None:
    """The sum of units is the total, and so is cashable with non-cashable (C7)."""
    parts = [net_present_values(LINES[first::3], seed=7, draws=1_000) for first in range(3)]

    assert np.allclose(sum(parts), net_present_values(LINES, seed=7, draws=1_000), rtol=0, atol=1e-9)


def test_a_certain_line_may_be_split_in_two() -> None:
    whole = [line(1, fixed(1), -10), line(2, pert(0, 1, 4), 6)]
    split = [line(1, fixed(1), -4), line(3, fixed(1), -6), whole[1]]

    one, other = (net_present_values(lines, seed=7, draws=1_000) for lines in (whole, split))

    assert np.allclose(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize("shape", [pert, triangular])
def test_a_three_point_estimate_of_zero_width_is_fixed(shape: Callable[..., Estimate]) -> None:
    one = [line(1, shape(1, 1, 1), 5, is_delayed=True), line(2, shape(2, 2, 2), 3)]
    other = [line(1, fixed(1), 5, is_delayed=True), line(2, fixed(2), 3)]

    first, second = (net_present_values(lines, seed=7, draws=1_000) for lines in (one, other))

    assert np.array_equal(first, second)


@pytest.mark.slow
@given(scale=st.floats(0.001, 1_000))
def test_amounts_scale(scale: float) -> None:
    scaled = [replace(one, values=tuple(scale * value for value in one.values)) for one in LINES]

    drawn = net_present_values(scaled, seed=7, draws=500)

    assert np.allclose(drawn, scale * net_present_values(LINES, seed=7, draws=500), rtol=1e-9, atol=1e-9)


def test_a_base_year_earlier_discounts_every_draw_a_year_more() -> None:
    lines = (cost(1, 100, first_year=2027), gain(2, 60, years=4))
    spreads = {lines[0].id: Spread(pert(0.9, 1, 1.6)), lines[1].id: Spread(uniform(0.5, 1.2))}
    now, earlier = (
        net_present_values(
            uncertain_lines(case(*lines, within=frame(base_year=base, horizon_years=years)), spreads),
            seed=7,
            draws=1_000,
        )
        for base, years in ((2026, 9), (2025, 10))
    )

    assert np.allclose(earlier, now / 1.04, rtol=1e-12, atol=0)


def test_a_year_of_delay_multiplies_by_the_ratio_of_the_factors() -> None:
    one = case(cost(1, 100, 50))

    in_time, late = (
        uncertain_lines(one, {one.lines[0].id: Spread(shifts=((years, 1.0),))})[0].values[0]
        for years in (0, 1)
    )

    assert late == pytest.approx(in_time / 1.04, rel=1e-14)


def test_a_case_without_spreads_is_worth_its_exact_net_present_value() -> None:
    one = case(cost(1, 1_000_000), gain(2, 150_000, ramp=("0.5",)))

    found = simulate(uncertain_lines(one, {}), seed=1, draws=100)

    assert found.mean == found.p10.value == found.p90.value == evaluate(one).net_present_value
    assert found.standard_deviation == found.p50.standard_error == 0
    assert found.probability_above_zero.value == (1 if found.mean > 0 else 0)


def test_tax_financing_is_a_part_of_each_line_of_public_money() -> None:
    one = case(cost(1, 100), gain(2, 52), gain(3, 52, is_public_money=False), within=frame(horizon_years=2))

    found = simulate(uncertain_lines(one, {}, with_tax_financing=True), seed=1, draws=10)

    assert found.mean == evaluate(one).net_present_value_after_tax_financing == -10


def test_a_line_cannot_be_moved_before_the_case() -> None:
    one = case(cost(1, 100))

    with pytest.raises(StartsBeforeCase, match="2026"):
        uncertain_lines(one, {one.lines[0].id: Spread(shifts=((-1, 0.5), (0, 0.5)))})


def test_what_is_moved_beyond_the_case_does_not_count() -> None:
    one = case(gain(1, 100, first_year=2027, years=2), within=frame(horizon_years=3))

    flows = uncertain_lines(one, {one.lines[0].id: Spread(shifts=((0, 0.5), (1, 0.5)))})[0].flows

    assert [[round(flow * 1e6) for flow in row] for row in flows] == [[0, 100, 100], [0, 0, 100]]


def test_a_transfer_nets_to_zero_and_is_not_above_it() -> None:
    """What one unit pays and another receives: 0.1, three times, against 0.3."""
    lines = [*(line(n, fixed(0.1)) for n in (1, 2, 3)), line(4, fixed(0.3), -1)]

    found = simulate(lines, seed=1, draws=100)

    assert found.mean == 0
    assert found.probability_above_zero.value == 0


@pytest.mark.slow
def test_standard_errors_are_how_far_seeds_differ() -> None:
    lines = mixed_lines(8)
    middle = float(simulate(lines, seed=0, draws=1_000).p50.value) / 1e6
    lines.append(line(99, fixed(middle), -1))
    runs = [simulate(lines, seed=seed, draws=1_000) for seed in range(80)]

    for name in ("p10", "p50", "p90", "probability_above_zero"):
        values = [float(getattr(run, name).value) for run in runs]
        errors = [float(getattr(run, name).standard_error) for run in runs]
        assert np.std(values) == pytest.approx(np.mean(errors), rel=0.3)


def test_percentiles_by_year_are_of_the_same_draws() -> None:
    one = case(cost(1, 1_000_000), gain(2, 200_000), within=frame(horizon_years=6))
    spread = Spread(pert(0.5, 1, 1.2), shifts=((0, 0.6), (1, 0.3), (2, 0.1)), loadings=(("wages", 0.5),))
    lines = uncertain_lines(one, {one.lines[1].id: spread, one.lines[0].id: Spread(uniform(0.9, 1.3))})

    flows = yearly_flows(lines, seed=7, draws=2_000)

    worth = flows @ np.array([1.04**-t for t in range(6)])
    assert np.allclose(worth, net_present_values(lines, seed=7, draws=2_000), rtol=0, atol=1e-9)
    years = year_spreads(lines, seed=7, draws=2_000)
    assert [one.year for one in years] == list(range(6))
    assert all(one.p10 <= one.p50 <= one.p90 for one in years)
    assert (years[0].p90, years[1].p10) == pytest.approx((-0.9, 0), abs=0.02)
    assert year_spreads([], seed=7, draws=10) == ()


@given(shares=st.lists(st.floats(0.001, 1), min_size=1, max_size=9))
def test_delays_keep_their_mean_exactly(shares: list[float]) -> None:
    shares = [share / sum(shares) for share in shares]
    values = [1 / (1 + number) for number in range(len(shares))]

    cells = delay_cells(values, shares)

    assert cells.mean() == pytest.approx(sum(v * s for v, s in zip(values, shares, strict=True)), abs=1e-12)
    assert len(cells) == CELLS


@pytest.mark.parametrize("shares", [(), (0.5, 0.4), (1.5, -0.5), (1.0,), (float("nan"), 1.0)])
def test_delays_that_do_not_add_up_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(OddDelays):
        UncertainLine(UUID(int=1), fixed(1), (1.0, 2.0), shares)


@pytest.mark.parametrize(
    "loadings",
    [
        (("a", 0.8), ("b", 0.8)),
        (("a", 0.1), ("a", 0.1)),
        tuple((name, 0.1) for name in "abcde"),
        (("a", -1.1),),
        (("a", float("nan")),),
    ],
)
def test_a_line_that_hangs_on_too_much_is_refused(loadings: tuple[tuple[str, float], ...]) -> None:
    with pytest.raises(OddLoadings):
        UncertainLine(UUID(int=1), fixed(1), (1.0,), loadings=loadings)


def test_a_line_may_be_nothing_but_a_common_factor() -> None:
    lines = [line(n, pert(0, 1, 3), wages=1.0) for n in (1, 2)]

    one, other = (net_present_values([each], seed=7, draws=1_000) for each in lines)

    assert np.array_equal(one, other)


def test_no_lines_are_worth_nothing() -> None:
    assert simulate([], seed=1, draws=10).p50.value == Decimal(0)
