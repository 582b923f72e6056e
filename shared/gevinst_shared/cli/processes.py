"""The children of one command: started in order, watched, started again when they die, stopped in reverse."""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from gevinst_shared.cli.cannot_start import CannotStart, disk_full, is_disk_full, says_disk_full
from gevinst_shared.cli.orphans import ends_with_parent
from gevinst_shared.http.client import NO_TLS

READY_SECONDS = 60.0
STOP_SECONDS = 15.0
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
STEADY_SECONDS = 10.0  # a child that lived this long has not failed to start
LARGEST_LOG_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `is_ready` is asked again and again until it says yes; `prepare` runs before every start.

    `environment` is added to ours. `account` runs it under another account.
    """

    name: str
    command: Callable[[], tuple[str, ...]]
    is_ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    stop_signal: signal.Signals = signal.SIGTERM
    account: str | None = None


class Supervisor:
    """Keeps programs running; their output goes to `<log>/<name>.log`.

    Call it from one event loop. A child that ends by itself is started again after a pause that doubles.
    """

    def __init__(self, log: Path) -> None:
        self.log = log
        self._batches: list[list[_Child]] = []
        log.mkdir(parents=True, exist_ok=True)

    async def start(self, *programs: Program) -> None:
        """Start them together and return when all are ready; `CannotStart` when one does not get there."""
        batch = [_Child(program, self.log / f"{program.name}.log") for program in programs]
        self._batches.append(batch)
        await together(*(child.start() for child in batch))

    async def stop(self) -> None:
        """Stop all, the last started first. What does not go in time is killed, with all that it started."""
        while self._batches:
            await asyncio.gather(*(child.stop() for child in self._batches.pop()))

    def kill(self, name: str) -> int:
        """SIGKILL to the program, which is started again; returns the process that died."""
        process = self._child(name).process_id
        os.kill(process, signal.SIGKILL)
        return process

    def process_id(self, name: str) -> int:
        return self._child(name).process_id

    async def wait_ready(self, name: str, *, other_than: int | None = None) -> None:
        """Return when the program answers, in another process than `other_than` when that is given."""
        child = self._child(name)
        async with asyncio.timeout(READY_SECONDS):
            while child.process_id == other_than or not await child.program.is_ready():  # noqa: ASYNC110 - another process cannot set an event
                await asyncio.sleep(0.05)

    def _child(self, name: str) -> "_Child":
        return next(child for batch in self._batches for child in batch if child.program.name == name)


async def together(*steps: Coroutine[Any, Any, None]) -> None:
    """Take the steps at once. The first that fails ends the others, and its error is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except ExceptionGroup as several:
        raise several.exceptions[0] from None


def answers(url: str) -> Callable[[], Awaitable[bool]]:
    """A check: `url` answers 200."""

    async def check() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=2, verify=NO_TLS) as client:
                return (await client.get(url)).status_code == 200
        except httpx.TransportError:
            return False

    return check


def listens(host: str, port: int) -> Callable[[], Awaitable[bool]]:
    """A check: something takes connections there."""

    async def check() -> bool:
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            return False
        writer.close()
        return True

    return check


async def at_once() -> bool:
    """A check for a program that has no address: it runs, so it is ready."""
    return True


class _Child:
    def __init__(self, program: Program, log: Path) -> None:
        self.program = program
        self.process_id = 0
        self._log = log
        self._process: Process | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._make_room()
        start = self._log.stat().st_size if self._log.exists() else 0
        process = await self._spawn()
        deadline = asyncio.get_running_loop().time() + READY_SECONDS
        while not await self.program.is_ready():
            if process.returncode is not None or asyncio.get_running_loop().time() > deadline:
                await self.stop()
                raise self._reason(start)
            await asyncio.sleep(0.03)
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(self.program.stop_signal)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        self._end_group()
        await self._process.wait()

    async def _keep(self) -> None:
        """Start the program again whenever it ends, for as long as this task lives."""
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE_SECONDS
        while self._process is not None:
            began = loop.time()
            await self._process.wait()
            self._end_group()
            if loop.time() - began > STEADY_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            self._make_room()
            with contextlib.suppress(CannotStart):  # the log has the reason, and the next try follows
                await self._spawn()

    async def _spawn(self) -> Process:
        """One event loop, one thread: the children's lives hang on it (`ends_with_parent`)."""
        try:
            self.program.prepare()
            with self._log.open("ab") as log:
                self._process = await asyncio.create_subprocess_exec(
                    *self.program.command(),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self.program.environment},
                    user=self.program.account,
                    extra_groups=[] if self.program.account else None,
                    cwd="/" if self.program.account else None,
                    start_new_session=True,
                    preexec_fn=ends_with_parent(),  # one system call, no lock is taken
                )
        except FileNotFoundError as error:
            raise CannotStart(
                f"The program {error.filename} is missing: install it, or run make again."
            ) from None
        except OSError as error:
            raise disk_full(self._log.parent) if is_disk_full(error) else error from None
        self.process_id = self._process.pid
        return self._process

    def _end_group(self) -> None:
        """Whatever the program started and left behind goes with it."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _make_room(self) -> None:
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))

    def _reason(self, start: int) -> CannotStart:
        with self._log.open("rb") as log:
            log.seek(start)
            lines = log.read().decode(errors="replace").splitlines()
        if any(says_disk_full(line) for line in lines):
            return disk_full(self._log.parent)
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        return CannotStart(f"{self.program.name} did not start ({last[:300]}): see {self._log}.")
