"""The criteria model that a portfolio owns, in versions that are never changed (P6, E2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import isfinite
from uuid import UUID

from gevinst_portfolio.domain.scoring import Better, Criterion, Level
from gevinst_shared.values.refusal import Refusal, Unknown


class Middle(StrEnum):
    """What several scorers' scores on one criterion come to."""

    MEAN = "mean"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class CriteriaModel:
    """One version of a portfolio's model; version 0 is the empty one that every portfolio begins with."""

    version: int
    name: str
    middle: Middle
    criteria: tuple[Criterion, ...]
    comparison_id: UUID | None = None
    reason: str | None = None
    made_by: str | None = None
    made_at: datetime | None = None

    def find(self, criterion_id: UUID) -> Criterion | None:
        return next((one for one in self.criteria if one.id == criterion_id), None)


EMPTY = CriteriaModel(0, "Criteria", Middle.MEAN, ())


@dataclass(frozen=True, slots=True)
class SaidCriterion:
    """A criterion as somebody wants it; `id` names the one of the present model that it goes on from."""

    name: str
    weight: float
    scale_min: float
    scale_max: float
    better: Better = Better.HIGHER
    levels: tuple[Level, ...] = ()
    description: str | None = None
    id: UUID | None = None


class OddScale(Refusal):
    code = "odd-scale"
    title = "The scale has no length"
    detail = "The scale would end at {scale_max}, not above its beginning at {scale_min}. Change one of them."


class WeightsAllZero(Refusal):
    code = "weights-all-zero"
    title = "Nothing weighs anything"
    detail = "All weights are zero, so no project could be told from another. Give one criterion a weight."


class CriterionNamedTwice(Refusal):
    code = "criterion-named-twice"
    title = "Two criteria of one name"
    detail = "“{name}” stands twice in the model. Give each criterion a name of its own."


class LevelOutsideScale(Refusal):
    code = "level-outside-scale"
    title = "A level outside the scale"
    detail = (
        "The level “{level}” of “{criterion}” stands at {value}, outside the scale from {scale_min} to "
        "{scale_max}. Move the level, or widen the scale."
    )


class LevelTwice(Refusal):
    code = "level-twice"
    title = "Two levels are one"
    detail = (
        "Two levels of “{criterion}” share the name or value of “{level}”. Give each its own of both, so "
        "that a score can be read back."
    )


class TooFewLevels(Refusal):
    code = "too-few-levels"
    title = "One level tells nothing apart"
    detail = (
        "“{criterion}” has one level only. Give it two or more, or none, so that any number may be given."
    )


class ModelExists(Refusal):
    code = "criteria-model-exists"
    title = "The portfolio has criteria"
    detail = (
        "The portfolio has a criteria model in version {version}. Change that one, so its history goes on."
    )


class TooManyCriteria(Refusal):
    code = "too-many-criteria"
    title = "Too many criteria"
    detail = "A model has at most {most} criteria. Take one out, or join two that measure the same."


MOST_CRITERIA = 50


def next_criteria(
    model: CriteriaModel, said: Sequence[SaidCriterion], new_ids: Iterable[UUID]
) -> tuple[Criterion, ...]:
    """The criteria of the version after `model`, in the order said.

    A criterion that goes on from one of the present version keeps its id, and `scale_since` while it measures
    as before; the others get ids of `new_ids`. Raises `Unknown` for an id that the model has not, and what
    `refuse_odd_criteria` raises.
    """
    refuse_odd_criteria(said)
    ids = iter(new_ids)
    version = model.version + 1
    found = []
    for one in said:
        before = None if one.id is None else model.find(one.id)
        if one.id is not None and before is None:
            raise Unknown(pointer="/body/criteria")
        criterion = _criterion(one, next(ids) if one.id is None else one.id, version)
        if before is not None and before.measures_as(criterion):
            criterion = replace(criterion, scale_since=before.scale_since)
        found.append(criterion)
    return tuple(found)


def refuse_odd_criteria(criteria: Sequence[SaidCriterion]) -> None:
    """Refuse what cannot be scored by: see the refusals of this file."""
    if len(criteria) > MOST_CRITERIA:
        raise TooManyCriteria(most=MOST_CRITERIA, pointer="/body/criteria")
    names: set[str] = set()
    ids = [one.id for one in criteria if one.id is not None]
    for at, one in enumerate(criteria):
        is_known = one.id is not None and ids.count(one.id) > 1
        if one.name.casefold() in names or is_known:
            raise CriterionNamedTwice(name=one.name, pointer=f"/body/criteria/{at}/name")
        names.add(one.name.casefold())
        _refuse_odd_scale(one, f"/body/criteria/{at}")
    if criteria and not any(one.weight > 0 for one in criteria):
        raise WeightsAllZero(pointer="/body/criteria")


def _refuse_odd_scale(one: SaidCriterion, pointer: str) -> None:
    assert all(map(isfinite, (one.weight, one.scale_min, one.scale_max)))
    assert one.weight >= 0
    if one.scale_min >= one.scale_max:
        raise OddScale(scale_min=one.scale_min, scale_max=one.scale_max, pointer=f"{pointer}/scale_max")
    if len(one.levels) == 1:
        raise TooFewLevels(criterion=one.name, pointer=f"{pointer}/levels")
    names: set[str] = set()
    values: set[float] = set()
    for at, level in enumerate(one.levels):
        if not one.scale_min <= level.value <= one.scale_max:
            raise LevelOutsideScale(
                level=level.name,
                criterion=one.name,
                value=level.value,
                scale_min=one.scale_min,
                scale_max=one.scale_max,
                pointer=f"{pointer}/levels/{at}/value",
            )
        if level.name.casefold() in names or level.value in values:
            raise LevelTwice(criterion=one.name, level=level.name, pointer=f"{pointer}/levels/{at}")
        names.add(level.name.casefold())
        values.add(level.value)


def _criterion(said: SaidCriterion, criterion_id: UUID, version: int) -> Criterion:
    return Criterion(
        id=criterion_id,
        name=said.name,
        weight=said.weight,
        scale_min=said.scale_min,
        scale_max=said.scale_max,
        better=said.better,
        levels=said.levels,
        description=said.description,
        scale_since=version,
    )
