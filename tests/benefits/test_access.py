"""Who may do what in the benefits service, over every operation (API.md: object and function).

That nobody gets in without a token, sees what is another organisation's, or does what is for other roles, is
asked of all services in `tests/contracts`.
"""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from gevinst_benefits.app import SERVICE
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.web.permissions import is_public
from tests.benefits.furnished import Records, everything
from tests.benefits.world import World, make_world
from tests.support.callers import desk_of
from tests.support.installation import Installation

# What an operation cannot do without, by the end of its path.
QUERIES: dict[str, Callable[[dict[str, str]], dict[str, str]]] = {
    "difference": lambda ids: {"with": ids["case_id"]},
    "contributions": lambda _: {"effect": "G1"},
    "reference-classes": lambda _: {"kind": "saved-time"},
    "measurement-uploads": lambda _: {"seen": "0" * 64},
    "digest": lambda _: {"side": "given"},
    "plan-workbook-uploads": lambda _: {"seen": "0" * 64},
}
ELSEWHERE = "0198b6a4-7c1e-7000-8000-000000000009"
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


OPERATIONS = sorted(operations(), key=lambda one: one[1])
# E1: the trail is for auditors and administrators, what is published for those who publish, and the exchange
# for bodies and for those who exchange, in every service alike; what other bodies share is for the office.
NOT_READERS = ("/audit", "/embeds", "/sync-", "/joint-portfolio")
READS = [one for one in OPERATIONS if one[0] == "GET" and not one[1].startswith(NOT_READERS)]
WRITES = [one for one in OPERATIONS if one[0] != "GET"]


@pytest.fixture(scope="module")
async def world(benefits_app: FastAPI, installation: Installation) -> AsyncIterator[World]:
    """One for all: what is read or refused changes nothing."""
    async with desk_of(benefits_app, "benefits", installation) as desk:
        yield await make_world(desk)


@pytest.fixture(scope="module")
async def full(world: World) -> Records:
    """A record of each kind, by the name that paths give its id, and a body for each write."""
    return await everything(world)


@pytest.fixture(scope="module")
async def elsa(world: World) -> httpx.AsyncClient:
    """Somebody who has every role, but at another unit."""
    await world.tell("unit-changed", unit_id=ELSEWHERE, name="Elsewhere", path=[ELSEWHERE])
    for role in EVERYTHING:
        await world.assign("elsa", role, "unit", ELSEWHERE)
    return world.desk.caller(subject="elsa")


async def call(client: httpx.AsyncClient, method: str, path: str, full: Records) -> httpx.Response:
    address = path.format(**full["ids"])
    needed = QUERIES.get(path.rpartition("/")[2])
    query = {} if needed is None else needed(full["ids"])
    body = full["bodies"].get(path)
    return await client.request(method, address, params=query, json=body, headers={"If-Match": '"1"'})


@pytest.mark.parametrize(("method", "path"), [one for one in WRITES if "_id}" in one[1]])
async def test_a_role_held_elsewhere_changes_nothing_here(
    elsa: httpx.AsyncClient, full: Records, method: str, path: str
) -> None:
    answer = await call(elsa, method, path, full)

    assert answer.status_code == 403, answer.text


@pytest.mark.parametrize(("method", "path"), READS)
async def test_a_reader_reads_everything_and_unknown_parameters_are_refused(
    world: World, full: Records, method: str, path: str
) -> None:
    reader = world.desk.caller(Role.READER, subject="reader")

    assert (await call(reader, method, path, full)).status_code == 200
    address = path.format(**full["ids"])
    assert (await reader.get(f"{address}?colour=blue")).status_code == 400
