"""Warm processes that draw, a few at a time, each picture within its time; a broken one is replaced."""

import asyncio
import json
import os
import struct
import sys
import time
from collections.abc import Mapping
from typing import Any

from opentelemetry.metrics import get_meter

from gevinst_shared.charts.drawable import drawable
from gevinst_shared.values.refusal import Refusal

_METER = get_meter(__name__)
_SECONDS = _METER.create_histogram(
    "gevinst.pictures.drawing", "s", "How long pictures took to be drawn, by what and how it ended."
)
_TURNED_AWAY = _METER.create_counter(
    "gevinst.pictures.turned_away", "{picture}", "Not drawn because too many waited."
)
_REPLACED = _METER.create_counter(
    "gevinst.pictures.workers_replaced", "{process}", "Drawing processes that were ended, by why."
)
_LENGTH = struct.Struct(">I")
_LARGEST_ANSWER = 50_000_000


class PicturesBusy(Refusal):
    code = "pictures-busy"
    title = "Too many pictures at once"
    detail = "More pictures are asked for than can be drawn now. Try again in a few seconds."


class PictureNotDrawn(Refusal):
    code = "picture-not-drawn"
    title = "The picture could not be drawn"
    detail = "The picture took too long or broke while it was drawn. Try again, or ask for the table."


class _Gone(Exception):  # noqa: N818 - never leaves this file
    """The process died or hung."""


class _Drawer:
    """One process; it does one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    @classmethod
    async def start(cls) -> "_Drawer":
        # Only what it needs to find its modules: no secret of the service is in its surroundings.
        known = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gevinst_shared.charts.drawing_process",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**known, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TZ": "UTC"},
        )
        return cls(process)

    async def do(self, job: bytes) -> bytes:
        """What came of it, with its first byte; `_Gone` when the process is."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(_LENGTH.pack(len(job)) + job)
            await self._process.stdin.drain()
            (length,) = _LENGTH.unpack(await self._process.stdout.readexactly(_LENGTH.size))
            if length > _LARGEST_ANSWER:
                raise _Gone
            return await self._process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise _Gone from error

    async def end(self) -> None:
        if self.is_alive:
            self._process.kill()
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


class Renderer:
    """So many processes, so many waiting at most; no process before the first picture is asked for."""

    def __init__(self, *, processes: int, most_waiting: int = 200, seconds: float = 20.0) -> None:
        self._free = asyncio.Semaphore(processes)
        self._idle: list[_Drawer] = []
        self._all: set[_Drawer] = set()
        self._waiting = 0
        self._most_waiting = most_waiting
        self._seconds = seconds

    @property
    def pids(self) -> list[int]:
        """The living processes."""
        return [drawer.pid for drawer in self._all if drawer.is_alive]

    async def svg(self, grammar: str, specification: Mapping[str, Any]) -> str:
        """The picture that a specification describes."""
        return (await self._done({"do": grammar, "specification": drawable(specification)})).decode()

    async def png(self, svg: str, *, scale: float) -> bytes:
        """The same picture in dots, `scale` to a pixel."""
        return await self._done({"do": "png", "svg": svg, "scale": scale})

    async def close(self) -> None:
        for drawer in list(self._all):
            await self._end(drawer)
        self._idle.clear()

    async def _done(self, job: Mapping[str, Any]) -> bytes:
        """Refuses `PicturesBusy` where too many wait, `PictureNotDrawn` where it cannot be."""
        if self._waiting >= self._most_waiting:
            _TURNED_AWAY.add(1)
            raise PicturesBusy
        self._waiting += 1
        try:
            async with self._free:
                return await self._timed(job)
        finally:
            self._waiting -= 1

    async def _timed(self, job: Mapping[str, Any]) -> bytes:
        begun = time.perf_counter()
        outcome = "failed"
        try:
            answer = await self._answer(json.dumps(job).encode())
            if answer[:1] != b"\0":
                raise PictureNotDrawn
            outcome = "drawn"
        finally:
            _SECONDS.record(time.perf_counter() - begun, {"kind": job["do"], "outcome": outcome})
        return answer[1:]

    async def _answer(self, job: bytes) -> bytes:
        # A process may have died since it last drew: then the job has a second chance in a new one.
        for _ in range(2):
            drawer = await self._drawer()
            try:
                answer = await asyncio.wait_for(drawer.do(job), self._seconds)
            except TimeoutError as error:
                await self._replace(drawer, "slow")
                raise PictureNotDrawn from error
            except _Gone:
                await self._replace(drawer, "died")
                continue
            except BaseException:
                # Whoever asked has left in the middle of an answer: the rest of it is nobody's.
                await self._replace(drawer, "left")
                raise
            self._idle.append(drawer)
            return answer
        raise PictureNotDrawn

    async def _drawer(self) -> _Drawer:
        while self._idle:
            drawer = self._idle.pop()
            if drawer.is_alive:
                return drawer
            await self._replace(drawer, "died")
        drawer = await _Drawer.start()
        self._all.add(drawer)
        return drawer

    async def _replace(self, drawer: _Drawer, reason: str) -> None:
        """The next picture finds one process less, and starts another."""
        _REPLACED.add(1, {"reason": reason})
        await self._end(drawer)

    async def _end(self, drawer: _Drawer) -> None:
        self._all.discard(drawer)
        await drawer.end()
