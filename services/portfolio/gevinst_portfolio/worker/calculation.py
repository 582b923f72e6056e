"""Long calculations, each in a process of its own: the event loop stays free, and a crash stays there."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from gevinst_portfolio.domain.runs import error_of
from gevinst_shared.values.refusal import Refusal

_CONTEXT = get_context("spawn")
_LOOK_AGAIN_SECONDS = 0.1


class Ear:
    """How a task tells how far it is, and hears that it shall stop."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._is_told = False

    def progress(self, share: float, text: str, **figures: float | None) -> None:
        known = {name: value for name, value in figures.items() if value is not None}
        self._pipe.send(("progress", {"share": round(share, 4), "text": text, **known}))

    def shall_stop(self) -> bool:
        self._is_told = self._is_told or self._pipe.poll()
        return self._is_told


Task = Callable[[Ear], object]
"""What is calculated; it travels to the other process, and so does its result."""


class Follower(Protocol):
    """Whom the calculation tells, and whom it asks whether to go on."""

    is_cancelled: bool
    is_lost: bool

    def tell(self, progress: Mapping[str, Any]) -> None: ...


class CalculationDied(Exception):  # noqa: N818 - what happened to the process
    """The process ended without a result."""


class CalculationRefused(Exception):  # noqa: N818 - carries an answer
    """The task refused what it was given; `error` is the refusal as a run keeps it."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(error["code"])
        self.error = error


async def calculate(task: Task, follower: Follower) -> object:
    """The task's result. Raises `CalculationRefused` and `CalculationDied`; leaves no process behind."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=serve, args=(theirs, task), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    try:
        return await _listen(ours, process, follower)
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
        ours.close()


async def _listen(pipe: Pipe, process: BaseProcess, follower: Follower) -> object:
    is_told = False
    while not follower.is_lost:
        if follower.is_cancelled and not is_told:
            is_told = True
            pipe.send("stop")
        if not await asyncio.to_thread(pipe.poll, _LOOK_AGAIN_SECONDS):
            continue
        try:
            kind, content = await asyncio.to_thread(pipe.recv)
        except (EOFError, OSError) as error:
            raise CalculationDied(f"exit code {process.exitcode}") from error
        match kind:
            case "progress":
                follower.tell(content)
            case "refused":
                raise CalculationRefused(content)
            case _:
                return content
    raise CalculationDied("given up")


def serve(pipe: Pipe, task: Task) -> None:
    """The other process's program."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        pipe.send(("result", task(Ear(pipe))))
    except Refusal as refusal:
        pipe.send(("refused", error_of(refusal)))


def _end_with_parent() -> None:
    """A worker that was killed leaves nothing running behind."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)
