"""Total scores: a worked example, and what must hold for every model (P6)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.scoring import Better, Criterion, normalised, total_score

BENEFIT, RISK, FIT = (UUID(int=number) for number in (1, 2, 3))
MODEL = (
    Criterion(BENEFIT, "Benefit", 50, 1, 5, Better.HIGHER),
    Criterion(RISK, "Risk", 30, 1, 5, Better.LOWER),
    Criterion(FIT, "Fit", 20, 0, 10, Better.HIGHER),
)
levels = st.floats(0, 1, allow_nan=False)
weights = st.floats(0.01, 1000, allow_nan=False)
models = st.lists(weights, min_size=1, max_size=8).map(
    lambda found: [Criterion(UUID(int=n), "c", w, 0, 1, Better.HIGHER) for n, w in enumerate(found)]
)


def test_a_worked_example_with_one_criterion_turned() -> None:
    """Benefit 4 of 1–5 is 0.75; risk 2 of 1–5, lower is better, is 0.75; fit 5 of 0–10 is 0.5."""
    total = total_score(MODEL, {BENEFIT: 4, RISK: 2, FIT: 5})

    assert total.points == pytest.approx(50 * 0.75 + 30 * 0.75 + 20 * 0.5)
    assert total.missing == ()
    assert total.coverage == pytest.approx(1)


def test_a_missing_score_is_not_zero() -> None:
    total = total_score(MODEL, {BENEFIT: 5})

    assert total.points == pytest.approx(100)
    assert total.missing == (RISK, FIT)
    assert total.is_partial
    assert total.coverage == pytest.approx(0.5)


def test_a_project_without_any_score_has_no_total() -> None:
    total = total_score(MODEL, {})

    assert total.points is None
    assert total.missing == (BENEFIT, RISK, FIT)


def test_a_score_of_a_criterion_that_is_not_in_the_model_does_not_count() -> None:
    assert total_score(MODEL[:1], {BENEFIT: 1, FIT: 10}).points == pytest.approx(0)


def test_the_ends_of_a_scale_are_zero_and_one() -> None:
    assert [normalised(MODEL[0], value) for value in (1, 5)] == [0, 1]
    assert [normalised(MODEL[1], value) for value in (1, 5)] == [1, 0]


@given(models, st.data())
def test_totals_stay_between_0_and_100(model: list[Criterion], data: st.DataObject) -> None:
    values = {criterion.id: data.draw(levels) for criterion in model}

    points = total_score(model, values).points

    assert points is not None
    assert -1e-9 <= points <= 100 + 1e-9


@given(models, weights, st.data())
def test_only_the_proportion_of_the_weights_counts(
    model: list[Criterion], factor: float, data: st.DataObject
) -> None:
    values = {criterion.id: data.draw(levels) for criterion in model}
    heavier = [Criterion(c.id, c.name, c.weight * factor, c.scale_min, c.scale_max, c.better) for c in model]

    assert total_score(heavier, values).points == pytest.approx(total_score(model, values).points)


@given(models, st.data())
def test_a_better_score_never_lowers_the_total(model: list[Criterion], data: st.DataObject) -> None:
    values = {criterion.id: data.draw(levels) for criterion in model}
    raised = data.draw(st.sampled_from(model)).id
    better = {**values, raised: data.draw(st.floats(values[raised], 1))}

    before, after = total_score(model, values).points, total_score(model, better).points

    assert before is not None
    assert after is not None
    assert after >= before - 1e-9
