"""A network of proxies on loopback, for where namespaces cannot be made: one in front of each gateway.

It carries bytes and no packets: a cut line ends connections and takes no new ones, a silent one holds what it
was given, a lossy one breaks connections in the middle. Only calls to a place have its weather, not its own.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from gevinst_shared.cli.ports import free_ports
from tests.laboratory.network import Place
from tests.laboratory.switch import FAIR, Weather
from tests.laboratory.talk import Conversation, Said

_PIECE = 65_536
_LOOK_SECONDS = 0.1


@dataclass
class _Proxy:
    place: Place
    rng: Random
    weather: Weather = field(default=FAIR)
    is_out: bool = False
    talks: list[Conversation] = field(default_factory=list)
    running: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.running.add(task)
        try:
            if not self.is_out:
                await self._joined(reader, writer)
        except OSError:
            pass
        finally:
            self.running.discard(task)
            writer.transport.abort()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self.place.host, self.place.port)
        talk = Conversation(None, self.place.name)
        self.talks.append(talk)
        ways = [
            asyncio.create_task(self._carry(reader, back, talk.asked)),
            asyncio.create_task(self._carry(there, writer, talk.answered)),
        ]
        try:
            # Whichever end hangs up, the other has said nothing more that anybody hears.
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            back.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: Said) -> None:
        while piece := await reader.read(_PIECE):
            said.pieces.append((time.time(), piece))
            weather = self.weather
            await asyncio.sleep(weather.delay + weather.jitter * self.rng.random())
            while self.weather.is_silent:  # noqa: ASYNC110 - weather is set from outside at any time
                await asyncio.sleep(_LOOK_SECONDS)
            if self.rng.random() < weather.loss:
                return
            writer.write(piece)
            await writer.drain()
        await asyncio.sleep(0)


class Proxies:
    """A network of proxies, from `network_of_proxies`."""

    said = "proxies on loopback, because network namespaces cannot be made here"
    allowed = "127.0.0.0/8"

    def __init__(self, proxies: dict[str, _Proxy]) -> None:
        self._proxies = proxies

    def place(self, name: str) -> Place:
        return self._proxies[name].place

    def set_weather(self, name: str, weather: Weather) -> None:
        self._proxies[name].weather = weather

    def pull(self, name: str) -> None:
        proxy = self._proxies[name]
        proxy.is_out = True
        for task in proxy.running:
            task.cancel()

    def plug(self, name: str) -> None:
        self._proxies[name].is_out = False

    def conversations(self) -> Sequence[Conversation]:
        found = [talk for proxy in self._proxies.values() for talk in proxy.talks]
        return sorted(found, key=lambda talk: talk.asked.pieces[0][0] if talk.asked.pieces else 0.0)


@asynccontextmanager
async def network_of_proxies(names: Sequence[str], rng: Random) -> AsyncIterator[Proxies]:
    """A proxy for each name, until the end."""
    ports = iter(free_ports(2 * len(names)))
    proxies, servers = {}, []
    for name in names:
        front, behind = next(ports), next(ports)
        place = Place(name, f"http://127.0.0.1:{front}", f"http://127.0.0.1:{behind}", "127.0.0.1", behind)
        proxies[name] = _Proxy(place, rng)
        servers.append(await asyncio.start_server(proxies[name].serve, "127.0.0.1", front))
    try:
        yield Proxies(proxies)
    finally:
        for server in servers:
            server.close()
        tasks = [task for proxy in proxies.values() for task in proxy.running]
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*tasks, return_exceptions=True)
