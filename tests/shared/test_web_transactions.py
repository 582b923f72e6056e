"""One request is one transaction that commits before its answer leaves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import asyncpg
import httpx
import pytest
from fastapi import APIRouter, Response

from gevinst_portfolio.app import SERVICE
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.store.places import find_grants
from gevinst_portfolio.tables.shared import kept_answers
from gevinst_shared.db.engine import connect_arguments
from gevinst_shared.settings import from_environment
from gevinst_shared.values.actor import Permission, Role
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.opening import open_house
from gevinst_shared.web.permissions import UndeclaredPermission
from gevinst_shared.web.session import Writing, writes
from tests.portfolio.world import PORTFOLIO, World, make_world
from tests.support.callers import Desk, problem, started
from tests.support.installation import Installation

_ANYONE = Permission("test:anyone", frozenset(Role))


def _service(router: APIRouter) -> Service:
    return Service(
        name="portfolio",
        title="Test",
        description="",
        package=SERVICE.package,
        routers=(router,),
        statuses={},
        tags={},
    )


@pytest.fixture
async def late_table(installation: Installation) -> AsyncIterator[None]:
    """A table whose constraint is checked at the commit."""
    owner = await asyncpg.connect(**connect_arguments(installation.databases["portfolio"].owner_url))
    await owner.execute("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    await owner.execute("GRANT ALL ON late TO gevinst_portfolio_app")
    yield
    await owner.execute("DROP TABLE late")
    await owner.close()


@pytest.mark.usefixtures("late_table")
async def test_a_commit_that_fails_is_not_answered_as_done(installation: Installation) -> None:
    """FastAPI runs what follows a `yield` after the answer has left, unless the scope is the function."""
    router = APIRouter()

    @router.post("/broken-commits", status_code=201)
    async def add(work: Annotated[Writing, writes(_ANYONE)]) -> Response:
        # The constraint is looked at when the transaction commits, and not before.
        await work.connection.execute("INSERT INTO late VALUES (1), (1)")
        return work.created("{}", 1, "/broken-commits/1")

    settings = from_environment(Settings, "portfolio", installation.environment("portfolio"))
    app = create_application(
        _service(router),
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants),
        public_url="https://gevinst.test",
    )
    async with started(app):
        desk = Desk(app, "portfolio", installation)
        async with desk.caller(Role.READER) as client:
            answer = await client.post("/broken-commits")

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#already-there")


def test_an_operation_without_a_permission_does_not_start() -> None:
    router = APIRouter()

    @router.get("/open-doors")
    async def look() -> None:
        return None

    with pytest.raises(UndeclaredPermission):
        create_application(_service(router), lambda: None, public_url="")  # type: ignore[arg-type,return-value]


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await make_world(portfolio)


async def test_the_same_key_gives_the_first_answer_and_one_record(world: World) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await world.office.post("/projects", json=world.proposal(), headers=headers)
    again = await world.office.post("/projects", json=world.proposal(), headers=headers)

    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    assert len((await world.office.get("/projects")).json()["items"]) == 1


async def test_the_same_key_for_another_request_is_refused(world: World) -> None:
    headers = {"Idempotency-Key": "one"}
    await world.office.post("/projects", json=world.proposal(), headers=headers)
    other = await world.office.post("/projects", json=world.proposal(name="Another"), headers=headers)

    assert other.status_code == 422
    assert problem(other)["type"].endswith("#key-used-differently")


async def test_many_requests_with_one_key_at_once_make_one_record(world: World) -> None:
    headers = {"Idempotency-Key": "one"}
    answers = await asyncio.gather(
        *(world.office.post("/projects", json=world.proposal(), headers=headers) for _ in range(12))
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len((await world.office.get("/projects")).json()["items"]) == 1


async def test_a_refused_request_keeps_no_answer_under_its_key(world: World) -> None:
    headers = {"Idempotency-Key": "one"}
    refused = await world.office.post("/projects", json=world.proposal(name=""), headers=headers)
    done = await world.office.post("/projects", json=world.proposal(), headers=headers)

    assert (refused.status_code, done.status_code) == (400, 201)


_JSON = {"Content-Type": "application/json"}
_TEXT = {"Content-Type": "text/plain"}


@pytest.mark.parametrize(
    ("method", "path", "rest", "status", "code"),
    [
        ("GET", "/nowhere", {}, 404, "no-route"),
        ("DELETE", "/projects", {}, 405, "wrong-method"),
        ("GET", "/projects?limt=5", {}, 400, "malformed"),
        ("GET", "/projects?limit=0", {}, 400, "malformed"),
        ("GET", "/projects?limit=5&limit=6", {}, 400, "malformed"),
        ("GET", "/projects?cursor=zzz", {}, 400, "odd-cursor"),
        ("GET", "/projects/not-an-id", {}, 400, "malformed"),
        (
            "POST",
            "/projects",
            {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
            415,
            "wrong-media-type",
        ),
        ("POST", "/projects", {"content": b"{", "headers": _JSON}, 400, "malformed"),
        ("POST", "/projects", {"content": b"[" * 200_000, "headers": _JSON}, 400, "malformed"),
        ("POST", "/projects", {"content": b'"' + b"x" * 1_100_000, "headers": _JSON}, 413, "too-large"),
        ("POST", "/projects", {"json": {"id": "x"}}, 400, "malformed"),
    ],
)
async def test_bad_requests_get_a_problem_that_says_what_to_do(
    world: World, method: str, path: str, rest: dict[str, object], status: int, code: str
) -> None:
    answer = await world.office.request(method, path, **rest)  # type: ignore[arg-type]

    document = problem(answer)
    assert (answer.status_code, document["type"].rpartition("#")[2]) == (status, code), document
    assert document["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    assert document["detail"]


async def test_a_wrong_method_names_every_method_of_the_address(world: World) -> None:
    answer = await world.office.delete("/projects")

    assert answer.headers["allow"] == "GET, POST"


async def test_a_refusal_is_said_in_the_readers_language(world: World) -> None:
    answer = await world.office.get(
        "/projects/0198b6a4-7c1e-7000-8000-000000000001", headers={"Accept-Language": "da"}
    )

    assert answer.headers["content-language"] == "da"
    assert problem(answer)["title"] != "Not found"


async def test_pages_never_overlap_and_end(world: World) -> None:
    for number in range(7):
        await world.office.post("/projects", json=world.proposal(name=f"P{number % 3}"))
    seen: list[str] = []
    address: str | None = "/projects?limit=3&sort=-name"
    while address is not None:
        page = await world.office.get(address.removeprefix("/portfolio/v1"))
        seen += [item["id"] for item in page.json()["items"]]
        address = page.links.get("next", {}).get("url")

    assert len(seen) == len(set(seen)) == 7


async def test_another_organisation_finds_nothing(world: World, portfolio: Desk) -> None:
    """API.md, security 1: unknown and not yours are the same 404, same body."""
    made = (await world.office.post("/projects", json=world.proposal())).json()
    stranger = portfolio.caller(Role.PORTFOLIO_OFFICE, organisation="0192:964338531")
    mine = await stranger.get(f"/projects/{made['id']}")
    unknown = await stranger.get("/projects/0198b6a4-7c1e-7000-8000-000000000001")

    assert (mine.status_code, unknown.status_code) == (404, 404)
    assert _without_instance(mine) == _without_instance(unknown)
    proposal = await stranger.post("/projects", json=world.proposal())
    assert proposal.status_code == 404


async def test_a_caller_without_the_role_is_refused_and_told_who_may(world: World, portfolio: Desk) -> None:
    reader = portfolio.caller(Role.READER)
    answer = await reader.post("/portfolios", json=PORTFOLIO)

    assert answer.status_code == 403
    assert "portfolio-office" in problem(answer)["detail"]


def _without_instance(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in problem(answer).items() if name != "instance"}
