"""A real Envoy in front of a stand-in service."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from gevinst_shared.auth.development_issuer import ensure_keys, issue_token, jwks
from gevinst_shared.cli.gateway.configuration import find_envoy, gateway_yaml, validate
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, TrustedIssuer
from gevinst_shared.cli.ports import free_port
from gevinst_shared.values.actor import Actor, Role

STAND_IN = Path(__file__).with_name("stand_in_service.py")
ISSUER = "https://issuer.example"
AUDIENCE = "https://gevinst.example"


@dataclass(frozen=True, slots=True)
class Gateway:
    client: httpx.Client
    keys: Path
    log: Path

    def token(
        self,
        *,
        issuer: str = ISSUER,
        audience: str = AUDIENCE,
        keys: Path | None = None,
        subject: str = "kari",
    ) -> str:
        actor = Actor(subject=subject, organisation="0192:958935420", roles=frozenset({Role.READER}))
        return issue_token(keys or self.keys, actor, issuer=issuer, audience=audience, now=datetime.now(UTC))

    @property
    def signed_in(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token()}"}


@contextmanager
def running_gateway(directory: Path, **changes: Any) -> Iterator[Gateway]:
    """Envoy with the generated configuration; `changes` are settings that differ."""
    upstream, port = free_port(), free_port()
    settings = GatewaySettings(
        **({"listen": Address("127.0.0.1", port)} | gateway_options(directory, upstream) | changes)
    )
    file = directory / "envoy.yaml"
    file.write_text(gateway_yaml(settings))
    validate(file)
    service = _start(
        directory / "service.log",
        [sys.executable, str(STAND_IN), "portfolio", "serve"],
        GEVINST_PORTFOLIO_PORT=str(upstream),
    )
    envoy = _start(
        directory / "envoy.log",
        [find_envoy(), "-c", str(file), "--disable-hot-restart", "--concurrency", "1", "-l", "warning"],
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as client:
            _wait(client, "/portfolio/v1/livez")
            yield Gateway(client, directory / "keys", directory / "envoy.log")
    finally:
        for process in (envoy, service):
            process.terminate()
            process.wait(20)


def gateway_options(directory: Path, upstream: int) -> dict[str, Any]:
    """Settings for two services at one address, one that is gone, and one issuer whose keys lie in a file."""
    ensure_keys(directory / "keys", [])
    key_set = directory / "jwks.json"
    key_set.write_text(json.dumps(jwks(directory / "keys")))
    openapi = directory / "openapi.json"
    openapi.write_text('{"openapi":"3.1.0"}')
    return {
        "services": {
            "portfolio": Address("127.0.0.1", upstream),
            "benefits": Address("127.0.0.1", upstream),
            "notifications": Address("127.0.0.1", free_port()),  # nobody is there
        },
        "issuers": (TrustedIssuer(ISSUER, AUDIENCE, jwks_file=key_set),),
        "public_url": "https://gevinst.example",
        "rate_limit": 1000,
        "cors_origins": ("https://intranet.example",),
        "openapi_file": openapi,
    }


def _start(log: Path, command: Sequence[str], **environment: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ, **environment})


def _wait(client: httpx.Client, path: str) -> None:
    for _ in range(200):
        try:
            if client.get(path).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{path} did not answer")
