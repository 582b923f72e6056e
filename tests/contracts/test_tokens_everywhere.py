"""No bad token is believed anywhere: not at the gateway, and not by a service reached past it."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

import httpx
import pytest

from gevinst_shared.auth.development_issuer import key_file
from gevinst_shared.auth.issuers import read_issuers
from gevinst_shared.auth.key_files import read_private_jwk
from gevinst_shared.cli.blueprint import ISSUERS_FILE, KEYS_DIRECTORY
from gevinst_shared.cli.house import House
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.support.bad_tokens import ORGANISATION, bad_tokens, good_claims, token
from tests.support.callers import problem
from tests.support.operations import Operation, every_operation
from tests.support.trusted_issuers import true_tokens

pytestmark = pytest.mark.slow

PROTECTED = [one for one in every_operation() if not one.is_public]
NOBODY = "0198b6a4-7c1e-7000-8000-00000000dead"
TOO_LONG_TO_READ = {"huge"}  # 1 MB: cut off with 431 before anyone reads it


class Attempt(NamedTuple):
    """One request; `token` is the name of what it carries."""

    operation: Operation
    token: str


@pytest.fixture(scope="module")
def bad(house: House) -> dict[str, str]:
    """Every bad token, signed with the house's own key where the fault lies elsewhere."""
    own = read_issuers(house.settings.home / ISSUERS_FILE)[0]
    key = read_private_jwk(key_file(house.settings.home / KEYS_DIRECTORY, "issuer"))
    return bad_tokens(key, issuer=own.issuer, audience=own.audience, now=datetime.now(UTC))


def address(house: House, operation: Operation, *, past_gateway: bool) -> str:
    host = house.service_url(operation.service) if past_gateway else house.base_url
    path = operation.path
    for name in operation.path_names:
        path = path.replace(f"{{{name}}}", NOBODY)
    return f"{host}/{operation.service}/v1{path}"


async def believed(
    house: House, attempts: Iterable[Attempt], tokens: dict[str, str], *, past_gateway: bool
) -> list[str]:
    """Whatever was not answered 401 with a problem document."""
    found: list[str] = []
    waiting = iter(attempts)

    async def ask(client: httpx.AsyncClient) -> None:
        for attempt in waiting:
            url = address(house, attempt.operation, past_gateway=past_gateway)
            headers = {"Authorization": f"Bearer {tokens[attempt.token]}".strip()}
            answer = await client.request(attempt.operation.method, url, headers=headers)
            is_refused = answer.status_code == 401 or (
                answer.status_code == 431 and attempt.token in TOO_LONG_TO_READ
            )
            if not is_refused or not is_problem(answer):
                found.append(
                    f"{attempt.operation}: {attempt.token}: {answer.status_code} {answer.text[:200]}"
                )

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        await asyncio.gather(*(ask(client) for _ in range(8)))
    return found


def is_problem(answer: httpx.Response) -> bool:
    document = problem(answer)
    return {"type", "title", "status", "detail", "instance"} <= document.keys() and (
        answer.status_code != 401 or answer.headers["www-authenticate"].startswith("Bearer")
    )


@pytest.mark.parametrize("past_gateway", [False, True], ids=["at the gateway", "past the gateway"])
async def test_every_bad_token_is_refused_on_every_operation(
    house: House, bad: dict[str, str], past_gateway: bool
) -> None:
    attempts = [
        Attempt(one, name) for one in PROTECTED for name in bad if name not in TOO_LONG_TO_READ
    ] + [
        Attempt(next(one for one in PROTECTED if one.service == service), name)
        for service in SERVICES
        for name in TOO_LONG_TO_READ
    ]  # fmt: skip

    found = await believed(house, attempts, bad, past_gateway=past_gateway)

    assert found == []


@pytest.mark.parametrize("past_gateway", [False, True], ids=["at the gateway", "past the gateway"])
async def test_no_token_is_refused_on_every_operation_but_the_public_ones(
    house: House, past_gateway: bool
) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        answers = {
            one: await client.request(one.method, address(house, one, past_gateway=past_gateway))
            for one in every_operation()
        }

    assert {one for one in answers if one.is_public} == {
        one for one, answer in answers.items() if answer.status_code != 401
    }
    assert all(answers[one].status_code == 401 and is_problem(answers[one]) for one in PROTECTED)


@pytest.mark.parametrize("place", ["query", "cookie", "basic", "twice"])
async def test_a_good_token_in_another_place_is_no_token(house: House, place: str) -> None:
    good = house.token(Role.READER, ORGANISATION)
    sent: dict[str, dict[str, object]] = {
        "query": {"params": {"access_token": good}},
        "cookie": {"headers": {"Cookie": f"Authorization=Bearer {good}; access_token={good}"}},
        "basic": {"headers": {"Authorization": f"Basic {good}"}},
        "twice": {"headers": {"Authorization": f"Bearer {good}, Bearer {good}"}},
    }
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for past_gateway in (False, True):
            for one in PROTECTED:
                url = address(house, one, past_gateway=past_gateway)
                answer = await client.request(one.method, url, **sent[place])  # type: ignore[arg-type]
                assert answer.status_code == 401, (one, past_gateway, answer.text)
                assert is_problem(answer)


async def test_a_good_token_of_every_trusted_kind_of_issuer_is_believed(house: House) -> None:
    tokens = true_tokens(house.settings.audience)
    feeds = [one for one in PROTECTED if one.operation_id == "list_events"]
    assert len(feeds) == len(SERVICES)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for name, good in tokens.items():
            for one in feeds:
                for past_gateway in (False, True):
                    url = address(house, one, past_gateway=past_gateway)
                    answer = await client.get(url, headers={"Authorization": f"Bearer {good}"})
                    assert answer.status_code == 200, (name, one.service, past_gateway, answer.text)


async def test_the_table_of_bad_tokens_differs_from_a_good_one_in_its_faults_only(house: House) -> None:
    """Otherwise all would be refused for a reason that the table does not mean."""
    own = read_issuers(house.settings.home / ISSUERS_FILE)[0]
    key = read_private_jwk(key_file(house.settings.home / KEYS_DIRECTORY, "issuer"))
    claims = good_claims(issuer=own.issuer, audience=own.audience, now=datetime.now(UTC))
    admitted = {**claims, "roles": ["integration"]}
    good = token({"alg": "ES256", "kid": key["kid"], "typ": "at+jwt"}, admitted, key)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for one in (operation for operation in PROTECTED if operation.operation_id == "list_events"):
            for past_gateway in (False, True):
                url = address(house, one, past_gateway=past_gateway)
                answer = await client.get(url, headers={"Authorization": f"Bearer {good}"})
                assert answer.status_code == 200, answer.text
