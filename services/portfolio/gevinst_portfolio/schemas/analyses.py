"""Analyses of scenarios on the wire (P7)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.analyses import AnalysisKind
from gevinst_portfolio.domain.optimiser.baselines import Ranking
from gevinst_portfolio.domain.optimiser.elastic import Lever
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.schemas.explanations import ExplanationOut, Sentence
from gevinst_portfolio.schemas.plans import MOST_PROJECTS, NamedProjectOut, ObstacleOut
from gevinst_portfolio.schemas.runs import Count, PlanValue
from gevinst_portfolio.schemas.runs import Share as ShareNumber
from gevinst_portfolio.schemas.scenario_comparisons import ChosenOut
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, MoneyOut, Organisation, Out, Whole, Year

Factor = Annotated[float, Field(ge=0, le=10)]


class AnalysisOptionsIn(In):
    """How the analysis is made; each kind uses what concerns it."""

    levers: list[Lever] = Field(
        default=list(Lever),
        min_length=1,
        max_length=5,
        description="explanation: the kinds of change that are looked for.",
    )
    budget: Maybe[CostKind] = Field(None, description="frontier: the money that varies; absent: all of it.")
    lowest: Factor = Field(0.5, description="frontier: the least money, as a share of today's.")
    highest: Factor = Field(1.5, description="frontier: the most money, as a share of today's.")
    points: Whole = Field(20, ge=2, le=50, description="frontier: how many amounts of money are tried.")
    draws: Whole = Field(200, ge=10, le=100_000, description="stability, certainty: how many random cases.")
    weight_spread: float = Field(
        0.5, ge=0, le=0.99, description="stability: how far criteria weights vary, as a share of themselves."
    )
    work: Whole = Field(
        5000, ge=1, le=1_000_000, description="The most work of each single solve, in simplex iterations."
    )
    seed: Whole = Field(1, ge=1, le=1_000_000, description="The same seed gives the same answer.")


class AnalysisOptionsOut(Out):
    """How the analysis was made."""

    levers: list[Lever] = Field(max_length=5)
    budget: Maybe[CostKind] = None
    lowest: Factor
    highest: Factor
    points: int = Field(ge=2, le=50)
    draws: int = Field(ge=10, le=100_000)
    weight_spread: float = Field(ge=0, le=1)
    work: int = Field(ge=1, le=1_000_000)
    seed: int = Field(ge=1, le=1_000_000)


class AnalysisIn(In):
    """What is asked of a scenario's plan."""

    kind: AnalysisKind
    options: AnalysisOptionsIn = AnalysisOptionsIn()


class FrontierPointOut(Out):
    """The best plan found for one amount of money."""

    factor: Factor = Field(description="Of today's money.")
    money: MoneyOut
    status: Status
    value: Maybe[PlanValue] = None
    bound: Maybe[PlanValue] = None
    gap: Maybe[float] = Field(None, ge=0, le=1e9)
    marginal_value: Maybe[PlanValue] = Field(
        None, description="Value gained per unit of money since the point before."
    )
    selected: list[ChosenOut] = Field(max_length=MOST_PROJECTS)


class FirstInOut(NamedProjectOut):
    """The first point of the frontier whose plan has the project."""

    point: Count


class FrontierOut(Out):
    """What more or less money would give; values never fall from point to point."""

    kinds: list[CostKind] = Field(max_length=10, description="The money that varies.")
    points: list[FrontierPointOut] = Field(max_length=50)
    enters: list[FirstInOut] = Field(max_length=MOST_PROJECTS)


class ShareOut(Out):
    """A share of random cases, and its standard error."""

    share: ShareNumber
    standard_error: ShareNumber


class StableProjectOut(NamedProjectOut, ShareOut):
    """In how many of the cases the project is in."""

    is_in_plan: bool
    varied: list[Annotated[str, Field(max_length=20)]] = Field(
        max_length=5, description="What of the project varies: cost, benefit, score."
    )


class StabilityOut(Out):
    """How often each project is in when weights and estimates vary."""

    draws: int = Field(ge=0, le=100_000, description="Cases that had a plan.")
    without_plan: int = Field(ge=0, le=100_000, description="Cases in which what is forced does not fit.")
    distribution: str = Field(max_length=40, examples=["triangular"])
    projects: list[StableProjectOut] = Field(max_length=MOST_PROJECTS)
    not_varied: list[NamedProjectOut] = Field(
        max_length=MOST_PROJECTS, description="Without an estimate: missing is not zero, and not varied."
    )


class YearCertaintyOut(ShareOut):
    year: Year


class BudgetCertaintyOut(Out):
    """The probability that a kind of money suffices, year by year and in all of them."""

    kind: CostKind
    years: list[YearCertaintyOut] = Field(max_length=100)
    whole: ShareOut


class CertaintyOut(Out):
    """How probable it is that the plan keeps its budgets."""

    draws: int = Field(ge=0, le=100_000)
    distribution: str = Field(max_length=40, examples=["triangular"])
    budgets: list[BudgetCertaintyOut] = Field(max_length=10)
    whole: ShareOut
    not_varied: list[NamedProjectOut] = Field(max_length=MOST_PROJECTS)


class BaselineOut(Out):
    """What one ranking would choose."""

    ranking: Ranking
    order: list[NamedProjectOut] = Field(max_length=MOST_PROJECTS)
    unranked: list[NamedProjectOut] = Field(max_length=MOST_PROJECTS)
    selected: list[ChosenOut] = Field(max_length=MOST_PROJECTS)
    value: PlanValue
    is_feasible: bool = Field(description="False: the ranking ends in a plan that breaks a rule.")
    left_on_the_table: PlanValue = Field(description="What the scenario's plan is worth more.")
    share_left: float = Field(ge=-1e9, le=1e9)
    by_money: list[NamedProjectOut] = Field(
        max_length=MOST_PROJECTS, description="The list as it is used: until the money of all years is gone."
    )
    storm: list[ObstacleOut] = Field(max_length=MOST_PROJECTS, description="The rules that this breaks (P3).")
    sentence: Sentence


class BaselinesOut(Out):
    """What would have been chosen without an optimiser."""

    rankings: list[BaselineOut] = Field(max_length=10)


class AnalysisSummaryOut(Out):
    """An analysis without its result."""

    id: Id = Field(description="Also that of its run.")
    organisation: Organisation
    portfolio_id: Id
    scenario_id: Id
    kind: AnalysisKind
    options: AnalysisOptionsOut
    inputs: str = Field(max_length=64, description="The hash of everything that it was made from.")
    requested_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    is_stale: bool = Field(description="Plan, register, money or scores have changed since.")


class AnalysisOut(AnalysisSummaryOut):
    """An analysis of a scenario; the member named after its kind holds the result."""

    explanation: Maybe[ExplanationOut] = None
    frontier: Maybe[FrontierOut] = None
    stability: Maybe[StabilityOut] = None
    certainty: Maybe[CertaintyOut] = None
    baselines: Maybe[BaselinesOut] = None


class AnalysisPageOut(Out):
    """Analyses of a scenario, a page at a time."""

    items: list[AnalysisSummaryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
