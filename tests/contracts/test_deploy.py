"""The files that run Gevinst with Docker agree with the specification, the settings and each other."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from gevinst_shared.settings import SERVICES, ServiceSettings
from tests.support.tree import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
CONTAINERS: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
OURS = [name for name, container in CONTAINERS.items() if container["image"].startswith("gevinst:")]
# The gateway's and the mail's settings; those of all services are read from their model.
SETTINGS = {"HOST", "PORT", "RATE_LIMIT", "CORS_ORIGINS", "SMTP_URL", "MAIL_FROM", "CHANNEL_KEY"} | {
    field.upper() for field in ServiceSettings.model_fields
}
# Known to the compose file and to `prepare.py` only.
AROUND = {"GEVINST_BIND", "GEVINST_VERSION", "GEVINST_IDENTITY_URL"}


def names_a_setting(variable: str) -> bool:
    """Whether `GEVINST_X`, `GEVINST_<SERVICE>_X` or either with `_FILE` is a setting."""
    bare = re.sub(rf"^GEVINST_(({'|'.join(SERVICES)})_)?", "", variable, flags=re.IGNORECASE)
    whole = variable.removeprefix("GEVINST_")
    return not SETTINGS.isdisjoint({bare, bare.removesuffix("_FILE"), whole, whole.removesuffix("_FILE")})


def variables(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def used(kind: str, container: dict[str, Any]) -> set[str]:
    return {entry if isinstance(entry, str) else entry["source"] for entry in container.get(kind, [])}


def test_the_compose_file_follows_the_specification() -> None:
    # Carried by check-jsonschema 0.39.0; see compose-spec/README.md.
    schema = json.loads((Path(__file__).parent / "compose-spec" / "schema.json").read_text("utf-8"))

    faults = list(jsonschema.Draft202012Validator(schema).iter_errors(COMPOSE))

    assert not faults


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_migrated_served_and_worked_by_its_own_command(service: str) -> None:
    commands = {name: container.get("command") for name, container in CONTAINERS.items()}

    assert commands[f"{service}-migrate"] == ["python", "-m", f"gevinst_{service}", "migrate"]
    assert commands[service] == ["python", "-m", f"gevinst_{service}", "serve"]
    assert commands[f"{service}-work"] == ["python", "-m", f"gevinst_{service}", "work"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_after_its_migration_and_before_the_gateway(service: str) -> None:
    for name in (service, f"{service}-work"):
        order = CONTAINERS[name]["depends_on"]
        assert order[f"{service}-migrate"] == {"condition": "service_completed_successfully"}
    assert CONTAINERS[f"{service}-migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert CONTAINERS["gateway"]["depends_on"][service] == {"condition": "service_healthy"}


@pytest.mark.parametrize("service", SERVICES)
def test_addresses_ports_and_health_checks_of_a_service_agree(service: str) -> None:
    environment = CONTAINERS[service]["environment"]
    port = environment[f"GEVINST_{service.upper()}_PORT"]

    assert environment[f"GEVINST_{service.upper()}_HOST"] == "0.0.0.0"
    assert f"'http://127.0.0.1:{port}/{service}/v1/readyz'" in CONTAINERS[service]["healthcheck"]["test"][3]
    for name in OURS:
        assert CONTAINERS[name]["environment"][f"GEVINST_{service.upper()}_URL"] == f"http://{service}:{port}"


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_gets_only_variables_that_are_settings(name: str) -> None:
    environment = CONTAINERS[name]["environment"]

    assert [variable for variable in environment if not names_a_setting(variable)] == []
    for value in environment.values():
        if str(value).startswith("/run/secrets/"):
            assert value.removeprefix("/run/secrets/") in CONTAINERS[name]["secrets"]


def test_a_variable_that_is_no_setting_would_be_noticed() -> None:
    assert names_a_setting("GEVINST_BENEFITS_DATABASE_URL_FILE")
    assert not names_a_setting("GEVINST_BENEFITS_DATABASE")
    assert not names_a_setting("GEVINST_OTHER_DATABASE_URL")


def test_only_migrations_and_the_database_itself_see_an_owners_password() -> None:
    seeing = {
        name
        for name, container in CONTAINERS.items()
        if any("_owner_" in s for s in used("secrets", container))
    }

    assert seeing == {"postgres"} | {f"{service}-migrate" for service in SERVICES}


def test_only_the_gateway_can_be_opened_to_the_outside() -> None:
    ports = {name: container["ports"] for name, container in CONTAINERS.items() if "ports" in container}

    assert ports.pop("gateway") == ["${GEVINST_BIND:-127.0.0.1}:${GEVINST_PORT:-8080}:8080"]
    assert all(port.startswith("127.0.0.1:") for opened in ports.values() for port in opened)
    assert not any("outside" in CONTAINERS[name]["networks"] for name in (*SERVICES, "postgres"))
    assert COMPOSE["networks"]["data"]["internal"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_has_a_read_only_root_no_rights_and_limits(name: str) -> None:
    container = CONTAINERS[name]
    limits = container["deploy"]["resources"]["limits"]

    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert limits.keys() == {"cpus", "memory"}
    assert container["pids_limit"] > 0
    assert name in OURS or not container["user"].startswith(("0", "root"))
    assert not container["image"].endswith(":latest")


def test_every_secret_and_configuration_is_declared_and_used() -> None:
    for kind in ("secrets", "configs"):
        wanted = set().union(*(used(kind, container) for container in CONTAINERS.values()))
        assert wanted == COMPOSE[kind].keys()


def test_the_example_environments_name_every_variable_and_no_other() -> None:
    compose = variables(ROOT / "deploy" / "env" / "compose.env")
    asked = dict(re.findall(r"\$\{(\w+):-([^}]*)\}", (ROOT / "docker-compose.yml").read_text("utf-8")))
    bare = variables(ROOT / "deploy" / "env" / "service.env")

    assert compose == asked
    assert all(names_a_setting(name) or name in AROUND for name in compose)
    assert all(names_a_setting(name) for name in bare)


def test_the_image_is_locked_runs_without_root_and_copies_what_there_is() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)
    installs = re.findall(r"pip install .*", DOCKERFILE)
    copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, flags=re.MULTILINE)

    assert len(stages) == 2
    assert len(set(stages)) == 1
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert re.findall(r"^USER (.+)", DOCKERFILE, flags=re.MULTILINE) == ["10001:10001"]
    assert [path for line in copied for path in line.split() if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("script", ["gateway.sh", "postgresql/init.sh", "keycloak/start.sh"])
def test_a_script_can_be_executed_and_is_free_of_syntax_errors(script: str) -> None:
    path = ROOT / "deploy" / script

    checked = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stderr
    assert path.stat().st_mode & 0o111
