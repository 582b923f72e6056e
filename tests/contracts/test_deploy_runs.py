"""What docker-compose.yml names runs: every command, its settings and its health check, without Docker.

The database is PostgreSQL as the system packages it, prepared by the script that the container runs. In the
place of Keycloak stands a key set in a file; nothing else differs but addresses.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gevinst_shared.cli.gateway.configuration import validate
from gevinst_shared.cli.ports import free_port
from gevinst_shared.cli.postgres import SUPERUSER, EmbeddedPostgres
from gevinst_shared.settings import SERVICES
from tests.support import server_postgres
from tests.support.bad_tokens import ec_jwk, good_claims, public_half, token
from tests.support.callers import problem
from tests.support.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.database]

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
IDENTITY = "http://keycloak.localhost:8081"
KEY = ec_jwk("realm")
READY_SECONDS = 60


@dataclass(slots=True)
class Deployment:
    """The compose file's containers as plain processes, each at a port of its own."""

    directory: Path
    postgres: EmbeddedPostgres
    ports: dict[str, int] = field(
        default_factory=lambda: {name: free_port() for name in (*SERVICES, "gateway")}
    )
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def gateway(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    def environment(self, name: str) -> dict[str, str]:
        """The container's own variables, with its addresses and files where they are here."""
        own = COMPOSE["services"][name]["environment"]
        return self.surroundings() | {variable: self.here(name, str(own[variable])) for variable in own}

    def here(self, name: str, value: str) -> str:
        value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        for service in SERVICES:
            value = value.replace(f"http://{service}:8000", f"http://127.0.0.1:{self.ports[service]}")
        value = re.sub(r"/run/secrets/(\w+)", lambda found: str(self.secret(found[1])), value)
        value = value.replace("/etc/gevinst/issuers.json", str(self.directory / "issuers.json"))
        value = value.replace("http://127.0.0.1:8080", self.gateway).replace("0.0.0.0", "127.0.0.1")
        port = self.ports.get(name, 0)
        return re.sub(r"^(8000|8080)$|(?<=127\.0\.0\.1:)8000", str(port), value)

    def secret(self, name: str) -> Path:
        return self.directory / Path(COMPOSE["secrets"][name]["file"]).name

    def surroundings(self) -> dict[str, str]:
        """The image's PATH is that of its environment, which this one stands for."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in ("PYTHONPATH", "HOME") if name in os.environ}
        return {**kept, "PATH": path, "TMPDIR": str(self.directory)}

    def command(self, name: str) -> list[str]:
        said = [str(part) for part in COMPOSE["services"][name]["command"]]
        return [part.replace("/opt/gevinst/deploy", str(ROOT / "deploy")) for part in said]

    def finish(self, name: str) -> None:
        done = subprocess.run(
            self.command(name), env=self.environment(name), cwd=ROOT, capture_output=True, check=False
        )
        assert done.returncode == 0, (name, done.stdout, done.stderr)

    def start(self, name: str) -> None:
        with (self.directory / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                self.command(name), env=self.environment(name), cwd=ROOT, stdout=log, stderr=log
            )

    def wait_healthy(self, name: str) -> None:
        """Ask as the container's health check asks, until it is answered."""
        kind, *check = COMPOSE["services"][name]["healthcheck"]["test"]
        assert kind == "CMD"
        asked = [part.replace("127.0.0.1:8080", f"127.0.0.1:{self.ports[name]}") for part in check]
        asked = [part.replace("127.0.0.1:8000", f"127.0.0.1:{self.ports[name]}") for part in asked]
        until = time.monotonic() + READY_SECONDS
        while True:
            done = subprocess.run(asked, env=self.surroundings(), capture_output=True, check=False)
            if done.returncode == 0:
                return
            log = (self.directory / f"{name}.log").read_text()
            assert self.running[name].poll() is None, log
            assert time.monotonic() < until, (done.stderr, log)
            time.sleep(0.2)

    def stop(self) -> None:
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            process.wait(30)


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Prepared, migrated and started in the order that the compose file says."""
    postgres = EmbeddedPostgres(
        tmp_path_factory.mktemp("debian"), is_durable=False, binaries=server_postgres.programs()
    )
    postgres.start()
    made = Deployment(tmp_path_factory.mktemp("prepared"), postgres)
    try:
        prepare(made)
        with ThreadPoolExecutor() as pool:
            list(pool.map(made.finish, [f"{service}-migrate" for service in SERVICES]))
        for service in SERVICES:
            made.start(service)
            made.start(f"{service}-work")
        for service in SERVICES:
            made.wait_healthy(service)
        made.start("gateway")
        made.wait_healthy("gateway")
        yield made
    finally:
        made.stop()
        postgres.stop()


def prepare(made: Deployment) -> None:
    """`deploy/prepare.py`, then the script that PostgreSQL's container runs once."""
    environment = made.surroundings() | {
        "GEVINST_PUBLIC_URL": made.gateway,
        "GEVINST_IDENTITY_URL": IDENTITY,
        "GEVINST_DATABASE_HOST": f"127.0.0.1:{made.postgres.port}",
    }
    run([sys.executable, str(ROOT / "deploy" / "prepare.py"), str(made.directory)], environment)
    trust_a_key_set_in_a_file(made.directory)
    administrator = httpx.URL(made.postgres.url)
    environment = made.surroundings() | {
        "SECRETS": str(made.directory),
        "POSTGRES_USER": SUPERUSER,
        "PGHOST": "127.0.0.1",
        "PGPORT": str(made.postgres.port),
        "PGPASSWORD": administrator.password,
    }
    environment["PATH"] = f"{server_postgres.programs()}{os.pathsep}{environment['PATH']}"
    run(["bash", str(ROOT / "deploy" / "postgresql" / "init.sh")], environment)


def run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def trust_a_key_set_in_a_file(directory: Path) -> None:
    file = directory / "issuers.json"
    trusted = json.loads(file.read_text())
    (directory / "keys.json").write_text(json.dumps({"keys": [public_half(KEY)]}))
    for issuer in trusted:
        del issuer["jwks_url"]
        issuer["jwks_file"] = str(directory / "keys.json")
    file.write_text(json.dumps(trusted))


def signed_in(made: Deployment) -> dict[str, str]:
    claims = good_claims(issuer=f"{IDENTITY}/realms/gevinst", audience=made.gateway, now=datetime.now(UTC))
    header = {"alg": "ES256", "kid": KEY["kid"], "typ": "at+jwt"}
    return {"Authorization": f"Bearer {token(header, {**claims, 'roles': ['administrator']}, KEY)}"}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_answers_a_token_of_the_realm_at_the_gateway(deployment: Deployment, service: str) -> None:
    url = f"{deployment.gateway}/{service}/v1/events"

    admitted = httpx.get(url, headers=signed_in(deployment), trust_env=False)
    refused = httpx.get(url, trust_env=False)

    assert admitted.status_code == 200, admitted.text
    assert admitted.json()["items"] == []
    assert problem(refused)["status"] == 401


def test_what_is_written_through_the_gateway_is_read_again(deployment: Deployment) -> None:
    address = f"{deployment.gateway}/portfolio/v1/organisation"
    body = {"name": "Okapi kommune", "currency": "NOK", "language": "nb"}

    written = httpx.put(address, json=body, headers=signed_in(deployment), trust_env=False)
    read = httpx.get(address, headers=signed_in(deployment), trust_env=False)

    assert written.status_code in {200, 201}, written.text
    assert read.json()["name"] == "Okapi kommune"


def test_the_gateway_shows_the_three_services_as_one(deployment: Deployment) -> None:
    document = httpx.get(f"{deployment.gateway}/openapi.json", trust_env=False).json()

    assert {path.split("/")[1] for path in document["paths"]} == set(SERVICES)
    validate(deployment.directory / "envoy.yaml")


def test_every_worker_is_still_at_work(deployment: Deployment) -> None:
    ended = {name: process.poll() for name, process in deployment.running.items()}

    assert {name for name, code in ended.items() if code is not None} == set()
    assert ended.keys() == {
        name
        for name, container in COMPOSE["services"].items()
        if container["image"].startswith("gevinst:") and not name.endswith("-migrate")
    }


def test_the_roles_of_the_script_cannot_pass_row_level_security(deployment: Deployment) -> None:
    asked = [
        *(str(server_postgres.programs() / "psql"), "--no-psqlrc", "--tuples-only", "--no-align"),
        *(
            "--command",
            "SELECT count(*) FROM pg_roles WHERE rolname ~ '^gevinst_' AND (rolbypassrls OR rolsuper)",
        ),
        deployment.postgres.url,
    ]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "0"
