"""The `gevinst` command: what it prints, and one sentence when it cannot."""

import json
from pathlib import Path

import pytest
from jose import jwt
from typer.testing import CliRunner

from gevinst_shared.auth.development_issuer import ensure_keys, trust_entry
from gevinst_shared.cli.main import app

pytestmark = pytest.mark.slow
AUDIENCE = "https://gevinst.example"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What a start leaves behind: keys, and the list of issuers."""
    ensure_keys(tmp_path / "issuer", [])
    entry = trust_entry(
        issuer=f"{AUDIENCE}/issuer",
        audience=AUDIENCE,
        jwks_url=f"{AUDIENCE}/issuer/jwks.json",
        service_clients={},
    )
    (tmp_path / "issuers.json").write_text(json.dumps([entry]))
    return tmp_path


def test_a_token_is_for_the_address_of_the_last_start(home: Path) -> None:
    arguments = ["token", "--as", "board-member", "--organisation", "0192:958935420"]
    done = CliRunner().invoke(app, arguments, env={"GEVINST_HOME": str(home)})
    claims = jwt.get_unverified_claims(done.stdout.strip())
    assert done.exit_code == 0
    assert (claims["iss"], claims["aud"]) == (f"{AUDIENCE}/issuer", AUDIENCE)
    assert (claims["organisation"], claims["roles"]) == ("0192:958935420", ["board-member"])


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (["up"], {"GEVINST_PORT": "eighty"}, "GEVINST_PORT is eighty: write a whole number from 1 to 65535."),
        (
            ["up"],
            {"GEVINST_AUDIENCE_FILE": "/no/file"},
            "GEVINST_AUDIENCE_FILE names /no/file, which cannot be read",
        ),
        (
            ["token", "--as", "reader", "--organisation", "0192:988077918"],
            {},
            "is not a known organisation number",
        ),
        (["token", "--as", "reader", "--organisation", "0192:958935420"], {}, "run `make run` first"),
        (["gateway-config", "--out", "x.yaml"], {}, "name a list of issuers in GEVINST_ISSUERS_FILE"),
        (["up"], {"GEVINST_HOME": "/proc/nowhere"}, "cannot be used"),
    ],
)
def test_what_the_person_can_put_right_is_one_sentence(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], sentence: str
) -> None:
    done = CliRunner().invoke(app, arguments, env={"GEVINST_HOME": str(tmp_path), **environment})
    assert done.exit_code == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.output


def test_the_gateways_configuration_is_written_from_the_environment_and_checked(home: Path) -> None:
    services = {
        f"GEVINST_{name}_URL": f"http://{name.lower()}:8000"
        for name in ("PORTFOLIO", "BENEFITS", "NOTIFICATIONS")
    }
    environment = {**services, "GEVINST_ISSUERS_FILE": str(home / "issuers.json"), "GEVINST_PORT": "8443"}
    done = CliRunner().invoke(app, ["gateway-config", "--out", str(home / "envoy.yaml")], env=environment)
    written = (home / "envoy.yaml").read_text()
    assert done.exit_code == 0, done.output
    assert "address: benefits" in written
    assert "port_value: 8443" in written
