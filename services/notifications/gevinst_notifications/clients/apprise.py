"""Exotic channels through Apprise, an optional extra, in a process of its own per message."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from gevinst_notifications.domain.deliveries import Attempt, Outcome
from gevinst_shared.values.networks import Network

_CHILD = "gevinst_notifications.clients.apprise_child"
# What a child needs of our surroundings; our secrets are none of it.
_HANDED_ON = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SYSTEMROOT")


def is_installed() -> bool:
    """Whether the extra `apprise` is there."""
    return find_spec("apprise") is not None


class AppriseProcess:
    """Sends each message in a child of its own, which is killed when it takes longer than `seconds`."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds

    async def send(self, address: str, title: str, text: str, *, allowed: Sequence[Network]) -> Attempt:
        """Hand the message over; what the child or the service does is never raised."""
        asked = {"address": address, "title": title, "text": text, "allowed": [str(one) for one in allowed]}
        try:
            said = await self._answer(json.dumps(asked).encode())
        except TimeoutError:
            return Attempt(Outcome.LOST_AFTER_DATA, text=f"no answer within {self._seconds:g} seconds")
        try:
            answer = json.loads(said)
            return Attempt(Outcome(answer["outcome"]), text=str(answer["text"])[:200])
        except (ValueError, KeyError, TypeError):
            return Attempt(Outcome.LOST_AFTER_DATA, text="the process for Apprise broke")

    async def _answer(self, asked: bytes) -> bytes:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            _CHILD,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_surroundings(),
        )
        try:
            async with asyncio.timeout(self._seconds):
                said, _ = await child.communicate(asked)
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
        return said


def _surroundings() -> dict[str, str]:
    """The child's environment: where Python finds things, and nothing that is a secret."""
    own = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    return {
        **own,
        "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
        "HOME": str(Path(os.sep)),
    }
