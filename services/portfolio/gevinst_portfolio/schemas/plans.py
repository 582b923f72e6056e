"""Plans on the wire: what a scenario chose, what it left out, and why (P7)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.scenario_candidates import ForcedBy, Omission
from gevinst_portfolio.schemas.runs import PlanSummaryOut, PlanValue
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_shared.web.shapes import Day, Id, Maybe, MoneyOut, Name, Out, Year

MOST_PROJECTS = 100_000
Quantity = Annotated[float, Field(ge=-1e12, le=1e12)]
PartName = Annotated[str, Field(max_length=200)]


class NamedProjectOut(Out):
    """A project, by its id and its name."""

    project_id: Id
    project_name: Name
    concept_id: Maybe[Id] = Field(None, description="P9: which of its concepts; absent when it has none.")
    concept_name: Maybe[Name] = None


class SelectedOut(NamedProjectOut):
    """A project that the plan has chosen."""

    start: QuarterText
    end: QuarterText
    starts_on: Day
    ends_on: Day
    is_forced: bool = Field(description="P5: a legal duty, decided or under way, or forced in.")
    is_under_way: bool
    forced_by: Maybe[ForcedBy] = Field(None, description="Why it is in whatever it is worth.")
    value: PlanValue
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None


class ObstacleOut(Out):
    """What stands in a project's way."""

    rule: Rule
    names: list[PartName] = Field(max_length=1000, description="The budget, resource or projects at stake.")
    quarter: Maybe[QuarterText] = None
    lacking: Maybe[Quantity] = None
    lacking_money: Maybe[MoneyOut] = Field(None, description="Of the quarters that the scenario reaches.")


class LeftOutOut(NamedProjectOut):
    """A project that the plan has left out: of its concepts the least blocked one. Without obstacles it
    would fit, and is not worth it."""

    least_blocked_start: Maybe[QuarterText] = Field(None, description="Absent when no start is possible.")
    obstacles: list[ObstacleOut] = Field(max_length=10_000)


class NotConsideredOut(Out):
    """A project that is no part of the question."""

    project_id: Id
    project_name: Name
    reason: Omission


class BindingOut(Out):
    """A limit that the plan uses up, or that more of would be worth something."""

    rule: Rule
    names: list[PartName] = Field(max_length=1000)
    quarter: Maybe[QuarterText] = None
    left: Maybe[Quantity] = None
    left_money: Maybe[MoneyOut] = None
    price: float = Field(ge=0, le=1e18, description="Value of one unit more, in the linear relaxation.")


class ContradictionOut(Out):
    """One of the rules that cannot be kept together."""

    rule: Rule
    text: str = Field(max_length=20_000, description="In the language that you asked for.")
    names: list[PartName] = Field(max_length=1000, description="The projects, resource or money at stake.")
    quarter: Maybe[QuarterText] = None
    values: dict[str, PartName] = Field(
        max_length=10,
        description="What the text names, for sentences of your own.",
        examples=[{"amount": "2"}],
    )
    start_alone: Maybe[QuarterText] = Field(
        None,
        description="Of a forced project that does not fit even when it is alone: where it lacks least.",
    )
    lacking_alone: Maybe[list[ObstacleOut]] = Field(
        None, max_length=10_000, description="What it then lacks, by year or quarter."
    )


class MoneyOfYearOut(Out):
    """Money of one year in the plan; `available` and `left` are absent when there is no limit."""

    year: Year
    kind: CostKind
    spent: MoneyOut
    available: Maybe[MoneyOut] = None
    left: Maybe[MoneyOut] = None


class PlannedQuarterOut(Out):
    quarter: QuarterText
    used: Quantity
    capacity: Quantity


class LoadOut(Out):
    """How much of a shared resource the plan takes."""

    resource_id: Id
    resource_name: Name
    kind: str = Field(max_length=40, examples=["role", "change-load"])
    quarters: list[PlannedQuarterOut] = Field(max_length=100)


class SecondGoalOut(Out):
    """What minding a second goal came to; smaller is better."""

    goal: Goal
    before: Quantity = Field(
        description="Load above four fifths of the capacity, as a share of it, or how many starts moved."
    )
    after: Quantity
    is_least: bool = Field(description="Less is proved impossible at this value.")


class PlanOut(PlanSummaryOut):
    """What the optimiser chose from a scenario, proved as far as `gap` says."""

    scenario_id: Id
    selected: list[SelectedOut] = Field(max_length=MOST_PROJECTS)
    left_out: list[LeftOutOut] = Field(max_length=MOST_PROJECTS)
    not_considered: list[NotConsideredOut] = Field(max_length=MOST_PROJECTS)
    binding: list[BindingOut] = Field(max_length=MOST_PROJECTS)
    contradictions: list[ContradictionOut] = Field(max_length=MOST_PROJECTS)
    second_goals: list[SecondGoalOut] = Field(max_length=2)
    money: list[MoneyOfYearOut] = Field(max_length=1000)
    load: list[LoadOut] = Field(max_length=10_000)
    total_cost: MoneyOut
    total_benefit: MoneyOut
