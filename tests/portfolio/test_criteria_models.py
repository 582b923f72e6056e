"""Criteria models, their versions and what several scorers come to (P6)."""

from dataclasses import replace
from statistics import fmean
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.criteria_models import (
    EMPTY,
    CriteriaModel,
    CriterionNamedTwice,
    LevelOutsideScale,
    LevelTwice,
    Middle,
    OddScale,
    SaidCriterion,
    TooFewLevels,
    TooManyCriteria,
    WeightsAllZero,
    next_criteria,
)
from gevinst_portfolio.domain.scorers import GivenScore, criterion_score, project_score
from gevinst_portfolio.domain.scoring import (
    Better,
    Level,
    ScoredBetweenLevels,
    ScoredOutsideScale,
    refuse_off_scale,
)
from gevinst_portfolio.store.criteria_templates import get_template, shipped_templates
from gevinst_shared.values.refusal import Refusal, Unknown

LOW, MEDIUM, HIGH = Level("Low", 1), Level("Medium", 3), Level("High", 5)
LANGUAGES = ("en", "nb", "nn", "da", "sv")


def said(name: str = "Benefit", **members: object) -> SaidCriterion:
    return replace(SaidCriterion(name, 1, 1, 5), **members)  # type: ignore[arg-type]


def model_of(*criteria: SaidCriterion, before: CriteriaModel = EMPTY) -> CriteriaModel:
    ids = [UUID(int=100 * (before.version + 1) + number) for number, _ in enumerate(criteria)]
    return replace(before, version=before.version + 1, criteria=next_criteria(before, criteria, ids))


def score(criterion: UUID, value: float, by: str = "kari", version: int = 1) -> GivenScore:
    return GivenScore(criterion, value, by, version, UUID(int=hash((criterion.int, by, value)) % 2**64))


@pytest.mark.parametrize(
    ("criteria", "refusal"),
    [
        ([said(scale_min=5, scale_max=5)], OddScale),
        ([said(weight=0), said("Risk", weight=0)], WeightsAllZero),
        ([said(), said("benefit")], CriterionNamedTwice),
        ([said(levels=(LOW, Level("Huge", 6)))], LevelOutsideScale),
        ([said(levels=(LOW, Level("low", 2)))], LevelTwice),
        ([said(levels=(LOW, Level("Least", 1)))], LevelTwice),
        ([said(levels=(LOW,))], TooFewLevels),
        ([said(f"C{number}") for number in range(51)], TooManyCriteria),
        ([said(id=UUID(int=7))], Unknown),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_cannot_be_scored_by_is_refused(criteria: list[SaidCriterion], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        next_criteria(EMPTY, criteria, [UUID(int=number) for number in range(60)])


def test_a_criterion_may_weigh_nothing_beside_one_that_does() -> None:
    assert len(model_of(said(), said("For information", weight=0)).criteria) == 2


def test_another_weight_keeps_the_scores_and_another_scale_does_not() -> None:
    """E2: a score is read by the scale that it was given on."""
    first = model_of(said(), said("Risk"))
    benefit, risk = first.criteria
    second = model_of(
        said(id=benefit.id, weight=7, description="Now explained"),
        said("Risk", id=risk.id, scale_max=10),
        before=first,
    )

    found = project_score(second, [score(benefit.id, 5), score(risk.id, 5)])

    assert [one.scale_since for one in second.criteria] == [1, 2]
    assert found.criteria.keys() == {benefit.id}
    assert found.total.missing == (risk.id,)
    assert found.total.is_partial


def test_a_criterion_that_left_the_model_counts_no_more() -> None:
    first = model_of(said(), said("Risk"))
    second = model_of(said("Risk", id=first.criteria[1].id), before=first)

    found = project_score(second, [score(first.criteria[0].id, 5), score(first.criteria[1].id, 3)])

    assert found.total.points == pytest.approx(50)
    assert not found.total.is_partial


def test_several_scorers_come_to_their_mean_with_the_spread() -> None:
    """2, 3 and 5 of 1-5: mean 10/3, sample deviation 1.5275, three quarters of the scale apart."""
    model = model_of(said())
    key = model.criteria[0].id

    found = project_score(model, [score(key, value, by) for by, value in (("a", 2), ("b", 3), ("c", 5))])

    one = found.criteria[key]
    assert one.value == pytest.approx(10 / 3)
    assert (one.spread.count, one.spread.lowest, one.spread.highest) == (3, 2, 5)
    assert one.spread.standard_deviation == pytest.approx(1.5275, abs=1e-4)
    assert one.spread.disagreement == pytest.approx(0.75)
    assert found.most_disputed is one
    assert found.total.points == pytest.approx(100 * (10 / 3 - 1) / 4)


def test_the_median_is_not_moved_by_one_who_shouts() -> None:
    model = replace(model_of(said()), middle=Middle.MEDIAN)
    key = model.criteria[0].id

    found = project_score(model, [score(key, value, by) for by, value in (("a", 2), ("b", 2), ("c", 5))])

    assert found.criteria[key].value == 2


def test_one_scorer_has_no_deviation_and_nothing_is_disputed() -> None:
    model = model_of(said())

    found = project_score(model, [score(model.criteria[0].id, 4)])

    assert found.criteria[model.criteria[0].id].spread.standard_deviation is None
    assert found.most_disputed is None


@given(st.lists(st.floats(1, 5), min_size=1, max_size=9), st.sampled_from(Middle))
def test_the_middle_lies_between_the_scorers(values: list[float], middle: Middle) -> None:
    (criterion,) = model_of(said()).criteria

    found = criterion_score(criterion, values, middle)

    assert min(values) <= found.value <= max(values)
    assert 0 <= found.share <= 1
    if middle is Middle.MEAN:
        assert found.value == pytest.approx(fmean(values))


def test_a_score_is_one_of_the_levels_where_there_are_any() -> None:
    (criterion,) = model_of(said(levels=(LOW, MEDIUM, HIGH))).criteria

    refuse_off_scale(criterion, 3)
    with pytest.raises(ScoredBetweenLevels) as caught:
        refuse_off_scale(criterion, 4)
    with pytest.raises(ScoredOutsideScale):
        refuse_off_scale(criterion, 6)

    assert caught.value.values["levels"] == "1 (Low), 3 (Medium), 5 (High)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_shipped_model_can_be_used_in_each_language(language: str) -> None:
    shipped = shipped_templates(language)

    for one, english in zip(shipped, shipped_templates("en"), strict=True):
        assert model_of(*one.criteria).criteria
        assert [each.weight for each in one.criteria] == [each.weight for each in english.criteria]
        assert all(each.description for each in one.criteria)
    assert len({one.code for one in shipped}) == 3


def test_the_simple_model_ranks_as_the_sum_of_five_from_one_to_five() -> None:
    """Today's practice: five criteria, 1 to 5, added up. 5 to 25 become 0 to 100."""
    model = model_of(*get_template("simple-five", "en").criteria)
    assert all((one.scale_min, one.scale_max, one.better) == (1, 5, Better.HIGHER) for one in model.criteria)
    given = [score(one.id, value) for one, value in zip(model.criteria, (5, 4, 3, 2, 1), strict=True)]

    total = project_score(model, given).total

    assert total.points == pytest.approx((5 + 4 + 3 + 2 + 1 - 5) / 20 * 100)


def test_a_model_that_does_not_ship_is_unknown() -> None:
    with pytest.raises(Unknown):
        get_template("ten-commandments", "en")
