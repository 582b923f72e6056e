"""Which programs a house has, where they listen, and what each is told."""

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from gevinst_shared.auth.development_issuer import ensure_keys, key_file, trust_entry
from gevinst_shared.auth.issuers import OddIssuers, read_issuers
from gevinst_shared.cli import postmaster
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.databases import ServiceDatabase
from gevinst_shared.cli.gateway.configuration import find_envoy, gateway_yaml
from gevinst_shared.cli.gateway.gallery import shown_before, write_gallery
from gevinst_shared.cli.gateway.settings import Address, GatewaySettings, TrustedIssuer
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.ports import free_ports
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.cli.processes import Program, answers, at_once, listens
from gevinst_shared.cli.secret_files import secret
from gevinst_shared.settings import SERVICES

Commands = Callable[[str, str], tuple[str, ...]]
ISSUERS_FILE = "issuers.json"  # in the home: the development issuer first, then the operator's
KEYS_DIRECTORY = "issuer"
_LOOPBACK = "127.0.0.1"


def service_command(service: str, verb: str) -> tuple[str, ...]:
    """How a service is called; `verb` is serve, migrate or work."""
    return (sys.executable, "-m", f"gevinst_{service}", verb)


class Blueprint:
    """The plan of one start: all ports but the gateway's are free ones, on loopback."""

    def __init__(self, settings: HouseSettings, command: Commands) -> None:
        self.settings = settings
        self.command = command
        self._openapi_file = settings.home / "gateway" / "openapi.json"
        programs = (*SERVICES, "issuer", "mail")
        ports = [port for port in free_ports(len(programs) + 1) if port != settings.port]
        self._ports = dict(zip(programs, ports, strict=False))

    def write_files(self) -> None:
        """The keys of the development issuer, its clients and endpoints, and the list of trusted issuers."""
        for file in (self._channel_key_file, self._embed_key_file, self._sync_key_file):
            secret(file)
        self._openapi_file.parent.mkdir(parents=True, exist_ok=True)
        ensure_keys(self._keys, [_client(service) for service in SERVICES])
        own = trust_entry(
            issuer=self._issuer_name,
            audience=self.settings.audience,
            jwks_url=f"{self._issuer_url}/jwks.json",
            service_clients={_client(service): service for service in SERVICES},
        )
        trusted = [own]
        try:
            if self.settings.issuers_file is not None:
                others = read_issuers(self.settings.issuers_file)
                trusted += [one.model_dump(mode="json", exclude_none=True) for one in others]
            self._issuers_file.write_text(json.dumps(trusted, indent=2))
            read_issuers(self._issuers_file)  # the operator's may not fit beside the development issuer
        except OddIssuers as refusal:
            raise CannotStart(str(refusal)) from None

    def write_openapi(self, document: str) -> None:
        """What the gateway shows as /openapi.json."""
        self._openapi_file.write_text(document)

    def service_url(self, service: str) -> str:
        return f"http://{_LOOPBACK}:{self._ports[service]}"

    @property
    def smtp_port(self) -> int:
        """Where the mail catcher listens."""
        return self._ports["mail"]

    def postgres(self, postgres: EmbeddedPostgres) -> Program:
        async def check() -> bool:
            return postmaster.is_ready(postgres.data)

        return Program(
            "postgres",
            lambda: postgres.command,
            check,
            prepare=postgres.prepare,
            stop_signal=signal.SIGINT,
            account=postgres.account,
        )

    def issuer(self) -> Program:
        clients = [part for service in SERVICES for part in ("--client", _client(service))]
        command = (
            *(sys.executable, "-m", "gevinst_shared.cli.issuer", str(self._keys)),
            *("--port", str(self._ports["issuer"]), "--issuer", self._issuer_name),
            *("--audience", self.settings.audience, "--token-url", f"{self._issuer_url}/token", *clients),
        )
        return Program("issuer", lambda: command, answers(f"{self._issuer_url}/jwks.json"))

    def mail_catcher(self) -> list[Program]:
        """One program, or none when mail goes to a server of the operator's."""
        if self.settings.smtp_url is not None:
            return []
        port = self.smtp_port
        command = (
            sys.executable,
            "-m",
            "gevinst_shared.cli.mail_catcher",
            str(self.settings.home / "mail"),
            str(port),
        )
        return [Program("mail", lambda: command, listens(_LOOPBACK, port))]

    def service(self, service: str, database: ServiceDatabase) -> Program:
        return Program(
            service,
            lambda: self.command(service, "serve"),
            answers(f"{self.service_url(service)}/{service}/v1/readyz"),
            environment=self._environment(service, database),
        )

    def worker(self, service: str, database: ServiceDatabase) -> Program:
        environment = self._environment(service, database)
        return Program(f"{service}-worker", lambda: self.command(service, "work"), at_once, environment)

    def gateway(self) -> Program:
        file = self.settings.home / "gateway" / "envoy.yaml"
        settings = self.gateway_settings()
        write_gallery(settings, shown_before(self._gallery))
        file.write_text(gateway_yaml(settings))
        command = (
            find_envoy(),
            "-c",
            str(file),
            "--disable-hot-restart",
            "--concurrency",
            "2",
            "-l",
            "warning",
        )
        return Program("gateway", lambda: command, listens(_LOOPBACK, self.settings.port))

    def gateway_settings(self) -> GatewaySettings:
        return GatewaySettings(
            listen=Address(self.settings.host, self.settings.port),
            services={service: Address(_LOOPBACK, self._ports[service]) for service in SERVICES},
            issuers=trusted_by_gateway(self._issuers_file),
            public_url=self.settings.public_url,
            rate_limit=self.settings.rate_limit,
            cors_origins=self.settings.cors_origins,
            openapi_file=self._openapi_file,
            issuer_upstream=Address(_LOOPBACK, self._ports["issuer"]),
            gallery=self._gallery,
        )

    def migration_environment(self, service: str, database: ServiceDatabase) -> dict[str, str]:
        """Only a migration gets to know the owner's password."""
        owner = {f"GEVINST_{service.upper()}_OWNER_DATABASE_URL": database.owner_url}
        return self._environment(service, database) | owner

    def _environment(self, service: str, database: ServiceDatabase) -> dict[str, str]:
        prefix = f"GEVINST_{service.upper()}"
        return {
            **self._shared_environment(),
            f"{prefix}_DATABASE_URL": database.url,
            f"{prefix}_HOST": _LOOPBACK,
            f"{prefix}_PORT": str(self._ports[service]),
            f"{prefix}_CLIENT_ID": _client(service),
            f"{prefix}_CLIENT_KEY_FILE": str(key_file(self._keys, _client(service))),
        }

    def _shared_environment(self) -> dict[str, str]:
        urls = {f"GEVINST_{service.upper()}_URL": self.service_url(service) for service in SERVICES}
        return {
            **urls,
            "GEVINST_HOME": str(self.settings.home),
            "GEVINST_PUBLIC_URL": self.settings.public_url,
            "GEVINST_AUDIENCE": self.settings.audience,
            "GEVINST_ISSUERS_FILE": str(self._issuers_file),
            "GEVINST_TOKEN_URL": f"{self._issuer_url}/token",
            "GEVINST_NOTIFICATIONS_CHANNEL_KEY_FILE": str(self._channel_key_file),
            "GEVINST_EMBED_KEY_FILE": str(self._embed_key_file),
            "GEVINST_SYNC_KEY_FILE": str(self._sync_key_file),
            "GEVINST_SYNC_TOKEN_URL": f"{self._issuer_name}/token",
            "GEVINST_SMTP_URL": self.settings.smtp_url or f"smtp://{_LOOPBACK}:{self.smtp_port}",
        }

    @property
    def _gallery(self) -> Path:
        return self.settings.home / "gateway" / "gallery"

    @property
    def _keys(self) -> Path:
        return self.settings.home / KEYS_DIRECTORY

    @property
    def _issuers_file(self) -> Path:
        return self.settings.home / ISSUERS_FILE

    @property
    def _channel_key_file(self) -> Path:
        return self.settings.home / "secrets" / "notifications_channel_key"

    @property
    def _embed_key_file(self) -> Path:
        return self.settings.home / "secrets" / "embed_key"

    @property
    def _sync_key_file(self) -> Path:
        return self.settings.home / "secrets" / "sync_key"

    @property
    def _issuer_name(self) -> str:
        return f"{self.settings.public_url}/issuer"

    @property
    def _issuer_url(self) -> str:
        return f"http://{_LOOPBACK}:{self._ports['issuer']}/issuer"


def trusted_by_gateway(issuers_file: Path) -> tuple[TrustedIssuer, ...]:
    """The issuers of the file as the gateway needs them; `CannotStart` when the file cannot be used."""
    try:
        found = read_issuers(issuers_file)
    except OddIssuers as refusal:
        raise CannotStart(str(refusal)) from None
    return tuple(TrustedIssuer(one.issuer, one.audience, one.jwks_file, one.jwks_url) for one in found)


def _client(service: str) -> str:
    return f"gevinst-{service}"
