"""The benefits service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_benefits.domain import (
    benefits,
    business_case,
    case_difference,
    checklists,
    discounting,
    gates,
    indicators,
    journeys,
    measuring,
    phase_models,
    projects,
    stopping,
)
from gevinst_benefits.domain.permissions import FOLLOW_EVENTS
from gevinst_benefits.routes import benefits as benefit_routes
from gevinst_benefits.routes import business_cases as case_routes
from gevinst_benefits.routes import gates as gate_routes
from gevinst_benefits.routes import indicators as indicator_routes
from gevinst_benefits.routes import phase_models as phase_model_routes
from gevinst_benefits.routes import progress as progress_routes
from gevinst_benefits.settings import Settings
from gevinst_benefits.store.places import find_grants
from gevinst_benefits.tables.shared import feed, kept_answers, trail
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

# 400: the request alone is wrong. 403: somebody else may. 409: the state of things says no.
STATUSES: dict[type[Refusal], int] = {
    discounting.UnknownRegime: 400,
    discounting.NoRegimeThen: 400,
    business_case.MixedPriceYears: 400,
    business_case.OutsideHorizon: 400,
    business_case.LineTwice: 400,
    case_difference.MixedCurrencies: 409,
    phase_models.OddPhaseModel: 400,
    journeys.UnknownPhaseModel: 400,
    journeys.ProgressStartedAlready: 409,
    journeys.ProgressNotStarted: 409,
    journeys.AwaitsDecision: 409,
    journeys.DecideByPassed: 400,
    journeys.MovesWithoutStop: 400,
    journeys.MovedTwice: 400,
    journeys.TakesNoBenefits: 409,
    checklists.UnknownItem: 400,
    checklists.AnsweredTwice: 400,
    checklists.NotRelevantWithoutReason: 400,
    checklists.OpenItems: 409,
    gates.ProposerDecides: 403,
    gates.DecidedAlready: 409,
    gates.OutOfOrder: 409,
    gates.ProjectMoved: 409,
    gates.ProjectEnded: 409,
    gates.ConditionsMissing: 400,
    gates.ConditionsOnPlainGo: 400,
    gates.OddCondition: 400,
    gates.NoEarlierPhase: 400,
    gates.ReasonMissing: 400,
    gates.NotSkippable: 409,
    stopping.MovedNowhere: 409,
    benefits.RoleVacant: 409,
    benefits.NotTheOwner: 403,
    benefits.NotConfirmed: 409,
    benefits.OwnerVerifies: 403,
    benefits.NotBookable: 409,
    benefits.BenefitEnded: 409,
    indicators.TargetAgainstDirection: 400,
    indicators.FourthIndicatorNeedsReason: 409,
    measuring.MeasuredInFuture: 400,
    measuring.CorrectionWithoutReason: 400,
    measuring.NotCorrectable: 409,
    projects.UnitNotKnown: 409,
    projects.PersonNotKnown: 409,
}

SERVICE = Service(
    name="benefits",
    title="Gevinst benefits",
    description=(
        "Phase models and gates, business cases in versions, and benefit plans with owners, indicators and "
        "measurements: whether a project still carries its case, and who takes its benefits out."
    ),
    package="gevinst_benefits",
    routers=(
        benefit_routes.router,
        indicator_routes.router,
        gate_routes.router,
        progress_routes.router,
        case_routes.router,
        phase_model_routes.router,
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Benefits": "What a project's plan promises, who owns it in the line, and what became of it.",
        "Indicators": "What shows that a benefit is there, and what was measured.",
        "Gates": "Decision points: proposed by one, decided by another, on a frozen basis.",
        "Progress": "Where a project is in its phase model.",
        "Business cases": "Costs and benefits over years, in versions, discounted by a stated regime.",
        "Phase models": "The phases, gates and checklists that a project can follow.",
        "Audit": "Who changed what, before and after, and the chain of seals over it.",
    },
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    return create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
