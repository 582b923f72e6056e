"""Real installations: `python -m tests.denmark.installation HOME…` runs one in each home, in its own process.

Each has a PostgreSQL, databases, keys, an issuer and a port of its own, and does what `serve` and `work` of
portfolio and benefits do, in one process: as many of eight processes each would not fit a small machine. They
stop when the input ends.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from gevinst_benefits.settings import Settings as BenefitsSettings
from gevinst_benefits.worker import work as work_benefits
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.worker.work import work as work_portfolio
from gevinst_shared.auth.development_issuer import issue_token, key_file
from gevinst_shared.cli.orphans import ends_with_parent
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.settings import from_environment
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.web.clock import utc_now
from tests.portfolio.two_installations import House, opened_house
from tests.support.house import chosen_postgres

_ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 60.0
_AT_ONCE = 10
_OURS = ("portfolio", "benefits")


@dataclass
class Installation:
    """A running one, from `running_installations`, and a client that everybody calls it with."""

    home: Path
    address: str
    process: int
    client: httpx.AsyncClient

    @property
    def keys(self) -> Path:
        """Where its issuer's keys are, and those of the bodies that get tokens there."""
        return self.home / "issuer"

    def token(self, organisation: str, *roles: Role, subject: str) -> str:
        """An access token of its own issuer."""
        return issue_token(
            self.keys,
            Actor(subject, organisation, frozenset(roles)),
            issuer=f"{self.address}/issuer",
            audience=self.address,
            now=utc_now(),
        )

    def cut_off(self) -> None:
        """It stands still in the middle of what it does, and answers nobody."""
        os.kill(self.process, signal.SIGKILL)


@asynccontextmanager
async def running_installations(homes: Sequence[Path]) -> AsyncIterator[list[Installation]]:
    """They answer when they are here; whatever happens, nothing of them outlives this process."""
    for home in homes:
        home.mkdir(parents=True)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.denmark.installation", *map(str, homes)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        preexec_fn=ends_with_parent(),
    )
    assert process.stdin is not None
    try:
        async with AsyncExitStack() as stack:
            said = [await _said(process) for _ in homes]
            found = {one["home"]: await _opened(stack, one) for one in said}
            yield [found[str(home)] for home in homes]
    finally:
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _said(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line, "an installation did not start"
    said: dict[str, Any] = json.loads(line)
    return said


async def _opened(stack: AsyncExitStack, said: dict[str, Any]) -> Installation:
    limits = httpx.Limits(max_connections=_AT_ONCE)
    client = httpx.AsyncClient(trust_env=False, timeout=120, limits=limits)
    await stack.enter_async_context(client)
    return Installation(Path(said["home"]), said["address"], said["process"], client)


def _run(homes: Sequence[Path]) -> None:
    """A process for each home. All that they have in common is that the modules were loaded once."""
    children = []
    for home in homes:
        child = os.fork()
        if child == 0:
            ends_with_parent()()
            asyncio.run(_serve(home))
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


async def _serve(home: Path) -> None:
    postgres = EmbeddedPostgres(home / "postgres", is_durable=False, binaries=chosen_postgres())
    postgres.start()
    try:
        async with opened_house(postgres.url, home) as house:
            working = asyncio.gather(*_work(house))
            said = {"home": str(home), "address": house.address, "process": os.getpid()}
            os.write(sys.stdout.fileno(), json.dumps(said).encode() + b"\n")
            gone = asyncio.create_task(_input_ended())
            await asyncio.wait((working, gone), return_when=asyncio.FIRST_COMPLETED)
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
    finally:
        postgres.stop()


def _work(house: House) -> list[asyncio.Task[None]]:
    """What the workers of both services do, which reach each other at the house's own address."""
    there = {**house.environment, "GEVINST_TOKEN_URL": f"{house.address}/issuer/token"}
    for service in _OURS:
        key = key_file(house.installation.keys, f"gevinst-{service}")
        there[f"GEVINST_{service.upper()}_URL"] = house.address
        there[f"GEVINST_{service.upper()}_CLIENT_KEY_FILE"] = str(key)
    portfolio = from_environment(Settings, "portfolio", there)
    benefits = from_environment(BenefitsSettings, "benefits", there)
    works = (lambda: work_portfolio(portfolio), lambda: work_benefits(benefits))
    return [asyncio.create_task(_kept(work)) for work in works]


async def _kept(work: Callable[[], Awaitable[None]]) -> None:
    """Begin again when the database did not answer in time, as whoever starts workers does."""
    while True:
        try:
            await work()
        except OSError:
            await asyncio.sleep(1)


async def _input_ended() -> None:
    heard = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    await heard.read()


if __name__ == "__main__":
    _run([Path(home) for home in sys.argv[1:]])
