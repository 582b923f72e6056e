"""What PostgreSQL writes into an answer is what the published model says of it."""

from typing import Any, cast

import pytest

from gevinst_benefits.schemas.benefit_trees import BenefitTreeOut
from gevinst_benefits.schemas.benefits import BenefitOut, BenefitPageOut
from gevinst_benefits.schemas.business_cases import BusinessCaseOut, BusinessCasePageOut
from gevinst_benefits.schemas.conditions import ConditionOut, ConditionPageOut
from gevinst_benefits.schemas.duties import MyDutiesOut
from gevinst_benefits.schemas.effect_reviews import EffectReviewOut, EffectReviewPageOut
from gevinst_benefits.schemas.gates import DecisionOut, GateOut, GatePageOut
from gevinst_benefits.schemas.general_cases import EditionPageOut, GeneralCaseOut, GeneralCasePageOut
from gevinst_benefits.schemas.goals import GoalOut, GoalPageOut
from gevinst_benefits.schemas.handovers import HandoverOut, HandoverPageOut, ShortcomingsOut
from gevinst_benefits.schemas.indicators import (
    BaselinePageOut,
    IndicatorOut,
    IndicatorPageOut,
)
from gevinst_benefits.schemas.measurements import MeasurementOut, MeasurementPageOut
from gevinst_benefits.schemas.overviews import UnitOverviewOut, VerificationOverviewOut, WorkOverviewOut
from gevinst_benefits.schemas.phase_models import PhaseModelOut
from gevinst_benefits.schemas.price_indexes import KeptIndexPageOut
from gevinst_benefits.schemas.progress import ProgressOut
from gevinst_benefits.schemas.queues import MeasurementDuePageOut, WaitingPageOut
from gevinst_benefits.schemas.reviews import CommentPageOut
from gevinst_benefits.schemas.salary_costs import SalaryCostPageOut
from gevinst_benefits.schemas.united_trees import GoalTreeOut, UnitedTreesOut
from gevinst_shared.web.shapes import Out
from tests.benefits.furnished import Records, everything
from tests.benefits.plan_records import PLAN_SHAPES
from tests.benefits.steered import advised
from tests.benefits.test_access import call
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted

SHAPES: dict[str, type[Out]] = {
    "/benefits/{benefit_id}": BenefitOut,
    "/projects/{project_id}/benefits": BenefitPageOut,
    "/indicators/{indicator_id}": IndicatorOut,
    "/benefits/{benefit_id}/indicators": IndicatorPageOut,
    "/projects/{project_id}/indicators": IndicatorPageOut,
    "/indicators/{indicator_id}/baselines": BaselinePageOut,
    "/verification-queue": WaitingPageOut,
    "/measurements-due": MeasurementDuePageOut,
    "/indicators/{indicator_id}/measurements": MeasurementPageOut,
    "/business-cases/{case_id}": BusinessCaseOut,
    "/projects/{project_id}/business-cases": BusinessCasePageOut,
    "/general-cases": GeneralCasePageOut,
    "/general-cases/{general_case_id}": GeneralCaseOut,
    "/general-cases/{general_case_id}/editions": EditionPageOut,
    "/price-indexes": KeptIndexPageOut,
    "/salary-costs": SalaryCostPageOut,
    "/projects/{project_id}/progress": ProgressOut,
    "/gates/{gate_id}": GateOut,
    "/projects/{project_id}/gates": GatePageOut,
    "/phase-models/{code}": PhaseModelOut,
    "/projects/{project_id}/benefit-tree": BenefitTreeOut,
    "/goals/{goal_id}/benefit-tree": GoalTreeOut,
    "/portfolios/{portfolio_id}/benefit-tree": UnitedTreesOut,
    "/goals": GoalPageOut,
    "/goals/{goal_id}": GoalOut,
    "/conditions": ConditionPageOut,
    "/conditions/{condition_id}": ConditionOut,
    "/gates/{gate_id}/comments": CommentPageOut,
    "/handovers/{handover_id}": HandoverOut,
    "/handovers/{handover_id}/shortcomings": ShortcomingsOut,
    "/projects/{project_id}/handovers": HandoverPageOut,
    "/effect-reviews": EffectReviewPageOut,
    "/effect-reviews/{review_id}": EffectReviewOut,
    "/overviews/me": MyDutiesOut,
    "/overviews/verification": VerificationOverviewOut,
    "/units/{unit_id}/overview": UnitOverviewOut,
    "/portfolios/{portfolio_id}/overview": WorkOverviewOut,
    **PLAN_SHAPES,
}


@pytest.fixture
async def full(world: World) -> Records:
    """A record of each kind, by the name that paths give its id, and a body for each write."""
    return await everything(world)


@pytest.mark.parametrize("is_decided", [False, True])
async def test_what_postgresql_writes_is_what_the_model_would_write(
    world: World, full: Records, is_decided: bool
) -> None:
    if is_decided:
        await advised(world, full["ids"]["gate_id"])
        condition = {"text": "Train them", "owner_id": str(world.owner_id), "deadline": "2099-01-01"}
        await world.decided(full["ids"]["gate_id"], "go-with-conditions", conditions=[condition])
        full["ids"]["gate_id"] = (await world.proposed(gate="BP2"))["id"]

    written = {path: (await call(world.office, "GET", path, full)).json() for path in SHAPES}

    meant = {path: SHAPES[path].model_validate(one) for path, one in written.items()}
    assert {path: one.model_dump(mode="json", exclude_none=True) for path, one in meant.items()} == written


async def test_what_a_write_answers_is_what_the_model_would_write(world: World, full: Records) -> None:
    owner = world.desk.caller(subject=OWNER)
    money = {"amount": "5.00", "currency": "NOK", "price_year": 2026}
    measured = await made(
        owner,
        f"/indicators/{full['ids']['indicator_id']}/measurements",
        {"taken_on": "2026-02-02", "value": "0"},
    )
    planned = await world.planned(
        estimate={"ledger": "money", "money_per_year": money}, mode="budget-reduction", description="Less"
    )
    moves = [{"benefit_id": planned["id"], "project_id": world.other_id}]
    await advised(world, full["ids"]["gate_id"])
    decision = await world.decided(full["ids"]["gate_id"], "stop", case_number="1/2", moved_benefits=moves)

    shapes: list[tuple[type[Out], dict[str, Any]]] = [
        (MeasurementOut, measured),
        (BenefitOut, planned),
        (DecisionOut, decision),
    ]
    for shape, written in shapes:
        assert shape.model_validate(written).model_dump(mode="json", exclude_none=True) == written


@pytest.mark.slow
async def test_a_longer_list_takes_no_more_statements(world: World, full: Records) -> None:
    """API.md: the cost of a page does not grow with its length."""
    lists = [path for path in SHAPES if path.endswith("s")]

    async def costs() -> dict[str, int]:
        found = {}
        for path in lists:
            await call(world.office, "GET", path, full)
            async with counted(cast("Any", world)) as statements:
                await call(world.office, "GET", path, full)
            found[path] = len(statements)
        return found

    await advised(world, full["ids"]["gate_id"])
    short = await costs()
    for number in range(5):
        await world.planned()
        await made(
            world.office, f"/benefits/{full['ids']['benefit_id']}/indicators", INDICATOR | {"reason": "?"}
        )
        await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())
        day = {"taken_on": f"2026-01-0{number + 3}", "value": "30"}
        measured = f"/indicators/{full['ids']['indicator_id']}/measurements"
        await made(world.desk.caller(subject=OWNER), measured, day)
        await world.decided((await newest_gate(world))["id"], "rework")
        await world.proposed()

    assert await costs() == short


async def newest_gate(world: World) -> dict[str, Any]:
    items: list[dict[str, Any]] = (await world.office.get(f"/projects/{world.project_id}/gates")).json()[
        "items"
    ]
    return items[0]
