"""What the laboratory asks of a network between installations, whichever way it is made."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from tests.laboratory.switch import Weather
from tests.laboratory.talk import Conversation


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation stands. `address` is what the others call, `desk` what its own people call.

    Its gateway listens on `host` and `port`; programs are begun there with `prefix` before the command.
    """

    name: str
    address: str
    desk: str
    host: str
    port: int
    prefix: tuple[str, ...] = ()


class Network(Protocol):
    """Lines between places, their weather, and what was said on them."""

    said: str
    """Which kind it is, for people."""
    allowed: str
    """The network that installations have to allow, as CIDR."""

    def place(self, name: str) -> Place: ...

    def set_weather(self, name: str, weather: Weather) -> None:
        """Of the line of one place."""

    def pull(self, name: str) -> None:
        """Take the line out."""

    def plug(self, name: str) -> None:
        """Put it in again."""

    def conversations(self) -> Sequence[Conversation]:
        """All of them until now, those of before first."""


async def begun(place: Place, *command: str, **options: Any) -> asyncio.subprocess.Process:
    """A program that runs where the place is."""
    return await asyncio.create_subprocess_exec(*place.prefix, *command, **options)
