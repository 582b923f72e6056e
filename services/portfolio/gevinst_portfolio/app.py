"""The portfolio service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_portfolio.domain.boards import SeatEnded, TwoHolders
from gevinst_portfolio.domain.capacity import NamedTwice, OddCap, UnitMissing
from gevinst_portfolio.domain.closings import SavingIsBenefit
from gevinst_portfolio.domain.concepts import (
    AssessedTwice,
    ChosenTooLate,
    ConceptSettled,
    NothingToCompare,
    ZeroAlternativeIsReference,
    ZeroAlternativeStays,
)
from gevinst_portfolio.domain.criteria_models import (
    CriterionNamedTwice,
    LevelOutsideScale,
    LevelTwice,
    ModelExists,
    OddScale,
    TooFewLevels,
    TooManyCriteria,
    WeightsAllZero,
)
from gevinst_portfolio.domain.dependencies import DependencyCycle, OutsidePortfolio
from gevinst_portfolio.domain.gmpp.merging import OtherCurrency
from gevinst_portfolio.domain.ideas import IdeaIsAnswered, IdeaIsProposed
from gevinst_portfolio.domain.merging import CannotMerge, IsMerged, MergedIntoItself, NotMerged
from gevinst_portfolio.domain.pairwise import (
    ComparedTwice,
    ComparedWithItself,
    ComparisonFallsApart,
    CriteriaChangedMeanwhile,
    OddNumberCompared,
)
from gevinst_portfolio.domain.permissions import FOLLOW_EVENTS
from gevinst_portfolio.domain.projects import (
    CannotOverrule,
    DependsOnItself,
    EndsBeforeStart,
    LagWithoutDependency,
    WindowClosed,
)
from gevinst_portfolio.domain.role_assignments import AlreadyEnded, EndsBeforeItBegins, ScopeWithoutPlace
from gevinst_portfolio.domain.runs import RunEnded
from gevinst_portfolio.domain.scenarios import (
    BudgetUnknown,
    CannotForceIn,
    CannotPin,
    CapacityBelowZero,
    CapacityUnknown,
    CategoryEmpty,
    ForcedBothWays,
    NoPlanYet,
    NothingToPlan,
    NotPublished,
    OtherPortfolio,
    PlanOfOtherAssumptions,
    PlanOutdated,
    ScenarioDecided,
    ScenarioPublished,
)
from gevinst_portfolio.domain.scoring import ScoredBetweenLevels, ScoredOutsideScale, ScoredTwice
from gevinst_portfolio.domain.units import TreeTooDeep, UnitBelowItself
from gevinst_portfolio.domain.uploads import (
    NothingToApply,
    ScoreTakenOut,
    UploadHasFaults,
    UploadNotRead,
    UploadOutdated,
)
from gevinst_portfolio.domain.waves import LoadOnAnotherUnit, NoSuchWave, WaveNeedsTooLong, WavesCostMore
from gevinst_portfolio.domain.workbooks.mapping import (
    HeadingMissing,
    HeadingTwice,
    MappedTabMissing,
    MappingOdd,
)
from gevinst_portfolio.domain.workbooks.reading import NotAWorkbook, NotText, WorkbookTooLarge
from gevinst_portfolio.domain.workbooks.review import (
    ColumnMissing,
    NoNewRows,
    RowChangedMeanwhile,
    RowTwice,
    RowUnknown,
    SheetMissing,
    ValueMissing,
)
from gevinst_portfolio.domain.workbooks.values import (
    ControlCharacter,
    NotAChoice,
    NotADay,
    NotANumber,
    NotYesOrNo,
    OutOfReach,
    TextTooLong,
    TooFine,
)
from gevinst_portfolio.routes import (
    board_seats,
    budgets,
    column_mappings,
    comparisons,
    concepts,
    criteria,
    decisions,
    derived_scores,
    groups,
    histories,
    ideas,
    imports,
    merges,
    organisations,
    people,
    portfolios,
    programmes,
    projects,
    registrations,
    releases,
    resources,
    role_assignments,
    runs,
    scenario_comparisons,
    scenario_values,
    scenarios,
    scores,
    storms,
    units,
    uploads,
    waves,
    workbooks,
)
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.store.places import find_grants
from gevinst_portfolio.tables.shared import feed, kept_answers
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

STATUSES: dict[type[Refusal], int] = {
    NotAWorkbook: 400,
    NotText: 400,
    WorkbookTooLarge: 400,
    SheetMissing: 400,
    ColumnMissing: 400,
    NoNewRows: 400,
    RowTwice: 400,
    RowUnknown: 400,
    ValueMissing: 400,
    ControlCharacter: 400,
    NotADay: 400,
    NotAChoice: 400,
    NotANumber: 400,
    NotYesOrNo: 400,
    OutOfReach: 400,
    TextTooLong: 400,
    TooFine: 400,
    HeadingMissing: 400,
    HeadingTwice: 400,
    MappedTabMissing: 400,
    MappingOdd: 400,
    ScoreTakenOut: 400,
    RowChangedMeanwhile: 409,
    NothingToApply: 409,
    UploadHasFaults: 409,
    UploadNotRead: 409,
    UploadOutdated: 409,
    EndsBeforeStart: 400,
    DependsOnItself: 400,
    OtherCurrency: 409,
    RunEnded: 409,
    BudgetUnknown: 409,
    CannotForceIn: 409,
    ForcedBothWays: 400,
    NothingToPlan: 409,
    NoPlanYet: 409,
    ScenarioPublished: 409,
    NotPublished: 409,
    ScenarioDecided: 409,
    OtherPortfolio: 409,
    PlanOutdated: 409,
    DependencyCycle: 409,
    OutsidePortfolio: 409,
    UnitBelowItself: 409,
    TreeTooDeep: 409,
    EndsBeforeItBegins: 400,
    ScopeWithoutPlace: 400,
    AlreadyEnded: 409,
    OddScale: 400,
    ScoredOutsideScale: 400,
    ScoredTwice: 400,
    ScoredBetweenLevels: 400,
    CriterionNamedTwice: 400,
    WeightsAllZero: 400,
    LevelOutsideScale: 400,
    LevelTwice: 400,
    TooFewLevels: 400,
    TooManyCriteria: 409,
    ModelExists: 409,
    ComparedWithItself: 400,
    ComparedTwice: 400,
    ComparisonFallsApart: 409,
    CriteriaChangedMeanwhile: 409,
    OddNumberCompared: 409,
    UnitMissing: 400,
    NamedTwice: 400,
    OddCap: 400,
    WindowClosed: 400,
    LagWithoutDependency: 400,
    CannotPin: 409,
    CapacityBelowZero: 409,
    CapacityUnknown: 409,
    CategoryEmpty: 409,
    PlanOfOtherAssumptions: 409,
    AssessedTwice: 400,
    ZeroAlternativeIsReference: 400,
    ZeroAlternativeStays: 409,
    ConceptSettled: 409,
    ChosenTooLate: 409,
    NothingToCompare: 409,
    CannotOverrule: 409,
    SavingIsBenefit: 400,
    CannotMerge: 409,
    IsMerged: 409,
    MergedIntoItself: 400,
    NotMerged: 409,
    LoadOnAnotherUnit: 400,
    WaveNeedsTooLong: 400,
    WavesCostMore: 409,
    NoSuchWave: 409,
    IdeaIsAnswered: 409,
    IdeaIsProposed: 409,
    TwoHolders: 400,
    SeatEnded: 409,
}

SERVICE = Service(
    name="portfolio",
    title="Gevinst portfolio",
    description=(
        "Proposed, decided and running projects; what they cost and need; scenarios that choose and time "
        "them within money, people and capacity for change; and the board's decisions."
    ),
    package="gevinst_portfolio",
    routers=(
        projects.router,
        ideas.router,
        concepts.router,
        waves.router,
        merges.router,
        registrations.router,
        runs.router,
        imports.router,
        scenarios.router,
        scenario_comparisons.router,
        scenario_values.router,
        decisions.router,
        releases.router,
        derived_scores.router,
        histories.router,
        portfolios.router,
        programmes.router,
        criteria.router,
        comparisons.router,
        scores.router,
        budgets.router,
        resources.router,
        storms.router,
        organisations.router,
        units.router,
        people.router,
        role_assignments.router,
        groups.router,
        board_seats.router,
        workbooks.router,
        uploads.router,
        column_mappings.router,
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Projects": "The register of proposed, decided and running work.",
        "Ideas": "What could be done, from anybody, before it is proposed.",
        "Concepts": "The ways to meet a need, compared with doing nothing.",
        "Portfolios": "What belongs together, with its money and its entry threshold.",
        "Runs": "Work that takes longer than a request, and how to follow it.",
        "Imports": "Projects from files that others publish.",
        "Workbooks": "The portfolio as a file that people fill in: shown as changes, applied whole.",
        "Scenarios": "What could be chosen, and when it would start.",
        "Decisions": "What the board decided, never changed afterwards.",
        "Releases": "What stopped projects left to others.",
        "Scores": "What projects are scored on, their scores, and the ranking that follows.",
        "Capacity": "Money per year, shared people and units' capacity for change, and who takes of them.",
        "Organisation": "The organisation that the token speaks for, and its tree of units.",
        "People": "People, the roles that they hold, and the roles that nobody holds.",
    },
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    return create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
