"""The commands of a service: serve, migrate, work, and restored after a restore from backup."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Generic, TypeVar

from fastapi import FastAPI
from sqlalchemy import MetaData

from gevinst_shared.db import migrations
from gevinst_shared.logs import write_json_lines
from gevinst_shared.metrics import sent_metrics
from gevinst_shared.settings import ServiceSettings, SettingsMissing, from_environment
from gevinst_shared.web.serving import serve

SettingsT = TypeVar("SettingsT", bound=ServiceSettings)


@dataclass(frozen=True, slots=True)
class Program(Generic[SettingsT]):
    """What the commands of one service need to know."""

    service: str
    settings: type[SettingsT]
    metadata: MetaData
    create_app: Callable[[SettingsT], FastAPI]
    work: Callable[[SettingsT], Awaitable[None]]
    # None: the service shares nothing with other installations.
    restored: Callable[[SettingsT], Awaitable[None]] | None = None

    @property
    def versions(self) -> Path:
        """Where the migrations are."""
        package = import_module(f"gevinst_{self.service}.migrations")
        assert package.__file__ is not None
        return Path(package.__file__).parent


def run(program: Program[SettingsT], arguments: Sequence[str]) -> None:
    """Do what the command line says; leaves with 2 and one sentence when it cannot be understood."""
    command = arguments[0] if arguments else ""
    if command not in {"serve", "migrate", "work", "restored", "new-migration"}:
        known = "serve | migrate | work | restored | new-migration SUBJECT"
        sys.exit(f"usage: python -m gevinst_{program.service} {known}")
    try:
        settings = from_environment(program.settings, program.service, os.environ)
    except SettingsMissing as missing:
        sys.exit(str(missing))
    if command == "serve":
        with sent_metrics(program.service, os.environ):
            serve(program.create_app(settings), settings)
        return
    write_json_lines(settings.log_level)
    if command == "work":
        with sent_metrics(f"{program.service}-work", os.environ):
            asyncio.run(_until_stopped(program.work(settings)))
    elif command == "restored":
        if program.restored is not None:
            asyncio.run(_until_stopped(program.restored(settings)))
    else:
        _migrate(program, settings, command, subject=" ".join(arguments[1:]))


def _migrate(program: Program[SettingsT], settings: SettingsT, command: str, *, subject: str) -> None:
    """Bring the schema up to date, or write what would."""
    owner = settings.owner_database_url
    if owner is None:
        sys.exit(f"Migrating needs GEVINST_{program.service.upper()}_OWNER_DATABASE_URL, the schema's owner.")
    if command == "migrate":
        asyncio.run(migrations.migrate(owner, program.metadata, program.versions))
        return
    asyncio.run(migrations.write_migration(owner, program.metadata, program.versions, subject=subject))


async def _until_stopped(work: Awaitable[None]) -> None:
    """Run the worker until SIGTERM or SIGINT."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        return
