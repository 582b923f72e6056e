"""What the wire's shapes take and what they show."""

import pytest
from pydantic import Field, ValidationError

from gevinst_shared.web.shapes import In, Maybe, Out, Whole, Year


class PlanIn(In):
    year: Year
    counts: list[Whole] = Field(default=[], max_length=3)
    share: float = 0.0


class PlanOut(Out):
    year: Year
    note: Maybe[str] = None


def test_a_whole_number_may_be_written_with_a_decimal_point() -> None:
    """JSON does not tell 2026.0 from 2026."""
    plan = PlanIn.model_validate({"year": 2026.0, "counts": [1.0, 2], "share": 2.0})

    assert plan == PlanIn(year=2026, counts=[1, 2], share=2.0)


@pytest.mark.parametrize("year", [2026.5, "2026", True, 1e300, float("inf"), None, [2026]])
def test_nothing_else_is_taken_for_a_whole_number(year: object) -> None:
    with pytest.raises(ValidationError):
        PlanIn.model_validate({"year": year})


def test_bounds_of_whole_numbers_stand_in_the_schema() -> None:
    assert PlanIn.model_json_schema()["properties"]["year"]["maximum"] == 2200


def test_what_is_none_is_absent_from_an_answer() -> None:
    assert PlanOut(year=2026, note=None).model_dump(exclude_none=True) == {"year": 2026}
