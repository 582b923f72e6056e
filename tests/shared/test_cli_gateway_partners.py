"""X1: other bodies come to the feeds by certificate, where the operator asks for one."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gateway.settings import Address, PartnersDoor
from gevinst_shared.cli.gateway_environment import gateway_settings
from gevinst_shared.cli.ports import free_port
from gevinst_shared.http.outside import Answer, AnswerLostError, NotReachedError, Outside
from gevinst_shared.settings import SettingsMissing
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.values.networks import read_network
from gevinst_shared.values.web_address import web_address
from tests.support.certificates import self_signed
from tests.support.gateway import Gateway, running_gateway

pytestmark = pytest.mark.slow
FEED, HINTS = "/portfolio/v1/sync-feed", "/benefits/v1/sync-hints"
LOOPBACK = [read_network("127.0.0.0/8")]


@dataclass(frozen=True, slots=True)
class Door:
    """A gateway with a door for partners, and the files of certificates in its directory."""

    gateway: Gateway
    port: int
    files: Path

    async def ask(self, path: str, certificate: str | None) -> Answer:
        """As another installation's worker asks, which trusts our certificate."""
        shown = None if certificate is None else self.files / f"{certificate}.pem"
        exchange = Exchange(("x" * 32,), "https://here.example", "here", None, certificate=shown)
        tls = exchange.tls()
        tls.load_verify_locations(self.files / "server.pem")
        async with Outside(seconds=5, tls_context=tls) as outside:
            address = web_address(f"https://127.0.0.1:{self.port}{path}")
            headers = self.gateway.signed_in
            return await outside.get(address, headers=headers, allowed=LOOPBACK, most_bytes=100_000)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    files = tmp_path_factory.mktemp("partners")
    server, client, _ = (self_signed(files, name) for name in ("server", "client", "stranger"))
    port = free_port()
    partners = PartnersDoor(Address("127.0.0.1", port), server, server, client)
    with running_gateway(files, partners=partners) as gateway:
        yield Door(gateway, port, files)


@pytest.mark.parametrize("path", [FEED, HINTS])
async def test_who_shows_a_known_certificate_comes_to_the_feed(door: Door, path: str) -> None:
    answer = await door.ask(f"{path}?owner=0192:958935420", "client")

    assert (answer.status, path in answer.text) == (200, True)


@pytest.mark.parametrize("certificate", [None, "stranger"])
async def test_who_shows_none_or_another_is_not_spoken_to(door: Door, certificate: str | None) -> None:
    with pytest.raises((NotReachedError, AnswerLostError)):
        await door.ask(FEED, certificate)


@pytest.mark.parametrize("path", ["/portfolio/v1/echo", "/", "/portfolio/v1/sync-feed/more"])
async def test_nothing_else_is_behind_that_door(door: Door, path: str) -> None:
    assert (await door.ask(path, "client")).status == 404


@pytest.mark.parametrize("path", [FEED, HINTS])
def test_the_other_door_has_no_feeds_then(door: Door, path: str) -> None:
    assert door.gateway.client.get(path, headers=door.gateway.signed_in).status_code == 404
    assert door.gateway.client.get("/portfolio/v1/echo", headers=door.gateway.signed_in).status_code == 200


async def test_a_token_is_asked_for_there_as_well(door: Door) -> None:
    tls = ssl.create_default_context(cafile=str(door.files / "server.pem"))
    tls.load_cert_chain(door.files / "client.pem")
    async with Outside(seconds=5, tls_context=tls) as outside:
        address = web_address(f"https://127.0.0.1:{door.port}{FEED}")
        answer = await outside.get(address, headers={}, allowed=LOOPBACK, most_bytes=1000)

    assert answer.status == 401


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"GEVINST_PARTNERS_PORT": "0"}, "has to be a port"),
        ({"GEVINST_PARTNERS_PORT": "8443"}, "GEVINST_PARTNERS_CERTIFICATE_FILE has to name"),
    ],
)
def test_a_door_that_is_half_set_is_said(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    issuers = tmp_path / "issuers.json"
    issuers.write_text(
        '[{"issuer": "https://idp.example", "audience": "here", "jwks_url": "https://idp.example/keys"}]'
    )
    urls = {f"GEVINST_{name}_URL": "http://there:8000" for name in ("PORTFOLIO", "BENEFITS", "NOTIFICATIONS")}

    with pytest.raises(CannotStart, match=said):
        gateway_settings(None, {"GEVINST_ISSUERS_FILE": str(issuers), **urls, **changed})


def test_a_certificate_that_cannot_be_shown_is_said(tmp_path: Path) -> None:
    exchange = Exchange(("x" * 32,), "https://here.example", "here", None, certificate=tmp_path / "none.pem")

    with pytest.raises(SettingsMissing, match=r"GEVINST_SYNC_CERTIFICATE_FILE names .*none\.pem"):
        exchange.tls()


def test_a_statement_names_the_feeds_where_they_are() -> None:
    plain = Exchange(("x" * 32,), "https://here.example", "here", None)
    apart = Exchange(
        ("x" * 32,), "https://here.example", "here", None, feeds_url="https://feeds.example:8443"
    )

    assert plain.feeds(["portfolio"]) == {"portfolio": "https://here.example/portfolio/v1/sync-feed"}
    assert apart.feeds(["benefits"]) == {"benefits": "https://feeds.example:8443/benefits/v1/sync-feed"}
