"""How a service gets its token from a provider that is slow, down, or says no."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import httpx
import pytest

from gevinst_shared.auth.client_credentials import ASSERTION_TYPE, NoServiceTokenError, ServiceToken
from gevinst_shared.auth.tokens import signing_key
from tests.support.bad_tokens import ec_jwk
from tests.support.clock import MovedClock

pytestmark = pytest.mark.anyio

URL = "https://issuer.test/token"


class Provider:
    """Answers token requests from a list: a status, an exception, or a whole document; then tokens."""

    def __init__(self, *script: object) -> None:
        self.script = list(script)
        self.asked: list[dict[str, list[str]]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(parse_qs(request.content.decode()))
        await asyncio.sleep(0)  # so that other callers get a turn in between
        step = self.script.pop(0) if self.script else 200
        if isinstance(step, Exception):
            raise step
        if isinstance(step, int):
            good = {"access_token": f"token-{len(self.asked)}", "expires_in": 300, "token_type": "Bearer"}
            return httpx.Response(step, json=good)
        return httpx.Response(200, json=step)


class Pauses:
    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def service(clock: MovedClock, provider: Provider, pauses: Pauses) -> AsyncIterator[ServiceToken]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(provider)) as client:
        yield ServiceToken(
            client,
            token_url=URL,
            client_id="gevinst-benefits",
            key=signing_key(ec_jwk("ours")),
            clock=clock,
            sleep=pauses,
        )


async def test_the_request_is_client_credentials_with_a_signed_assertion(
    service: ServiceToken, provider: Provider
) -> None:
    assert await service.get() == "token-1"

    (asked,) = provider.asked
    assert asked["grant_type"] == ["client_credentials"]
    assert asked["client_assertion_type"] == [ASSERTION_TYPE]
    assert asked["client_id"] == ["gevinst-benefits"]
    assert asked["client_assertion"][0].count(".") == 2


@pytest.mark.parametrize("trouble", [503, 500, 429, httpx.ConnectError("down"), httpx.ReadTimeout("slow")])
async def test_passing_trouble_is_tried_again_with_a_new_assertion(
    service: ServiceToken, provider: Provider, pauses: Pauses, trouble: object
) -> None:
    provider.script = [trouble, trouble]

    assert await service.get() == "token-3"

    assert pauses.taken == [0.2, 1.0]
    assert len({asked["client_assertion"][0] for asked in provider.asked}) == 3


@pytest.mark.parametrize(
    "trouble",
    [
        401,
        400,
        {},
        [],
        {"access_token": "t"},
        {"access_token": "t", "expires_in": 0},
        {"access_token": 5, "expires_in": 5},
    ],
    ids=str,
)
async def test_a_no_is_not_tried_again(service: ServiceToken, provider: Provider, trouble: object) -> None:
    provider.script = [trouble]

    with pytest.raises(NoServiceTokenError, match="gevinst-benefits"):
        await service.get()
    assert len(provider.asked) == 1


async def test_a_provider_that_stays_down_is_given_up(service: ServiceToken, provider: Provider) -> None:
    provider.script = [httpx.ConnectError("down")] * 3

    with pytest.raises(NoServiceTokenError):
        await service.get()
    assert await service.get() == "token-4"


async def test_a_good_token_outlives_an_outage(
    service: ServiceToken, provider: Provider, clock: MovedClock
) -> None:
    first = await service.get()
    provider.script = [503] * 3
    clock.forward(seconds=250)

    assert await service.get() == first
    assert await service.get() == first
    assert len(provider.asked) == 4

    clock.forward(seconds=5)
    assert await service.get() == "token-5"


async def test_no_token_is_handed_out_after_its_end(
    service: ServiceToken, provider: Provider, clock: MovedClock
) -> None:
    await service.get()
    provider.script = [503] * 3
    clock.forward(seconds=300)

    with pytest.raises(NoServiceTokenError):
        await service.get()


async def test_callers_at_the_same_time_share_one_request(service: ServiceToken, provider: Provider) -> None:
    got = await asyncio.gather(*(service.get() for _ in range(20)))

    assert set(got) == {"token-1"}
    assert len(provider.asked) == 1


async def test_while_one_caller_renews_a_good_token_the_others_use_it(
    service: ServiceToken, provider: Provider, clock: MovedClock
) -> None:
    first = await service.get()
    clock.forward(seconds=250)

    got = await asyncio.gather(*(service.get() for _ in range(3)))

    assert got == ["token-2", first, first]
