"""Who may do what in the benefits service, over every operation (API.md: object and function)."""

from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
from fastapi.routing import APIRoute

from gevinst_benefits.app import SERVICE
from gevinst_benefits.schemas.benefits import BenefitOut, BenefitPageOut
from gevinst_benefits.schemas.business_cases import BusinessCaseOut, BusinessCasePageOut
from gevinst_benefits.schemas.gates import DecisionOut, GateOut, GatePageOut
from gevinst_benefits.schemas.indicators import (
    IndicatorOut,
    IndicatorPageOut,
    MeasurementOut,
    MeasurementPageOut,
)
from gevinst_benefits.schemas.phase_models import PhaseModelOut
from gevinst_benefits.schemas.progress import ProgressOut
from gevinst_shared.values.actor import Role
from gevinst_shared.web.shapes import Out
from tests.benefits.money_records import money_records
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import problem
from tests.support.organisations import new_organisation

UNKNOWN = "0198b6a4-7c1e-7000-8000-000000000009"
EVERYTHING = tuple(role for role in Role if role is not Role.READER)


def operations() -> Iterator[tuple[str, str]]:
    """Method and path of every operation but the feed's."""
    for router in SERVICE.routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path != "/events":
                yield min(route.methods or {""}), route.path


OPERATIONS = sorted(operations(), key=lambda one: one[1])
WITH_ID = [one for one in OPERATIONS if "_id}" in one[1]]
# E1: the trail is for auditors and administrators, in every service alike.
READS = [one for one in OPERATIONS if one[0] == "GET" and not one[1].startswith("/audit")]
WRITES = [one for one in OPERATIONS if one[0] != "GET"]


@pytest.fixture
async def full(world: World) -> dict[str, Any]:
    """A record of each kind, by the name that paths give its id, and a body for each write."""
    await world.started()
    benefit = await world.planned()
    await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    indicator = await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    measurement = {"taken_on": "2026-01-02", "value": "31"}
    await made(world.desk.caller(subject=OWNER), f"/indicators/{indicator['id']}/measurements", measurement)
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", world.case(note="First"))
    gate = await world.proposed()
    money = await money_records(world)
    return {
        "ids": {
            **money["ids"],
            "project_id": world.project_id,
            "benefit_id": benefit["id"],
            "indicator_id": indicator["id"],
            "case_id": case["id"],
            "gate_id": gate["id"],
            "code": "uk-gates",
        },
        "bodies": {
            **money["bodies"],
            "/projects/{project_id}/benefits": world.benefit(),
            "/benefits/{benefit_id}": world.benefit(),
            "/benefits/{benefit_id}/indicators": INDICATOR,
            "/indicators/{indicator_id}": INDICATOR,
            "/indicators/{indicator_id}/measurements": measurement,
            "/projects/{project_id}/business-cases": world.case(),
            "/projects/{project_id}/progress": {"phase_model": "uk-gates"},
            "/projects/{project_id}/progress/skipped-phases": {"phase": "ide", "reason": "No need"},
            "/projects/{project_id}/gates": world.gate(),
            "/gates/{gate_id}/decision": {"outcome": "go", "reason": "Yes"},
        },
    }


async def call(
    client: httpx.AsyncClient, method: str, path: str, full: dict[str, Any], **ids: str
) -> httpx.Response:
    address = path.format(**full["ids"] | ids)
    query = {"with": full["ids"]["case_id"]} if path.endswith("/difference") else {}
    body = full["bodies"].get(path)
    return await client.request(method, address, params=query, json=body, headers={"If-Match": '"1"'})


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
async def test_nothing_is_told_or_done_without_a_token(
    world: World, full: dict[str, Any], method: str, path: str
) -> None:
    answer = await call(world.desk.with_headers(), method, path, full)

    assert answer.status_code == 401
    assert problem(answer)


@pytest.mark.parametrize(("method", "path"), WITH_ID)
async def test_another_organisations_record_is_as_unknown_as_one_that_is_not_there(
    world: World, full: dict[str, Any], method: str, path: str
) -> None:
    stranger = world.desk.caller(*EVERYTHING, organisation=new_organisation())

    theirs = await call(stranger, method, path, full)
    nobodys = await call(stranger, method, path, full, **dict.fromkeys(full["ids"], UNKNOWN))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert problem(theirs)["detail"] == problem(nobodys)["detail"]


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("role", [Role.READER, Role.AUDITOR])
async def test_who_only_looks_changes_nothing(
    world: World, full: dict[str, Any], method: str, path: str, role: Role
) -> None:
    answer = await call(world.desk.caller(role, subject="onlooker"), method, path, full)

    assert answer.status_code == 403
    assert problem(answer)["type"].endswith("#not-allowed")


@pytest.mark.parametrize(("method", "path"), WRITES)
async def test_a_role_held_elsewhere_changes_nothing_here(
    world: World, full: dict[str, Any], method: str, path: str
) -> None:
    """Every role, but at another unit."""
    await world.tell("unit-changed", unit_id=UNKNOWN, name="Elsewhere", path=[UNKNOWN])
    for role in EVERYTHING:
        await world.assign("elsa", role, "unit", UNKNOWN)

    answer = await call(world.desk.caller(subject="elsa"), method, path, full)

    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize(("method", "path"), READS)
async def test_a_reader_reads_everything_and_unknown_parameters_are_refused(
    world: World, full: dict[str, Any], method: str, path: str
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
    "/indicators/{indicator_id}/measurements": MeasurementPageOut,
    "/business-cases/{case_id}": BusinessCaseOut,
    "/projects/{project_id}/business-cases": BusinessCasePageOut,
    "/projects/{project_id}/progress": ProgressOut,
    "/gates/{gate_id}": GateOut,
    "/projects/{project_id}/gates": GatePageOut,
    "/phase-models/{code}": PhaseModelOut,
}


@pytest.mark.parametrize("path", SHAPES)
@pytest.mark.parametrize("is_decided", [False, True])
async def test_what_postgresql_writes_is_what_the_model_would_write(
    world: World, full: dict[str, Any], path: str, is_decided: bool
) -> None:
    if is_decided:
        condition = {"text": "Train them", "owner_id": str(world.owner_id), "deadline": "2099-01-01"}
        await world.decided(full["ids"]["gate_id"], "go-with-conditions", conditions=[condition])
        full["ids"]["gate_id"] = (await world.proposed(gate="BP2"))["id"]

    written = (await call(world.office, "GET", path, full)).json()

    assert SHAPES[path].model_validate(written).model_dump(mode="json", exclude_none=True) == written


async def test_what_a_write_answers_is_what_the_model_would_write(world: World, full: dict[str, Any]) -> None:
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
    decision = await world.decided(full["ids"]["gate_id"], "stop", case_number="1/2", moved_benefits=moves)

    shapes: list[tuple[type[Out], dict[str, Any]]] = [
        (MeasurementOut, measured),
        (BenefitOut, planned),
        (DecisionOut, decision),
    ]
    for shape, written in shapes:
        assert shape.model_validate(written).model_dump(mode="json", exclude_none=True) == written


@pytest.mark.slow
async def test_a_longer_list_takes_no_more_statements(world: World, full: dict[str, Any]) -> None:
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

    short = await costs()
    for _ in range(5):
        await world.planned()
        await made(
            world.office, f"/benefits/{full['ids']['benefit_id']}/indicators", INDICATOR | {"reason": "?"}
        )
        await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())
        day = {"taken_on": "2026-01-03", "value": "30"}
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
