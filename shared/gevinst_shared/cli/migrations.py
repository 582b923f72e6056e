"""Migrations of the services' databases, each in a process of its own."""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart, disk_full, says_disk_full


async def migrate(command: tuple[str, ...], service: str, environment: Mapping[str, str], log: Path) -> None:
    """Bring one database up to date; `CannotStart` has the last line of what was said, `log` all of it."""
    with log.open("wb") as output:
        migration = await asyncio.create_subprocess_exec(
            *command, stdout=output, stderr=output, env={**os.environ, **environment}
        )
        try:
            code = await migration.wait()
        finally:
            if migration.returncode is None:
                migration.kill()
                await migration.wait()
    if code != 0:
        raise _reason(service, log)


def _reason(service: str, log: Path) -> CannotStart:
    said = log.read_text(errors="replace").strip()
    if says_disk_full(said):
        return disk_full(log.parent)
    last = said.splitlines()[-1][:300] if said else "it said nothing"
    return CannotStart(f"The database of {service} could not be migrated ({last}): see {log}.")
