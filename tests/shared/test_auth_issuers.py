"""The operator's file of trusted issuers."""

import json
from pathlib import Path
from typing import Any

import pytest

from gevinst_shared.auth.issuers import IssuerKind, OddIssuers, TrustedIssuer, read_issuers

ENTRY: dict[str, Any] = {
    "issuer": "https://issuer.test",
    "jwks_url": "https://issuer.test/keys",
    "audience": "https://gevinst.test",
}


def written(tmp_path: Path, *entries: object) -> Path:
    path = tmp_path / "issuers.json"
    path.write_text(json.dumps(entries))
    return path


def test_three_members_make_an_issuer(tmp_path: Path) -> None:
    (one,) = read_issuers(written(tmp_path, ENTRY))

    assert one.kind is IssuerKind.OIDC
    assert one.rules.types == {"at+jwt"}
    assert one.rules.audiences == {"https://gevinst.test"}
    assert one.rules.max_life_seconds == 43_200


def test_a_key_file_stands_beside_the_file_that_names_it(tmp_path: Path) -> None:
    entry = {"issuer": "https://issuer.test", "audience": "here", "jwks_file": "keys.json"}

    (one,) = read_issuers(written(tmp_path, entry))

    assert one.jwks_file == tmp_path / "keys.json"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"jwks_url": None}, "either jwks_url or jwks_file"),
        ({"jwks_file": "keys.json"}, "either jwks_url or jwks_file"),
        ({"jwks_url": "http://issuer.example/keys"}, "https"),
        ({"jwks_url": "ftp://issuer.example/keys"}, "https"),
        ({"jwks_url": "file:///etc/passwd"}, "https"),
        ({"jwks_url": "http://192.0.2.1.example/keys"}, "https"),
        ({"audience": ""}, "audience"),
        ({"organisations": ["0192:958935421"]}, "not a known organisation number"),
        ({"role_map": {"boss": "king"}}, "role_map"),
        ({"max_life_seconds": 10**9}, "max_life_seconds"),
        ({"kind": "maskinporten"}, "role_map"),
        ({"kind": "saml"}, "kind"),
        ({"verify": False}, "verify"),
    ],
    ids=str,
)
def test_an_entry_that_cannot_be_right_stops_the_start(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    with pytest.raises(OddIssuers, match=problem):
        read_issuers(written(tmp_path, {**ENTRY, **change}))


@pytest.mark.parametrize("text", ["", "{}", "[", "[]", "[1]"])
def test_a_broken_or_empty_file_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "issuers.json"
    path.write_text(text)

    with pytest.raises(OddIssuers, match=r"issuers\.json"):
        read_issuers(path)


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(OddIssuers, match="nowhere"):
        read_issuers(tmp_path / "nowhere.json")


def test_an_issuer_is_listed_once_and_two_keep_their_people_apart(tmp_path: Path) -> None:
    """A subject is unique at its issuer only: G3 could otherwise be passed by a namesake."""
    other = {**ENTRY, "issuer": "https://other.test"}

    with pytest.raises(OddIssuers, match="twice"):
        read_issuers(written(tmp_path, ENTRY, ENTRY))
    with pytest.raises(OddIssuers, match="subject_prefix"):
        read_issuers(written(tmp_path, ENTRY, other))
    assert len(read_issuers(written(tmp_path, ENTRY, {**other, "subject_prefix": "other:"}))) == 2


@pytest.mark.parametrize(
    "address",
    [
        "https://issuer.example/keys",
        "http://127.0.0.1:8080/keys",
        "http://localhost/keys",
        "http://keycloak:8080/keys",
        "http://keycloak.identity.svc.cluster.local/keys",
        "http://[::1]:8080/keys",
    ],
)
def test_keys_come_encrypted_or_from_the_inside(address: str) -> None:
    assert TrustedIssuer.model_validate({**ENTRY, "jwks_url": address}).jwks_url == address
