"""X1: what the operator says of its clients at Maskinporten, and what a resource has to be for."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from gevinst_shared.auth.issuers import OddIssuers
from gevinst_shared.settings import ServiceSettings, from_environment
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.maskinporten import OddClients, client_of, covers, read_clients
from tests.support.bad_tokens import ec_jwk, public_half, rsa_jwk
from tests.support.maskinporten import SCOPE, Maskinporten, trusted
from tests.support.national_claims import AGENCY, MASKINPORTEN, OSLO

HERE = "https://gevinst.oslo.test"
STATED = {"issuer": MASKINPORTEN, "scope": SCOPE, "resource": HERE}
FEED = "/portfolio/v1/sync-feed"


def listed(directory: Path, **members: Any) -> Path:
    """The operator's file of one client, with other members than it should have."""
    file = Maskinporten(port=8).register(OSLO, directory)
    [client] = json.loads(file.read_text())
    file.write_text(json.dumps([client | members]))
    return file


def test_a_client_asks_for_its_owner_and_for_those_that_delegated_to_it(tmp_path: Path) -> None:
    alone = read_clients(listed(tmp_path, organisations=[]))
    both = read_clients(listed(tmp_path, organisations=["0192:991 825 827", OSLO]))

    assert client_of(alone, STATED, OSLO) == alone[0]
    assert client_of(alone, STATED, AGENCY) is None
    assert client_of(both, STATED, AGENCY) == both[0]
    assert client_of(both, STATED | {"issuer": "https://maskinporten.test"}, OSLO) is None
    assert "key" not in repr(alone[0])


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"token_endpoint": "http://maskinporten.test/token"}, "https"),
        ({"token_endpoint": "file:///etc/passwd"}, "https"),
        ({"owner": "0184:64942212"}, "Norwegian"),
        ({"owner": "Oslo"}, "owner"),
        ({"scopes": []}, "scopes"),
        ({"scopes": [f"{SCOPE} another"]}, "scopes"),
        ({"key_file": "nowhere.json"}, "nowhere"),
        ({"secret": "x"}, "secret"),
    ],
    ids=str,
)
def test_a_client_that_is_written_down_wrongly_is_refused(
    tmp_path: Path, members: dict[str, Any], problem: str
) -> None:
    with pytest.raises(OddClients, match=problem):
        read_clients(listed(tmp_path, **members))


@pytest.mark.parametrize(
    ("key", "problem"), [(ec_jwk("one"), "RSA"), (public_half(rsa_jwk(2048, "our-client")), "private key")]
)
def test_a_key_that_maskinporten_does_not_take_is_refused(
    tmp_path: Path, key: dict[str, Any], problem: str
) -> None:
    file = listed(tmp_path)
    (tmp_path / "key.json").write_text(json.dumps(key))

    with pytest.raises(OddClients, match=problem):
        read_clients(file)


def test_two_clients_for_one_body_are_refused(tmp_path: Path) -> None:
    file = listed(tmp_path)
    file.write_text(json.dumps(json.loads(file.read_text()) * 2))

    with pytest.raises(OddClients, match="two clients"):
        read_clients(file)


@pytest.mark.parametrize("resource", [HERE, f"{HERE}/", f"{HERE}/portfolio", f"{HERE}/portfolio/v1/"])
def test_a_resource_covers_what_lies_under_it(resource: str) -> None:
    assert covers(resource, f"{HERE}{FEED}")


@pytest.mark.parametrize(
    ("resource", "feed"),
    [
        (HERE, None),
        (HERE, HERE),
        (HERE, f"https://gevinst.oslo.test.evil.test{FEED}"),
        (HERE, f"https://gevinst.oslo.test:444{FEED}"),
        (HERE, f"http://gevinst.oslo.test{FEED}"),
        ("https://gevinst.oslo.tes", f"{HERE}{FEED}"),
        (f"{HERE}/a", f"{HERE}/b{FEED}"),
        (f"{HERE}/a", f"{HERE}/ab{FEED}"),
        (f"{HERE}/a", f"{HERE}/a/../b{FEED}"),
        (f"{HERE}/a", f"{HERE}/a/%2e%2e/b{FEED}"),
        (f"{HERE}/a", f"{HERE}/a//b{FEED}"),
        (f"{HERE}/a", f"{HERE}/a/b;/../{FEED}"),
        (HERE, f"{HERE}{FEED}?to=https://evil.test"),
        (f"{HERE}{FEED}", f"{HERE}{FEED}"),
    ],
    ids=str,
)
def test_a_resource_covers_nothing_else(resource: str, feed: str | None) -> None:
    assert not covers(resource, feed)


def settings(directory: Path, service: str = "portfolio", **issuer: Any) -> ServiceSettings:
    issuers = directory / "issuers.json"
    issuers.write_text(json.dumps([trusted(HERE, directory) | issuer]))
    environment = {
        "GEVINST_DATABASE_URL": "postgresql://nowhere",
        "GEVINST_PUBLIC_URL": f"{HERE}/",
        "GEVINST_ISSUERS_FILE": str(issuers),
        "GEVINST_SYNC_KEY": "a-sync-key-for-tests-of-32-characters-and-more",
        "GEVINST_MASKINPORTEN_FILE": str(listed(directory)),
    }
    return from_environment(ServiceSettings, service, environment)


def test_the_statement_says_what_the_file_of_issuers_lets_in(tmp_path: Path) -> None:
    found = Exchange.of(settings(tmp_path))
    of_people = Exchange.of(settings(tmp_path, role_map={"ks:other": "reader"}))

    assert found is not None
    assert of_people is not None
    assert found.maskinporten is not None
    assert asdict(found.maskinporten) == STATED
    assert [one.owner for one in found.clients] == [OSLO]
    assert of_people.maskinporten is None
    assert hash(replace(found, clients=())) == hash(found)


def test_only_the_service_that_speaks_for_the_body_has_the_clients_key(tmp_path: Path) -> None:
    found = Exchange.of(settings(tmp_path, "benefits"))

    assert found is not None
    assert (found.clients, found.maskinporten) == ((), None)


def test_an_audience_that_partners_would_not_believe_is_refused_when_it_starts(tmp_path: Path) -> None:
    with pytest.raises(OddIssuers, match="audience"):
        Exchange.of(settings(tmp_path, audience="urn:gevinst:oslo"))
