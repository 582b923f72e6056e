"""The Keycloak realm and what `deploy/prepare.py` makes fit our tokens, roles and services."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from gevinst_shared.auth.issuers import read_issuers
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import EVERYONE, Role
from gevinst_shared.values.organisation import organisation_id
from tests.support.tree import ROOT

REALM: dict[str, Any] = json.loads((ROOT / "deploy/keycloak/gevinst-realm.json").read_text("utf-8"))
CLIENTS: dict[str, Any] = {client["clientId"]: client for client in REALM["clients"]}
URLS = {"public_url": "https://gevinst.example", "identity_url": "https://identity.example"}


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    prepare(tmp_path)
    return tmp_path


def prepare(directory: Path) -> None:
    program = runpy.run_path(str(ROOT / "deploy" / "prepare.py"))
    program["prepare"](directory, **URLS, database_host="db.example")


def mappers(client: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {mapper["name"]: mapper["config"] for mapper in client["protocolMappers"]}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_signs_in_with_its_key_and_for_itself_only(service: str) -> None:
    client = CLIENTS[f"gevinst-{service}"]

    assert client["clientAuthenticatorType"] == "client-jwt"
    assert client["attributes"]["use.jwks.string"] == "true"
    assert client["attributes"]["token.endpoint.auth.signing.alg"] == "ES256"
    assert client["serviceAccountsEnabled"]
    assert not client["standardFlowEnabled"]
    assert not client["publicClient"]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_token_of_each_client_has_the_form_that_the_verifier_demands(name: str) -> None:
    client = CLIENTS[name]

    assert client["attributes"]["access.token.header.type.rfc9068"] == "true"
    assert client["attributes"]["access.token.signed.response.alg"] == "ES256"
    assert mappers(client)["audience"]["included.custom.audience"] == "http://127.0.0.1:8080"
    assert mappers(client)["client_id"]["claim.value"] == name
    assert not client["directAccessGrantsEnabled"]
    assert not client["implicitFlowEnabled"]


def test_people_sign_in_with_their_organisation_and_roles() -> None:
    frontend = CLIENTS["gevinst-frontend"]

    assert mappers(frontend)["organisation"]["claim.name"] == "organisation"
    assert mappers(frontend)["roles"]["claim.name"] == "roles"
    assert frontend["attributes"]["pkce.code.challenge.method"] == "S256"


def test_the_realm_has_our_roles_and_somebody_for_each() -> None:
    held = {role for user in REALM["users"] for role in user.get("realmRoles", [])}

    assert {role["name"] for role in REALM["roles"]["realm"]} == set(Role)
    assert held == EVERYONE  # another body is none of ours


def test_groups_carry_valid_organisation_numbers_and_people_are_in_one() -> None:
    groups = {group["path"]: group["attributes"]["organisation"] for group in REALM["groups"]}
    people = [user for user in REALM["users"] if "serviceAccountClientId" not in user]

    assert all([organisation_id(number)] == numbers for numbers in groups.values() for number in numbers)
    assert all(len(user["groups"]) == 1 and user["groups"][0] in groups for user in people)
    assert not any("credentials" in user for user in people)


def test_everything_that_the_compose_file_reads_is_prepared(prepared: Path) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    files = [Path(entry["file"]) for kind in ("secrets", "configs") for entry in compose[kind].values()]

    for file in files:
        is_prepared = file.is_relative_to("deploy/prepared")
        place = prepared / file.name if is_prepared else ROOT / file
        assert place.stat().st_size > 0
        assert place.stat().st_mode & 0o004  # read by the containers' own users
    assert prepared.stat().st_mode & 0o077 == 0


def test_the_prepared_trust_is_what_the_services_read(prepared: Path) -> None:
    (issuer,) = read_issuers(prepared / "issuers.json")

    assert issuer.issuer == "https://identity.example/realms/gevinst"
    assert issuer.audience == "https://gevinst.example"
    assert issuer.service_clients == {f"gevinst-{service}": service for service in SERVICES}


@pytest.mark.parametrize("service", SERVICES)
def test_the_prepared_realm_knows_the_public_half_of_each_key(prepared: Path, service: str) -> None:
    realm = json.loads((prepared / "gevinst-realm.json").read_text("utf-8"))
    private = json.loads((prepared / f"{service}_client_key.json").read_text("utf-8"))
    client = next(one for one in realm["clients"] if one["clientId"] == f"gevinst-{service}")

    (public,) = json.loads(client["attributes"]["jwks.string"])["keys"]

    assert public["kid"] == private["kid"]
    assert "d" not in public
    assert mappers(client)["audience"]["included.custom.audience"] == "https://gevinst.example"


@pytest.mark.parametrize("service", SERVICES)
def test_the_prepared_addresses_name_the_two_roles_of_a_database(prepared: Path, service: str) -> None:
    owner = (prepared / f"{service}_owner_database_url").read_text("utf-8")
    app = (prepared / f"{service}_database_url").read_text("utf-8")

    assert owner.startswith(f"postgresql+asyncpg://gevinst_{service}:")
    assert app.startswith(f"postgresql+asyncpg://gevinst_{service}_app:")
    assert owner.endswith(f"@db.example/gevinst_{service}")
    assert app.endswith(f"@db.example/gevinst_{service}")


def test_preparing_again_changes_nothing(prepared: Path) -> None:
    before = {path.name: path.read_bytes() for path in prepared.iterdir()}

    prepare(prepared)

    assert {path.name: path.read_bytes() for path in prepared.iterdir()} == before
