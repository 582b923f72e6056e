"""The benefits service put together: its routers and what they need."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_benefits.domain.permissions import EXCHANGE, FOLLOW_EVENTS, VIEW_EXCHANGE
from gevinst_benefits.routes import actions as action_routes
from gevinst_benefits.routes import agreements as agreement_routes
from gevinst_benefits.routes import benefit_plans as plan_routes
from gevinst_benefits.routes import benefit_trees as tree_routes
from gevinst_benefits.routes import benefits as benefit_routes
from gevinst_benefits.routes import budget_adjustments as adjustment_routes
from gevinst_benefits.routes import budget_exports as export_routes
from gevinst_benefits.routes import business_cases as case_routes
from gevinst_benefits.routes import charts as chart_routes
from gevinst_benefits.routes import conditions as condition_routes
from gevinst_benefits.routes import deliveries as delivery_routes
from gevinst_benefits.routes import effect_reviews as effect_review_routes
from gevinst_benefits.routes import forecasts as forecast_routes
from gevinst_benefits.routes import freed_value as freed_value_routes
from gevinst_benefits.routes import gate_papers as gate_paper_routes
from gevinst_benefits.routes import gates as gate_routes
from gevinst_benefits.routes import general_cases as general_case_routes
from gevinst_benefits.routes import goals as goal_routes
from gevinst_benefits.routes import handovers as handover_routes
from gevinst_benefits.routes import indicators as indicator_routes
from gevinst_benefits.routes import installations as installation_routes
from gevinst_benefits.routes import joint_charts as joint_chart_routes
from gevinst_benefits.routes import joint_portfolio as joint_routes
from gevinst_benefits.routes import joint_simulations as joint_simulation_routes
from gevinst_benefits.routes import kept_shares as share_routes
from gevinst_benefits.routes import measurement_files as measurement_file_routes
from gevinst_benefits.routes import measurements as measurement_routes
from gevinst_benefits.routes import measures as measure_routes
from gevinst_benefits.routes import monthly_reports as report_routes
from gevinst_benefits.routes import overviews as overview_routes
from gevinst_benefits.routes import owners as owner_routes
from gevinst_benefits.routes import phase_models as phase_model_routes
from gevinst_benefits.routes import plan_workbooks as workbook_routes
from gevinst_benefits.routes import prerequisites as prerequisite_routes
from gevinst_benefits.routes import price_indexes as price_index_routes
from gevinst_benefits.routes import progress as progress_routes
from gevinst_benefits.routes import queues as queue_routes
from gevinst_benefits.routes import reconciliation as reconciliation_routes
from gevinst_benefits.routes import reference_classes as reference_class_routes
from gevinst_benefits.routes import report_papers as report_paper_routes
from gevinst_benefits.routes import reviews as review_routes
from gevinst_benefits.routes import salary_costs as salary_cost_routes
from gevinst_benefits.routes import staffing as staffing_routes
from gevinst_benefits.routes import status_pages as status_page_routes
from gevinst_benefits.routes import sync_previews as sync_preview_routes
from gevinst_benefits.routes import thresholds as threshold_routes
from gevinst_benefits.routes import tolerances as tolerance_routes
from gevinst_benefits.routes import tree_files as tree_file_routes
from gevinst_benefits.routes import united_trees as united_tree_routes
from gevinst_benefits.routes import verifications as verification_routes
from gevinst_benefits.settings import Settings
from gevinst_benefits.statuses import STATUSES
from gevinst_benefits.store.embeds import PUBLICATIONS
from gevinst_benefits.store.places import find_grants
from gevinst_benefits.tables.shared import feed, kept_answers, trail
from gevinst_benefits.usecases.exchanging import PART
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.embed_routers import embed_routers
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house
from gevinst_shared.web.sync_feeds import sync_router
from gevinst_shared.web.sync_operations import sync_operations_router
from gevinst_shared.web.sync_views import sync_views_router

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
        chart_routes.router,
        *embed_routers(PUBLICATIONS),
        indicator_routes.router,
        plan_routes.router,
        workbook_routes.router,
        action_routes.router,
        delivery_routes.router,
        owner_routes.router,
        agreement_routes.router,
        prerequisite_routes.router,
        freed_value_routes.router,
        installation_routes.router,
        staffing_routes.router,
        measurement_routes.router,
        measurement_file_routes.router,
        forecast_routes.router,
        queue_routes.router,
        reference_class_routes.router,
        verification_routes.router,
        gate_routes.router,
        gate_paper_routes.router,
        review_routes.router,
        condition_routes.router,
        progress_routes.router,
        goal_routes.router,
        handover_routes.router,
        effect_review_routes.router,
        threshold_routes.router,
        tolerance_routes.router,
        case_routes.router,
        joint_simulation_routes.router,
        general_case_routes.router,
        salary_cost_routes.router,
        price_index_routes.router,
        phase_model_routes.router,
        tree_routes.router,
        tree_file_routes.router,
        united_tree_routes.router,
        adjustment_routes.router,
        share_routes.router,
        reconciliation_routes.router,
        export_routes.router,
        report_routes.router,
        report_paper_routes.router,
        measure_routes.router,
        overview_routes.router,
        joint_routes.router,
        joint_chart_routes.router,
        status_page_routes.router,
        sync_preview_routes.router,
        sync_router(PART),
        sync_operations_router(PART, view=VIEW_EXCHANGE, change=EXCHANGE),
        sync_views_router(PART, VIEW_EXCHANGE),
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Benefits": "What a project's plan promises, who owns it in the line, and what became of it.",
        "Plan workbooks": "A plan as an Excel workbook: downloaded, filled in, previewed, applied.",
        "Benefit trees": "How technology leads to changed work, benefits and goals: checked, weighed, drawn.",
        "Actions": "Who does what by when so that a benefit appears.",
        "Deliveries": "What a project delivers when; benefits and actions can hang on it.",
        "Owners": "Whose a benefit is and was, owners' roles that nobody holds, agreements with others.",
        "Agreements": "Benefits that fall with another body, whose two halves the bodies exchange.",
        "Prerequisites and risks": "What must be in place for a benefit, and what can keep it away.",
        "Freed value": "What freed time and money is used for, against what is freed.",
        "Installations": "Benefits per installation, and whether each carries its cost.",
        "Double counting": "The same saving in two plans, and the staff it is held against.",
        "Indicators": "What shows that a benefit is there, measured when and by whom, from which baseline.",
        "Measurements": "What was measured, one by one, many at once, and as series.",
        "Forecasts": "Planned against measured: where an indicator will end, its light, and its series.",
        "Reference classes": "What came of earlier estimates, as a correction of the next one.",
        "Verifications": "What controllers found really realised, year by year, and what waits for them.",
        "Gates": "Decision points: proposed by one, decided by another, on a frozen basis.",
        "Conditions": "What decisions ask for, of whom and until when.",
        "Goals": "What units have committed to reach, and the benefits that are to meet it.",
        "Progress": "Where a project is in its phase model.",
        "Business cases": "Costs and benefits over years, in versions, discounted by a stated regime.",
        "General cases": "Cases published for others to take over, and what became of them here.",
        "Phase models": "The phases, gates and checklists that a project can follow.",
        "Handovers": "From the project to the line, with the papers that go along.",
        "Effect reviews": "Whether the effect came, months or years after the project.",
        "Rules": "What is required of projects above a cost, and how far they may deviate.",
        "Budget adjustments": "What benefits change in the budgets of units, and what the units keep.",
        "Budget exports": "What is booked, as files that the economy system reads.",
        "Charts": "Figures of other operations as specifications, pictures and tables.",
        "Overviews": "What is before a person, a unit, a programme or a portfolio; computed when asked for.",
        "Joint portfolio": "How you and your partners stand, as far as each shared it, and what is missing.",
        "Monthly reports": "How running projects go, who is late, and the measures that were proposed.",
        "Status pages": "Small pages of figures, for people and for frames on pages of others.",
        "Embeds": "Charts and status pages on pages of others, by ticket or published; and oEmbed.",
        "Exchange": "What other bodies are given of plans, and what came of theirs.",
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
