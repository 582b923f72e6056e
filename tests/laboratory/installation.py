"""One real installation as a program of its own: `python -m tests.laboratory.installation <settings>`.

It starts what `gevinst up` starts, but for notifications, which exchange nothing and have a stand-in. It does
what lines of JSON on its input ask, and stops all when that ends.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from gevinst_shared.cli.blueprint import service_command
from gevinst_shared.cli.house import House, house_token, running_house
from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.orphans import ends_with_parent
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from tests.laboratory.faulty import CHOSEN, faulty_command
from tests.laboratory.network import Place, begun
from tests.laboratory.template import SHARING, copied
from tests.support.house import chosen_postgres, stand_in_command

_ROOT = Path(__file__).parents[2]
_STOP_SECONDS = 60.0
_TRIES = 5
_LONGEST_LINE = 64 * 2**20
_PROGRAMS_OF_SERVICES = (*SERVICES, *(f"{service}-worker" for service in SERVICES))
PROGRAMS = (*_PROGRAMS_OF_SERVICES, "gateway", "issuer", "postgres")


@dataclass
class Installation:
    """A running one, from `running_installation`."""

    place: Place
    home: Path
    process: asyncio.subprocess.Process
    _numbers: Any = field(default_factory=count)
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)

    def token(self, organisation: str, *roles: Role, subject: str) -> str:
        """An access token of its own issuer."""
        return house_token(self.home, roles, organisation, subject=subject)

    async def kill(self, program: str) -> None:
        """SIGKILL; it starts again by itself."""
        await self._do("kill", program=program)

    async def settled(self) -> None:
        """Return when every program answers."""
        await self._do("settled")

    async def back_up(self) -> None:
        """Stop the database, copy its files, start it."""
        await self._do("back_up")

    async def restore(self, kept: str, *, is_said: bool) -> list[list[Any]]:
        """Put the copied files in the place of the database's, and start the services anew on them.

        As docs/operating.md has it, with the feeds told before anything runs, or without a word (`is_said`).
        Returns what the statement `kept` last read in benefits before that.
        """
        found: list[list[Any]] = await self._do("restore", kept=kept, is_said=is_said)
        return found

    async def break_down(self, fault: str, *programs: str) -> None:
        """Kill programs, which start again with a fault of `faulty`."""
        await self._do("break_down", fault=fault, programs=programs)

    async def rows(self, service: str, statement: str) -> list[list[Any]]:
        """What the superuser of the database reads; the statement makes texts and numbers of everything."""
        found: list[list[Any]] = await self._do("rows", service=service, statement=statement)
        return found

    async def call(self, address: str) -> int:
        """Have somebody inside call an address; the answer's status."""
        status: int = await self._do("call", address=address)
        return status

    async def _do(self, verb: str, **given: Any) -> Any:
        assert self.process.stdin is not None
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        self.process.stdin.write(json.dumps({"number": number, "verb": verb, **given}).encode() + b"\n")
        return await answer

    async def _listen(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            said = json.loads(line)
            answer = self._waiting.pop(said["number"])
            if "failed" in said:
                answer.set_exception(RuntimeError(f"{self.place.name}: {said['failed']}"))
            else:
                answer.set_result(said.get("found"))
        for answer in self._waiting.values():
            answer.set_exception(RuntimeError(f"the installation {self.place.name} is gone"))


@asynccontextmanager
async def running_installation(place: Place, home: Path) -> AsyncIterator[Installation]:
    """Everything of it stops at the end, in order; whatever happens, nothing of it outlives this process."""
    settings = {"home": str(home), "port": place.port, "host": place.host, "public_url": place.address}
    process = await begun(
        place,
        sys.executable,
        *("-m", "tests.laboratory.installation", json.dumps(settings)),
        cwd=_ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LONGEST_LINE,
        preexec_fn=ends_with_parent(),
    )
    found = Installation(place, home, process)
    listening = asyncio.create_task(found._listen())
    try:
        await found.settled()
        yield found
    finally:
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await asyncio.gather(listening, return_exceptions=True)


class _Inside:
    """What the program does when it is asked."""

    def __init__(self, house: House) -> None:
        self._house = house
        postgres = EmbeddedPostgres(house.settings.home, binaries=house.settings.postgres)
        self._data = postgres.data
        self._copy = postgres.data.with_name("copy")
        self.verbs: dict[str, Callable[..., Awaitable[Any]]] = {
            "kill": self.kill,
            "settled": self.settled,
            "back_up": self.back_up,
            "restore": self.restore,
            "rows": self.rows,
            "call": self.call,
            "break_down": self.break_down,
        }

    async def kill(self, program: str) -> None:
        with contextlib.suppress(ProcessLookupError):  # it is dead already
            self._house.kill(program)

    async def settled(self) -> None:
        await asyncio.gather(*map(self._ready, PROGRAMS))

    async def _ready(self, program: str) -> None:
        """Three installations that start again at once take longer than one."""
        for _ in range(_TRIES):
            with contextlib.suppress(TimeoutError):
                return await self._house.supervisor.wait_ready(program)
        raise TimeoutError(f"{program} does not answer")

    async def back_up(self) -> None:
        async with self._stopped_database():
            await copied(self._data, self._copy)

    async def restore(self, kept: str, *, is_said: bool) -> list[list[Any]]:
        programs = [self._house.supervisor._child(name) for name in _PROGRAMS_OF_SERVICES]
        if is_said:
            await asyncio.gather(*(program.stop() for program in programs))
        connection = await asyncpg.connect(self._house.admin_url, database="gevinst_benefits")
        # Held until the database stops, so that nothing is written after what was read.
        await connection.execute("BEGIN; LOCK TABLE agreement_entry IN EXCLUSIVE MODE")
        found = [list(row) for row in await connection.fetch(kept)]
        async with self._stopped_database():
            connection.terminate()
            await copied(self._copy, self._data)
        if is_said:
            for service in SHARING:
                await self._said_restored(service)
            await asyncio.gather(*(program.start() for program in programs))
        else:
            await self._restart(*_PROGRAMS_OF_SERVICES)
        await self.settled()
        return found

    async def break_down(self, fault: str, programs: list[str]) -> None:
        os.environ[CHOSEN] = fault
        await self._restart(*programs)
        await self.settled()

    async def _restart(self, *programs: str) -> None:
        await asyncio.gather(*map(self.kill, programs))
        await asyncio.sleep(0.5)  # until they are seen to be dead

    async def _said_restored(self, service: str) -> None:
        """As `gevinst sync restored` does it for one service."""
        program = self._house.supervisor._child(service).program
        environment = {**os.environ, **program.environment}
        process = await asyncio.create_subprocess_exec(
            *_command(service, "restored"), env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == 0, f"{service} could not be told that it was restored"

    async def rows(self, service: str, statement: str) -> list[list[Any]]:
        connection = await asyncpg.connect(self._house.admin_url, database=f"gevinst_{service}")
        try:
            return [list(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def call(self, address: str) -> int:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            return (await client.get(address)).status_code

    @asynccontextmanager
    async def _stopped_database(self) -> AsyncIterator[None]:
        child = self._house.supervisor._child("postgres")
        await child.stop()
        try:
            yield
        finally:
            await child.start()


async def _serve(settings: HouseSettings) -> None:
    async with running_house(settings, command=_command) as house:
        inside = _Inside(house)
        heard = asyncio.StreamReader(limit=_LONGEST_LINE)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(heard), sys.stdin
        )
        running = set()
        while line := await heard.readline():
            task = asyncio.create_task(_answer(inside, json.loads(line)))
            running.add(task)
            task.add_done_callback(running.discard)


def _command(service: str, verb: str) -> tuple[str, ...]:
    """With a fault, if one is chosen; the database is migrated already."""
    if service == "notifications":
        return stand_in_command(service, verb)
    if verb == "migrate":
        return ("true",)
    command, fault = service_command(service, verb), os.environ.get(CHOSEN)
    return faulty_command(fault, command) if fault else command


async def _answer(inside: _Inside, asked: dict[str, Any]) -> None:
    number, verb = asked.pop("number"), asked.pop("verb")
    try:
        said = {"number": number, "found": await inside.verbs[verb](**asked)}
    except Exception as error:  # the laboratory says what it was about
        said = {"number": number, "failed": f"{verb}: {error!r}"}
    sys.stdout.write(json.dumps(said, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    asyncio.run(
        _serve(
            HouseSettings(
                home=Path(given["home"]),
                port=given["port"],
                host=given["host"],
                public_url=given["public_url"],
                audience=given["public_url"],
                postgres=chosen_postgres(),
                rate_limit=60_000,
            )
        )
    )
