"""Worker processes, and how to kill them."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from dataclasses import dataclass, field
from random import Random


@dataclass
class Workers:
    """`python -m gevinst_notifications work`, as many times as wanted; or another command."""

    environment: dict[str, str]
    running: list[Process] = field(default_factory=list)
    kills: int = 0

    async def start(self, command: str = "work") -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gevinst_notifications",
            command,
            env={**os.environ, **self.environment},
            stderr=DEVNULL,
        )
        self.running.append(process)
        return process

    async def kill(self, rng: Random) -> None:
        """SIGKILL to one of those that run, which has no moment to give anything back."""
        victim = rng.choice([process for process in self.running if process.returncode is None])
        victim.kill()
        self.kills += 1
        await victim.wait()

    async def stop(self) -> None:
        for process in self.running:
            if process.returncode is None:
                process.terminate()
        for process in self.running:
            await process.wait()
