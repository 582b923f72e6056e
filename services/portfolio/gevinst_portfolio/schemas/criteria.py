"""Criteria models on the wire (P6)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.criteria_models import MOST_CRITERIA, CriteriaModel, Middle, SaidCriterion
from gevinst_portfolio.domain.scoring import Better, Level
from gevinst_portfolio.schemas.organisations import Language
from gevinst_portfolio.store.criteria import criterion_members
from gevinst_portfolio.usecases.modelling import SaidModel
from gevinst_shared.web.shapes import Code, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

Weight = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[30])]
ScaleValue = Annotated[float, Field(ge=-1_000_000_000, le=1_000_000_000, allow_inf_nan=False)]
Version = Annotated[int, Field(ge=0, le=1_000_000_000, examples=[3])]
MOST_LEVELS = 25


class LevelIn(In):
    """A named place on a scale."""

    name: Name = Field(examples=["Medium"])
    value: ScaleValue = Field(strict=True, examples=[3])
    description: Maybe[Prose] = Field(None, description="When a project is at this level.")

    def said(self) -> Level:
        return Level(self.name, self.value, self.description)


class CriterionIn(In):
    """What projects are scored on."""

    name: Name = Field(examples=["Benefit to citizens"])
    description: Maybe[Prose] = None
    weight: Weight = Field(strict=True, description="From 0; counts in proportion to the sum of all.")
    scale_min: ScaleValue = Field(strict=True, examples=[1])
    scale_max: ScaleValue = Field(strict=True, examples=[5])
    better: Better = Field(Better.HIGHER, description="Which end of the scale is the good one.")
    levels: list[LevelIn] = Field(
        default=[],
        max_length=MOST_LEVELS,
        description="With levels (two at least) a score is one of them; without, any number on the scale.",
    )

    def said(self) -> SaidCriterion:
        return SaidCriterion(
            name=self.name,
            weight=self.weight,
            scale_min=self.scale_min,
            scale_max=self.scale_max,
            better=self.better,
            levels=tuple(level.said() for level in self.levels),
            description=self.description,
            id=getattr(self, "id", None),
        )


class ModelCriterionIn(CriterionIn):
    """A criterion of a whole model."""

    id: Maybe[Id] = Field(
        None,
        description="The criterion of the present version that this one goes on from; absent: a new one.",
    )


class CriteriaModelIn(In):
    """A whole criteria model: what is not in it is not scored on any more."""

    name: Name = Field(examples=["Portfolio criteria 2027"])
    middle: Middle = Field(Middle.MEAN, description="What several scorers' scores on a criterion come to.")
    criteria: list[ModelCriterionIn] = Field(max_length=MOST_CRITERIA)
    reason: Maybe[Prose] = Field(None, description="Why the model changes.")

    def said(self) -> SaidModel:
        return SaidModel(self.name, self.middle, [one.said() for one in self.criteria], self.reason)


class TemplateChoiceIn(In):
    """One of the models that come with the product."""

    template: Code = Field(examples=["simple-five"])
    language: Language = Field("nb", description="In which its names are written.")


class LevelOut(Out):
    """A named place on a scale."""

    name: Name
    value: ScaleValue = Field(examples=[3])
    description: Maybe[Prose] = None


class TemplateCriterionOut(Out):
    """A criterion of a model that comes with the product."""

    name: Name
    description: Maybe[Prose] = None
    weight: Weight
    scale_min: ScaleValue = Field(examples=[1])
    scale_max: ScaleValue = Field(examples=[5])
    better: Better
    levels: list[LevelOut] = Field(max_length=MOST_LEVELS)


class CriterionOut(TemplateCriterionOut):
    """A criterion of a portfolio's model."""

    id: Id
    weight_share: float = Field(ge=0, le=1, examples=[0.3], description="Of the sum of all weights.")
    scale_since: Version = Field(
        description="The version from which the scale is as it is: scores from before do not count."
    )


class CriteriaModelOut(Out):
    """One version of a portfolio's criteria model; version 0 is the empty one that each begins with."""

    portfolio_id: Id
    version: Version
    name: Name
    middle: Middle
    criteria: list[CriterionOut] = Field(max_length=MOST_CRITERIA)
    comparison_id: Maybe[Id] = Field(None, description="The comparison that gave the weights.")
    reason: Maybe[Prose] = None
    made_by: Maybe[str] = Field(None, max_length=300)
    made_at: Maybe[Moment] = None


class CriteriaVersionOut(Out):
    """A version in the history of a criteria model."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    version: Version
    name: Name
    criteria_count: int = Field(ge=0, le=MOST_CRITERIA)
    comparison_id: Maybe[Id] = None
    reason: Maybe[Prose] = None
    made_by: str = Field(max_length=300)
    made_at: Moment


class CriteriaVersionPageOut(Out):
    """Versions, a page at a time."""

    items: list[CriteriaVersionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class CriteriaTemplateOut(Out):
    """A criteria model that comes with the product."""

    code: Code
    name: Name
    description: Prose
    criteria: list[TemplateCriterionOut] = Field(max_length=MOST_CRITERIA)


class CriteriaTemplatesOut(Out):
    """Every criteria model that comes with the product."""

    items: list[CriteriaTemplateOut] = Field(max_length=100)


def criteria_model(portfolio_id: object, model: CriteriaModel) -> dict[str, Any]:
    """The members of `CriteriaModelOut`."""
    whole = sum(one.weight for one in model.criteria)
    return {
        "portfolio_id": portfolio_id,
        "version": model.version,
        "name": model.name,
        "middle": model.middle,
        "criteria": [
            {**criterion_members(one), "weight_share": min(1.0, one.weight / whole)} for one in model.criteria
        ],
        "comparison_id": model.comparison_id,
        "reason": model.reason,
        "made_by": model.made_by,
        "made_at": model.made_at,
    }
