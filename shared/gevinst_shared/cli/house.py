"""The whole house on one machine: database, issuer, mail catcher, services, workers and gateway."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gevinst_shared.auth.development_issuer import issue_token
from gevinst_shared.auth.issuers import read_issuers
from gevinst_shared.cli.blueprint import ISSUERS_FILE, KEYS_DIRECTORY, Blueprint, Commands, service_command
from gevinst_shared.cli.cannot_start import CannotStart, disk_full, is_disk_full
from gevinst_shared.cli.databases import make_databases
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.merged_openapi import fetch_merged_openapi
from gevinst_shared.cli.migrations import migrate
from gevinst_shared.cli.ports import require_free
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.cli.processes import Supervisor, together
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class House:
    """A running house.

    Its programs are called postgres, issuer, mail, gateway, <service> and <service>-worker.
    """

    settings: HouseSettings
    blueprint: Blueprint
    supervisor: Supervisor
    admin_url: str  # the database's superuser, as asyncpg reads it

    @property
    def base_url(self) -> str:
        """The gateway on this machine."""
        return f"http://127.0.0.1:{self.settings.port}"

    @property
    def mail(self) -> Path:
        """Where caught messages lie, one .eml each."""
        return self.settings.home / "mail"

    def log(self, name: str) -> Path:
        return self.supervisor.log / f"{name}.log"

    def service_url(self, service: str) -> str:
        """A service past the gateway, without a path."""
        return self.blueprint.service_url(service)

    def token(self, role: Role, organisation: str, *, subject: str | None = None) -> str:
        """An access token of the development issuer for somebody with this role in the whole organisation."""
        return house_token(
            self.settings.home, {role}, organisation, subject=subject or f"{role}@{organisation}"
        )

    def kill(self, name: str) -> int:
        """SIGKILL a program, which starts again by itself; returns the process that died."""
        return self.supervisor.kill(name)

    async def restarted(self, name: str, killed: int) -> None:
        """Return when the program answers again in a process other than `killed`."""
        await self.supervisor.wait_ready(name, other_than=killed)


@asynccontextmanager
async def running_house(
    settings: HouseSettings, *, command: Commands = service_command, is_durable: bool = True
) -> AsyncIterator[House]:
    """Start everything in order, hand out the house, stop everything in reverse; `CannotStart` says why not.

    `command` says how a service is called, for stand-ins. Call it on the main thread of its process.
    """
    with _only_one(settings.home):
        require_free(settings.port, setting="GEVINST_PORT", host=settings.host)
        supervisor = Supervisor(settings.home / "log")
        try:
            yield await _start(settings, supervisor, command, is_durable=is_durable)
        except OSError as error:
            raise disk_full(settings.home) if is_disk_full(error) else error from None
        finally:
            await asyncio.shield(asyncio.ensure_future(supervisor.stop()))


def house_token(home: Path, roles: Collection[Role], organisation: str, *, subject: str) -> str:
    """An access token of the home's development issuer, for the address of its last start."""
    if not (home / ISSUERS_FILE).exists():
        raise CannotStart(
            f"Nothing was started in {home} yet: run `make run` first, or set GEVINST_HOME to where it runs."
        )
    own = read_issuers(home / ISSUERS_FILE)[0]
    actor = Actor(subject=subject, organisation=organisation, roles=frozenset(roles))
    return issue_token(
        home / KEYS_DIRECTORY, actor, issuer=own.issuer, audience=own.audience, now=datetime.now(UTC)
    )


async def _start(
    settings: HouseSettings, supervisor: Supervisor, command: Commands, *, is_durable: bool
) -> House:
    postgres = EmbeddedPostgres(settings.home, is_durable=is_durable, binaries=settings.postgres)
    blueprint = Blueprint(settings, command)
    blueprint.write_files()
    await supervisor.start(blueprint.postgres(postgres))
    databases = await make_databases(postgres.url, settings.home / "secrets")
    await together(
        supervisor.start(blueprint.issuer(), *blueprint.mail_catcher()),
        *(
            migrate(
                command(service, "migrate"),
                service,
                blueprint.migration_environment(service, databases[service]),
                supervisor.log / f"{service}-migrate.log",
            )
            for service in SERVICES
        ),
    )
    await supervisor.start(*(blueprint.service(service, databases[service]) for service in SERVICES))
    await supervisor.start(*(blueprint.worker(service, databases[service]) for service in SERVICES))
    urls = {service: blueprint.service_url(service) for service in SERVICES}
    blueprint.write_openapi(await fetch_merged_openapi(urls))
    await supervisor.start(blueprint.gateway())
    return House(settings, blueprint, supervisor, postgres.url)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the home's lock. The lock goes with the process, so a killed house leaves none behind."""
    try:
        if not home.exists():
            home.mkdir(parents=True)
            home.chmod(
                0o711
            )  # the database's account passes through; every secret has a 0600 file of its own
        lock = (home / "lock").open("a+")
    except OSError as error:
        if is_disk_full(error):
            raise disk_full(home) from None
        raise CannotStart(f"The home {home} cannot be used: {error.strerror}. Set GEVINST_HOME.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip()
            raise CannotStart(
                f"Gevinst already runs in {home} (process {holder}): stop it, or set another GEVINST_HOME."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
