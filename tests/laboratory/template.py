"""Databases that are migrated once: each installation begins with a copy of the files, and new passwords.

A migration imports a whole service, which costs more than what it does.
"""

import asyncio
import shutil
import subprocess
from pathlib import Path

from gevinst_shared.cli.blueprint import Blueprint, service_command
from gevinst_shared.cli.databases import make_databases
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.migrations import migrate
from gevinst_shared.cli.ports import free_port
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.cli.processes import together
from tests.support.house import chosen_postgres

SHARING = ("portfolio", "benefits")
_CLUSTER, _PASSWORD = Path("postgres", "data"), Path("secrets", "postgres")


async def make_template(home: Path) -> None:
    """A stopped cluster with the databases of the services that exchange."""
    settings = HouseSettings(
        home=home, port=free_port(), public_url="http://x", audience="http://x", postgres=chosen_postgres()
    )
    blueprint = Blueprint(settings, service_command)
    _prepare(home, blueprint)
    postgres = EmbeddedPostgres(home, is_durable=False, binaries=settings.postgres)
    await asyncio.to_thread(postgres.start)
    try:
        databases = await make_databases(postgres.url, home / "secrets")
        await together(
            *(
                migrate(
                    service_command(service, "migrate"),
                    service,
                    blueprint.migration_environment(service, databases[service]),
                    home / f"{service}.log",
                )
                for service in SHARING
            )
        )
    finally:
        await asyncio.to_thread(postgres.stop)


async def copy_template(template: Path, home: Path) -> None:
    """The cluster with its superuser's password; all other passwords are set anew at the start."""
    for part in (_CLUSTER, _PASSWORD):
        (home / part).parent.mkdir(parents=True)
        await copied(template / part, home / part)
    for directory in (home, (home / _CLUSTER).parent):
        directory.chmod(0o711)  # the account of the database passes through


def _prepare(home: Path, blueprint: Blueprint) -> None:
    home.mkdir()
    home.chmod(0o711)
    blueprint.write_files()


async def copied(source: Path, target: Path) -> None:
    """All files with their owners, in the place of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    await asyncio.to_thread(subprocess.run, ["cp", "-a", str(source), str(target)], check=True)
