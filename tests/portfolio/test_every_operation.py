"""What every operation of the service refuses, whoever calls: the operations come from the service's own
OpenAPI document, so none is forgotten. Who may call them is asked in `tests/contracts`.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.web.examples import example_of
from gevinst_shared.web.openapi import operations
from tests.portfolio.world import World, made, make_world
from tests.support.callers import desk_of, problem
from tests.support.generated import openapi
from tests.support.installation import Installation

NEEDS = {"If-Match": '"1"'}
EVERYBODY = [role for role in EVERYONE if role is not Role.READER]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the document describes it."""

    id: str
    method: str
    path: str
    description: dict[str, Any]

    @property
    def has_id(self) -> bool:
        return "{" in self.path

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    def address(self, ids: dict[str, str]) -> str:
        """The path with the ids filled in; an id that nobody made is one that is not there."""
        path = self.path
        for parameter in self.description.get("parameters", []):
            if parameter["in"] == "path":
                name = parameter["name"]
                path = path.replace(f"{{{name}}}", ids.get(name, str(uuid4())))
        return path

    def request(self, organisation_ids: dict[str, str]) -> dict[str, Any]:
        """A body that is well formed, when the operation reads one."""
        content = self.description.get("requestBody", {}).get("content", {})
        found: dict[str, Any] = {
            "headers": {**NEEDS, **self._required("header")},
            "params": self._required("query"),
        }
        if "application/json" in content:
            found["json"] = BODIES.get(self.id) or content["application/json"]["example"]
        elif content:
            found["headers"]["Content-Type"] = next(iter(content))
            found["content"] = b"x"
        return found

    def _required(self, place: str) -> dict[str, str]:
        """A value for each parameter that must be given there."""
        wanted = [
            parameter
            for parameter in self.description.get("parameters", [])
            if parameter["in"] == place and parameter.get("required")
        ]
        return {each["name"]: str(each.get("example") or example_of(each["schema"], {})) for each in wanted}


# Where the document's example is not well formed as a whole.
BODIES: dict[str, dict[str, Any]] = {
    "end_role": {"valid_until": "2026-11-21"},
    "change_project": {"name": "X"},
    "add_criterion": {"name": "E", "weight": 1, "scale_min": 0, "scale_max": 1},
    "change_resource": {"name": "R", "kind": "role"},
    "change_unit": {"name": "U"},
    "change_board_seat": {},
    "plan_waves": {"waves": []},
    "overrule_threshold": {"reason": "Because"},
}


@cache
def every_operation() -> tuple[Operation, ...]:
    return tuple(_operations())


def _operations() -> Iterator[Operation]:
    document = openapi("portfolio")
    by_id = {operation["operationId"]: operation for operation in operations(document)}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            is_operation = isinstance(operation, dict) and operation.get("operationId") in by_id
            if is_operation and operation.get("security") != []:
                yield Operation(operation["operationId"], method.upper(), path, operation)


def named(found: Operation) -> str:
    return found.id


EVERY = pytest.mark.parametrize("operation", every_operation(), ids=named)
WITH_ID = pytest.mark.parametrize("operation", [o for o in every_operation() if o.has_id], ids=named)


@pytest.fixture(scope="module")
async def world(portfolio_app: FastAPI, installation: Installation) -> AsyncIterator[World]:
    """One for all: what is refused changes nothing."""
    async with desk_of(portfolio_app, "portfolio", installation) as desk:
        yield await make_world(desk)


@pytest.fixture(scope="module")
async def ids(world: World) -> dict[str, str]:
    """A record of each kind, by the name of its path parameter."""
    unit, person, project = await world.unit("Unit"), await world.person("ola"), await world.project()
    portfolio = f"/portfolios/{world.portfolio_id}"
    for name in ("C", "D"):
        criterion = await made(
            world.office, f"{portfolio}/criteria", {**BODIES["add_criterion"], "name": name}
        )
    comparison = await made(world.office, f"{portfolio}/criteria-comparisons", {"name": "W"})
    programme = await made(world.office, "/programmes", {"portfolio_id": world.portfolio_id, "name": "P"})
    resource = await made(world.office, "/resources", {"name": "R", "kind": "role"})
    role = {"person_id": person["id"], "role": "reader", "scope": "organisation"}
    assignment = await made(world.administrator, "/role-assignments", role)
    of_project = f"/projects/{project['id']}"
    concept = await made(world.office, f"{of_project}/concepts", {"name": "C"})
    seat = await made(world.office, f"{of_project}/board-seats", {"role": "chair"})
    idea = await made(world.office, "/ideas", {"name": "I", "need": "N"})
    group = await made(world.administrator, "/groups", {"name": "G"})
    return {
        "concept_id": concept["id"],
        "seat_id": seat["id"],
        "idea_id": idea["id"],
        "group_id": group["id"],
        "portfolio_id": world.portfolio_id,
        "unit_id": unit["id"],
        "person_id": person["id"],
        "project_id": project["id"],
        "criterion_id": criterion["id"],
        "comparison_id": comparison["id"],
        "programme_id": programme["id"],
        "resource_id": resource["id"],
        "assignment_id": assignment["id"],
    }


@EVERY
async def test_a_parameter_that_is_not_declared_is_refused(
    world: World, ids: dict[str, str], operation: Operation
) -> None:
    """A misspelt filter must not widen a list."""
    client = world.desk.caller(*EVERYBODY)
    request = operation.request(ids)
    request["params"]["colour"] = "red"

    answer = await client.request(operation.method, operation.address(ids), **request)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["errors"][0]["pointer"] == "/query/colour"


@WITH_ID
async def test_an_id_that_is_none_is_refused(world: World, ids: dict[str, str], operation: Operation) -> None:
    client = world.desk.caller(*EVERYBODY)
    path = operation.address(dict.fromkeys(ids, "no-id"))

    answer = await client.request(operation.method, path, **operation.request({}))

    assert answer.status_code in {400, 404}
    assert problem(answer)["status"] == answer.status_code


@pytest.mark.parametrize(
    "operation",
    [o for o in every_operation() if "If-Match" in {p["name"] for p in o.description.get("parameters", [])}],
    ids=named,
)
async def test_a_change_says_which_revision_it_is_of(
    world: World, ids: dict[str, str], operation: Operation
) -> None:
    client = world.desk.caller(*EVERYBODY)
    request = operation.request({})
    request["headers"] = {}

    answer = await client.request(operation.method, operation.address(ids), **request)

    assert answer.status_code == 428, answer.text
    assert problem(answer)["type"].endswith("#revision-missing")


def test_every_operation_with_an_id_names_a_refusal_for_it() -> None:
    for operation in every_operation():
        if operation.has_id:
            assert {"401", "403", "404"} <= set(operation.description["responses"]), operation.id
