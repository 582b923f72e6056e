"""Facts of goals (G8)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from gevinst_shared.feed.envelope import Fact


@dataclass(frozen=True, slots=True)
class OfGoal(Fact):
    """What every fact of a goal tells of it."""

    goal_id: UUID
    unit_id: UUID
    name: str
    state: str
    due_year: int


@dataclass(frozen=True, slots=True)
class GoalSet(OfGoal):
    type: ClassVar[str] = "gevinst.benefits.goal-set.v1"


@dataclass(frozen=True, slots=True)
class GoalChanged(OfGoal):
    type: ClassVar[str] = "gevinst.benefits.goal-changed.v1"


@dataclass(frozen=True, slots=True)
class GoalSettled(OfGoal):
    """Met, withdrawn, or open again."""

    type: ClassVar[str] = "gevinst.benefits.goal-settled.v1"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GoalMeansLinked(OfGoal):
    type: ClassVar[str] = "gevinst.benefits.goal-means-linked.v1"
    benefit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GoalMeansUnlinked(OfGoal):
    type: ClassVar[str] = "gevinst.benefits.goal-means-unlinked.v1"
    benefit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class GoalWithoutMeans(OfGoal):
    """The last benefit that would have met the goal is gone: the unit needs another."""

    type: ClassVar[str] = "gevinst.benefits.goal-without-means.v1"
    benefit_id: UUID | None = None
