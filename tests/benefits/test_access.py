"""Who may do what in the benefits service, over every operation (API.md: object and function)."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import httpx
import pytest
from fastapi.routing import APIRoute

from gevinst_benefits.app import SERVICE
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
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.web.permissions import is_public, permission_of
from gevinst_shared.web.shapes import Out
from tests.benefits.furnished import Records, everything
from tests.benefits.plan_records import PLAN_SHAPES
from tests.benefits.steered import advised
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import problem
from tests.support.organisations import new_organisation

# What an operation cannot do without, by the end of its path.
QUERIES: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "difference": lambda ids: {"with": ids["case_id"]},
    "contributions": lambda _: {"effect": "G1"},
    "reference-classes": lambda _: {"kind": "saved-time"},
    "measurement-uploads": lambda _: {"seen": "0" * 64},
    "digest": lambda _: {"side": "given"},
    "plan-workbook-uploads": lambda _: {"seen": "0" * 64},
}
UNKNOWN = "0198b6a4-7c1e-7000-8000-000000000009"
EVERYTHING = tuple(role for role in EVERYONE if role is not Role.READER)


def routes() -> Iterator[APIRoute]:
    """Every operation but the feed's, and what a ticket or having been published lets in."""
    for router in SERVICE.routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path != "/events" and not is_public(route):
                yield route


def operations() -> Iterator[tuple[str, str]]:
    """The method and path of each."""
    for route in routes():
        yield min(route.methods or {""}), route.path


def may(role: Role) -> set[tuple[str, str]]:
    """What a role is allowed to do."""
    allowed = [(route, permission_of(route)) for route in routes()]
    return {(min(r.methods or {""}), r.path) for r, needs in allowed if needs and role in needs.roles}


OPERATIONS = sorted(operations(), key=lambda one: one[1])
WITH_ID = [one for one in OPERATIONS if "_id}" in one[1]]
# E1: the trail is for auditors and administrators, what is published for those who publish, and the exchange
# for bodies and for those who exchange, in every service alike; what other bodies share is for the office.
NOT_READERS = ("/audit", "/embeds", "/sync-", "/joint-portfolio")
READS = [one for one in OPERATIONS if one[0] == "GET" and not one[1].startswith(NOT_READERS)]
WRITES = [one for one in OPERATIONS if one[0] != "GET"]
ONLOOKERS = [
    (role, *one)
    for role in (Role.READER, Role.AUDITOR, Role.FINANCE)
    for one in WRITES
    if one not in may(role)
]


@pytest.fixture
async def full(world: World) -> Records:
    """A record of each kind, by the name that paths give its id, and a body for each write."""
    return await everything(world)


async def call(
    client: httpx.AsyncClient, method: str, path: str, full: Records, **ids: str
) -> httpx.Response:
    address = path.format(**full["ids"] | ids)
    needed = QUERIES.get(path.rpartition("/")[2])
    query = {} if needed is None else needed(full["ids"])
    body = full["bodies"].get(path)
    return await client.request(method, address, params=query, json=body, headers={"If-Match": '"1"'})


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_nothing_is_told_or_done_without_a_token(
    world: World, full: Records, method: str, path: str
) -> None:
    answer = await call(world.desk.with_headers(), method, path, full)

    assert answer.status_code == 401
    assert problem(answer)


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_another_organisations_record_is_as_unknown_as_one_that_is_not_there(
    world: World, full: Records, method: str, path: str
) -> None:
    stranger = world.desk.caller(*EVERYTHING, organisation=new_organisation())

    theirs = await call(stranger, method, path, full)
    nobodys = await call(stranger, method, path, full, **dict.fromkeys(full["ids"], UNKNOWN))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert problem(theirs)["detail"] == problem(nobodys)["detail"]


@pytest.mark.parametrize(("role", "method", "path"), ONLOOKERS)
async def test_who_only_looks_changes_nothing(
    world: World, full: Records, method: str, path: str, role: Role
) -> None:
    answer = await call(world.desk.caller(role, subject="onlooker"), method, path, full)

    assert answer.status_code == 403
    # G2, G7: who is named, by name, may act whatever roles they hold; nobody else may.
    assert problem(answer)["type"].partition("#")[2] in {
        "not-allowed",
        "not-a-reviewer",
        "not-the-condition-owner",
    }


@pytest.mark.parametrize(("method", "path"), [one for one in WRITES if "_id}" in one[1]])
async def test_a_role_held_elsewhere_changes_nothing_here(
    world: World, full: Records, method: str, path: str
) -> None:
    """Every role, but at another unit."""
    await world.tell("unit-changed", unit_id=UNKNOWN, name="Elsewhere", path=[UNKNOWN])
    for role in EVERYTHING:
        await world.assign("elsa", role, "unit", UNKNOWN)

    answer = await call(world.desk.caller(subject="elsa"), method, path, full)

    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize(("method", "path"), READS)
async def test_a_reader_reads_everything_and_unknown_parameters_are_refused(
    world: World, full: Records, method: str, path: str
) -> None:
    reader = world.desk.caller(Role.READER, subject="reader")

    assert (await call(reader, method, path, full)).status_code == 200
    address = path.format(**full["ids"])
    assert (await reader.get(f"{address}?colour=blue")).status_code == 400


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


@pytest.mark.parametrize("path", SHAPES)
@pytest.mark.parametrize("is_decided", [False, True])
async def test_what_postgresql_writes_is_what_the_model_would_write(
    world: World, full: Records, path: str, is_decided: bool
) -> None:
    if is_decided:
        await advised(world, full["ids"]["gate_id"])
        condition = {"text": "Train them", "owner_id": str(world.owner_id), "deadline": "2099-01-01"}
        await world.decided(full["ids"]["gate_id"], "go-with-conditions", conditions=[condition])
        full["ids"]["gate_id"] = (await world.proposed(gate="BP2"))["id"]

    written = (await call(world.office, "GET", path, full)).json()

    assert SHAPES[path].model_validate(written).model_dump(mode="json", exclude_none=True) == written


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
