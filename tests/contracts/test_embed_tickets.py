"""No ticket is kept anywhere: a request with one goes through the whole house, and then every log is read."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from gevinst_shared.cli.house import House
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.support.operations import operation
from tests.support.organisations import new_organisation
from tests.support.records import Organisation, organisation_in

pytestmark = pytest.mark.slow
INTRANET = "https://intranet.example"
FORMS = ("page", "svg", "png")


def written(house: House) -> Iterator[tuple[Path, bytes]]:
    """Everything that the house has written: logs, configurations, caught mail, and its database's files."""
    for path in house.settings.home.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


@pytest.fixture
async def organisation(house: House) -> AsyncIterator[Organisation]:
    made = organisation_in(house, new_organisation(), "Okapi")
    registered = await made.client.put(
        made.url(operation("portfolio", "register_organisation")),
        json={"name": "Okapi kommune", "currency": "NOK", "language": "nb"},
    )
    assert registered.status_code in {200, 201}, registered.text
    yield made
    await made.close()


async def ticket(house: House, organisation: Organisation) -> tuple[str, dict[str, str]]:
    resource = f"/portfolios/{await organisation.make('portfolio_id')}/charts/roadmap"
    answer = await organisation.client.post(
        f"{house.base_url}/portfolio/v1/embed-tickets",
        json={"resource": resource, "origins": [INTRANET], "seconds": 60},
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return resource, found


async def test_a_ticket_stands_in_no_log(house: House, organisation: Organisation) -> None:
    resource, got = await ticket(house, organisation)
    sealed = got["ticket"]
    query = {"resource": resource, "ticket": sealed}
    base = f"{house.base_url}/portfolio/v1"
    spoiled = sealed[:-8] + "AAAAAAAA"

    async with httpx.AsyncClient(trust_env=False, timeout=30) as browser:
        shown = [await browser.get(got[form]) for form in FORMS]
        shown.append(await browser.get(got["page"], headers={"Authorization": "Bearer x"}))
        refused = [
            await browser.get(f"{base}/embedded/page", params=query | {"ticket": spoiled}),
            await browser.get(f"{base}/embedded/page", params=query | {"resource": "/audit"}),
            await browser.get(f"{base}/embedded/page", params=query | {"odd": "1"}),
            await browser.get(f"{base}/embedded/odd", params=query),
            await browser.post(f"{base}/embedded/page", params=query),
            await browser.get(f"{base}/nowhere", params=query),
            await browser.get(f"{house.base_url}/nowhere", params=query),
            await browser.get(f"{base}/projects", params=query),
            await browser.get(f"{base}/oembed", params={"url": got["page"]}),
            await browser.get(f"{base}/status", headers={"Referer": got["page"]}),
            await browser.get(got["svg"], headers={"Referer": f"https://evil.example/?{sealed}"}),
            await browser.get(f"{base}/embedded/page/?ticket={sealed}"),
            await browser.get(f"{base}//embedded/page", params=query | {"ticket": spoiled}),
            await browser.get(f"{base}/embedded/svg?{sealed}"),
            await browser.get(f"{base}/embedded/page?resource=a&ticket={sealed}&ticket={sealed}"),
            await browser.request("TRACE", f"{base}/embedded/page", params=query),
            await browser.options(f"{base}/embedded/page", params=query),
            await browser.get(f"{house.base_url}/notifications/v1/embedded/page", params=query),
        ]
    await asyncio.sleep(1)  # Envoy writes what it has seen now and then

    assert [answer.status_code for answer in shown] == [200, 200, 200, 200]
    assert all(
        answer.status_code >= 400 for answer in refused if answer.request.url.path != "/portfolio/v1/status"
    )
    assert not any(spoiled in answer.text or sealed in answer.text for answer in (*shown, *refused))
    parts = {part for whole in (sealed, spoiled) for part in (whole[:40], quote(whole)[:40])}
    files = dict(written(house))
    assert any(b"embedded/page" in content for content in files.values()), "no log tells of the request"
    found = [str(path) for path, content in files.items() if any(one.encode() in content for one in parts)]
    assert found == []


async def test_the_gateway_lets_embeds_be_framed_and_keeps_their_own_headers(
    house: House, organisation: Organisation
) -> None:
    _, got = await ticket(house, organisation)

    async with httpx.AsyncClient(trust_env=False, timeout=30) as browser:
        page, svg = await browser.get(got["page"]), await browser.get(got["svg"])

    for answer in (page, svg):
        assert answer.status_code == 200, answer.text
        assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]
        assert answer.headers.get_list("cache-control") == ["private, no-store"]
        assert "set-cookie" not in answer.headers
        assert "x-frame-options" not in answer.headers
    (policy,) = page.headers.get_list("content-security-policy")
    assert policy.endswith(f"frame-ancestors {INTRANET}")


async def test_a_ticket_of_another_service_shows_nothing(house: House, organisation: Organisation) -> None:
    resource, got = await ticket(house, organisation)
    query = {"resource": resource, "ticket": got["ticket"]}

    async with httpx.AsyncClient(trust_env=False, timeout=30) as browser:
        answers = [
            await browser.get(f"{house.base_url}/{service}/v1/embedded/page", params=query)
            for service in SERVICES
        ]

    assert [answer.status_code for answer in answers] == [200, 404, 404]


async def test_the_hosts_server_gets_tickets_with_a_token_of_its_own(
    house: House, organisation: Organisation
) -> None:
    resource = f"/portfolios/{await organisation.make('portfolio_id')}/charts/roadmap"
    token = house.token(Role.INTEGRATION, organisation.number, subject="intranet-server")

    async with httpx.AsyncClient(trust_env=False, timeout=30) as server:
        answer = await server.post(
            f"{house.base_url}/portfolio/v1/embed-tickets",
            json={"resource": resource, "origins": [INTRANET]},
            headers={"Authorization": f"Bearer {token}"},
        )
        shown = await server.get(answer.json()["page"])

    assert (answer.status_code, shown.status_code) == (200, 200)
