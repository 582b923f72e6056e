"""The benefits service put together: its routers and what they need."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_benefits.domain.permissions import FOLLOW_EVENTS
from gevinst_benefits.routes import benefits as benefit_routes
from gevinst_benefits.routes import budget_adjustments as adjustment_routes
from gevinst_benefits.routes import budget_exports as export_routes
from gevinst_benefits.routes import business_cases as case_routes
from gevinst_benefits.routes import gates as gate_routes
from gevinst_benefits.routes import indicators as indicator_routes
from gevinst_benefits.routes import kept_shares as share_routes
from gevinst_benefits.routes import measures as measure_routes
from gevinst_benefits.routes import monthly_reports as report_routes
from gevinst_benefits.routes import phase_models as phase_model_routes
from gevinst_benefits.routes import progress as progress_routes
from gevinst_benefits.routes import reconciliation as reconciliation_routes
from gevinst_benefits.routes import verifications as verification_routes
from gevinst_benefits.settings import Settings
from gevinst_benefits.statuses import STATUSES
from gevinst_benefits.store.places import find_grants
from gevinst_benefits.tables.shared import feed, kept_answers, trail
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

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
        verification_routes.router,
        gate_routes.router,
        progress_routes.router,
        case_routes.router,
        phase_model_routes.router,
        adjustment_routes.router,
        share_routes.router,
        reconciliation_routes.router,
        export_routes.router,
        report_routes.router,
        measure_routes.router,
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Benefits": "What a project's plan promises, who owns it in the line, and what became of it.",
        "Indicators": "What shows that a benefit is there, and what was measured.",
        "Verifications": "What controllers found really realised, year by year, and what waits for them.",
        "Gates": "Decision points: proposed by one, decided by another, on a frozen basis.",
        "Progress": "Where a project is in its phase model.",
        "Business cases": "Costs and benefits over years, in versions, discounted by a stated regime.",
        "Phase models": "The phases, gates and checklists that a project can follow.",
        "Budget adjustments": "What benefits change in the budgets of units, and what the units keep.",
        "Budget exports": "What is booked, as files that the economy system reads.",
        "Monthly reports": "How running projects go, who is late, and the measures that were proposed.",
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
