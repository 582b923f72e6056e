"""Scores that follow from figures that are there, on the wire."""

from pydantic import Field

from gevinst_portfolio.domain.derived_scores import Measure
from gevinst_shared.web.shapes import Id, Maybe, Name, Out


class DerivedScoreOut(Out):
    """A suggestion: put `share` on the scale of your criterion."""

    measure: Measure
    share: float = Field(ge=0, le=1, description="0 is the worst, 1 the best.", examples=[0.75])
    reason: str = Field(max_length=300)


class DerivedScoresOut(Out):
    """What one project's figures suggest."""

    project_id: Id
    project_name: Name
    scores: list[DerivedScoreOut] = Field(max_length=10)


class DerivedScorePageOut(Out):
    """Projects with what their figures suggest, a page at a time."""

    items: list[DerivedScoresOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
