"""Make what an installation with Docker Compose needs and no repository may hold: passwords, keys, trust.

    python deploy/prepare.py [directory]

Writes to `deploy/prepared` unless told otherwise. What is there is kept. A second run changes only what
follows from the rest: the realm with the services' public keys, and the list of trusted issuers.
"""

import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

from gevinst_shared.auth.key_files import ensure_key_file, public_jwk

SERVICES = ("portfolio", "benefits", "notifications")
PASSWORDS = ("postgres_password", "keycloak_database_password", "keycloak_admin_password", "example_password")
REALM = Path(__file__).parent / "keycloak" / "gevinst-realm.json"


def prepare(directory: Path, *, public_url: str, identity_url: str, database_host: str) -> None:
    """Fill `directory`: `identity_url` is Keycloak's address for browsers and services alike."""
    # Containers run as other users than ours: the folder keeps others out, the files inside may be read.
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in PASSWORDS:
        _keep(directory / name, secrets.token_hex(24))
    # Seals the addresses and keys of endpoints: without it, what is sealed in the database stays so.
    _keep(directory / "notifications_channel_key", secrets.token_hex(32))
    # Seals signing keys of the exchange with other bodies: without it, each body needs a new identity.
    _keep(directory / "sync_key", secrets.token_hex(32))
    for service in SERVICES:
        _database_urls(directory, service, database_host)
        _keep(directory / f"{service}_embed_key", secrets.token_hex(32))
    keys = {service: _client_key(directory, service) for service in SERVICES}
    realm = realm_with(keys, audience=public_url, password=(directory / "example_password").read_text())
    _write(directory / "gevinst-realm.json", json.dumps(realm, indent=2))
    _write(directory / "issuers.json", json.dumps([trusted(identity_url, audience=public_url)], indent=2))


def realm_with(keys: dict[str, dict[str, Any]], *, audience: str, password: str) -> dict[str, Any]:
    """The realm with the services' public keys, its audience, and a password for the example people."""
    realm: dict[str, Any] = json.loads(REALM.read_text("utf-8"))
    for client in realm["clients"]:
        service = client["clientId"].removeprefix("gevinst-")
        if service in keys:
            client["attributes"]["jwks.string"] = json.dumps({"keys": [public_jwk(keys[service])]})
        for mapper in client["protocolMappers"]:
            if mapper["name"] == "audience":
                mapper["config"]["included.custom.audience"] = audience
    for user in realm["users"]:
        if "serviceAccountClientId" not in user:
            user["credentials"] = [{"type": "password", "value": password, "temporary": False}]
    return realm


def trusted(identity_url: str, *, audience: str) -> dict[str, Any]:
    """Keycloak as an entry of the trusted issuers; its keys are fetched inside the network."""
    return {
        "issuer": f"{identity_url}/realms/gevinst",
        "kind": "oidc",
        "jwks_url": "http://keycloak:8081/realms/gevinst/protocol/openid-connect/certs",
        "audience": audience,
        "organisation_claim": "organisation",
        "roles_claim": "roles",
        "service_clients": {f"gevinst-{service}": service for service in SERVICES},
    }


def _database_urls(directory: Path, service: str, host: str) -> None:
    name = f"gevinst_{service}"
    for file, role in ((f"{service}_owner_database_url", name), (f"{service}_database_url", f"{name}_app")):
        _keep(directory / file, f"postgresql+asyncpg://{role}:{secrets.token_hex(24)}@{host}/{name}")


def _client_key(directory: Path, service: str) -> dict[str, Any]:
    path = directory / f"{service}_client_key.json"
    key = ensure_key_file(path)
    path.chmod(0o644)
    return key


def _keep(path: Path, text: str) -> None:
    if not path.exists():
        _write(path, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o644)


if __name__ == "__main__":
    prepare(
        Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "prepared"),
        public_url=os.environ.get("GEVINST_PUBLIC_URL", "http://127.0.0.1:8080"),
        identity_url=os.environ.get("GEVINST_IDENTITY_URL", "http://keycloak.localhost:8081"),
        database_host=os.environ.get("GEVINST_DATABASE_HOST", "postgres"),
    )
