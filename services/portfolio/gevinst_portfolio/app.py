"""The portfolio service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_portfolio.domain.capacity import NamedTwice, UnitMissing
from gevinst_portfolio.domain.dependencies import DependencyCycle, OutsidePortfolio
from gevinst_portfolio.domain.gmpp.merging import OtherCurrency
from gevinst_portfolio.domain.meetings import (
    AgendaEmpty,
    ItemDecided,
    ItemNamesNothing,
    ItemWithdrawn,
    LateWithoutReason,
    MeetingNotSo,
    MeetingTooFar,
    NobodyCalled,
    NotOnTheAgenda,
    OtherMeeting,
    PaperNowhere,
)
from gevinst_portfolio.domain.permissions import FOLLOW_EVENTS
from gevinst_portfolio.domain.project_decisions import (
    CannotDecideSo,
    DayPassed,
    DayTooFar,
    EndBeforeToday,
    NoEndNamed,
    NotForThisDecision,
    OfAnotherPortfolio,
    StartMissing,
)
from gevinst_portfolio.domain.projects import DependsOnItself, EndsBeforeStart
from gevinst_portfolio.domain.replans import NothingDecidedYet, ReplanHandled
from gevinst_portfolio.domain.role_assignments import AlreadyEnded, EndsBeforeItBegins, ScopeWithoutPlace
from gevinst_portfolio.domain.runs import RunEnded
from gevinst_portfolio.domain.scenarios import (
    BudgetUnknown,
    CannotForceIn,
    ForcedBothWays,
    NoPlanYet,
    NothingToPlan,
    NotPublished,
    OtherPortfolio,
    PlanOutdated,
    ScenarioDecided,
    ScenarioPublished,
)
from gevinst_portfolio.domain.scoring import OddScale, ScoredOutsideScale, ScoredTwice, ScoresOutsideScale
from gevinst_portfolio.domain.snapshots import DaysTurned, DayToCome
from gevinst_portfolio.domain.units import TreeTooDeep, UnitBelowItself
from gevinst_portfolio.routes import (
    agendas,
    budgets,
    criteria,
    decisions,
    derived_scores,
    histories,
    imports,
    meetings,
    organisations,
    people,
    portfolios,
    programmes,
    projects,
    releases,
    replans,
    resources,
    role_assignments,
    runs,
    scenarios,
    scores,
    snapshots,
    units,
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
    ScoresOutsideScale: 409,
    UnitMissing: 400,
    NamedTwice: 400,
    CannotDecideSo: 409,
    OfAnotherPortfolio: 409,
    StartMissing: 409,
    DayPassed: 400,
    DayTooFar: 400,
    NoEndNamed: 400,
    NotForThisDecision: 400,
    MeetingTooFar: 400,
    PaperNowhere: 400,
    EndBeforeToday: 400,
    MeetingNotSo: 409,
    AgendaEmpty: 409,
    NobodyCalled: 409,
    LateWithoutReason: 409,
    ItemDecided: 409,
    ItemWithdrawn: 409,
    ItemNamesNothing: 400,
    NotOnTheAgenda: 409,
    OtherMeeting: 409,
    ReplanHandled: 409,
    NothingDecidedYet: 409,
    DayToCome: 400,
    DaysTurned: 400,
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
        runs.router,
        imports.router,
        scenarios.router,
        decisions.router,
        meetings.router,
        agendas.router,
        releases.router,
        replans.router,
        snapshots.router,
        derived_scores.router,
        histories.router,
        portfolios.router,
        programmes.router,
        criteria.router,
        scores.router,
        budgets.router,
        resources.router,
        organisations.router,
        units.router,
        people.router,
        role_assignments.router,
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Projects": "The register of proposed, decided and running work.",
        "Portfolios": "What belongs together, with its money and its entry threshold.",
        "Runs": "Work that takes longer than a request, and how to follow it.",
        "Imports": "Projects from files that others publish.",
        "Scenarios": "What could be chosen, and when it would start.",
        "Decisions": "What the board decided, never changed afterwards.",
        "Meetings": "When the board meets, on what, and what came of it.",
        "Releases": "What stopped projects left to others, and the offer to plan again with it.",
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
