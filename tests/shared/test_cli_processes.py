"""Supervision: started in order, started again, stopped to the last process."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.ports import free_port
from gevinst_shared.cli.processes import Program, Supervisor, at_once, listens
from tests.support.processes import eventually, is_running

pytestmark = pytest.mark.slow
SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


def server(name: str, port: int) -> Program:
    command = (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")
    return Program(name, lambda: command, listens("127.0.0.1", port))


def test_a_killed_program_is_started_again_and_all_are_gone_after_the_stop(tmp_path: Path) -> None:
    async def run() -> tuple[int, int]:
        supervisor = Supervisor(tmp_path)
        await supervisor.start(server("one", free_port()), server("two", free_port()))
        try:
            killed = supervisor.kill("one")
            await supervisor.wait_ready("one", other_than=killed)
            return killed, supervisor.process_id("one")
        finally:
            await supervisor.stop()

    before, after = asyncio.run(run())
    assert before != after
    assert not is_running(before)
    assert not is_running(after)


def test_what_a_program_started_goes_with_it(tmp_path: Path) -> None:
    note = tmp_path / "grandchild"
    code = (
        "import pathlib, subprocess, time\n"
        f"child = subprocess.Popen({list(SLEEPER)!r})\n"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid))\n"
        "time.sleep(600)"
    )

    async def written() -> bool:
        return note.exists() and note.read_text() != ""

    async def run() -> None:
        supervisor = Supervisor(tmp_path)
        await supervisor.start(Program("parent", lambda: (sys.executable, "-c", code), written))
        await supervisor.stop()

    asyncio.run(run())
    assert eventually(lambda: not is_running(int(note.read_text())))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("raise SystemExit('the reason')", "late did not start .the reason.: see .*late.log"),
        ("raise SystemExit('No space left on device')", "is full: free some space"),
        ("pass", "it said nothing"),
    ],
)
def test_a_program_that_does_not_start_says_why_in_one_sentence(
    tmp_path: Path, code: str, sentence: str
) -> None:
    async def never() -> bool:
        return False

    async def run() -> None:
        supervisor = Supervisor(tmp_path)
        try:
            await supervisor.start(Program("late", lambda: (sys.executable, "-c", code), never))
        finally:
            await supervisor.stop()

    with pytest.raises(CannotStart, match=sentence):
        asyncio.run(run())


def test_a_missing_program_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="The program /no/such/tool is missing"):
        asyncio.run(Supervisor(tmp_path).start(Program("tool", lambda: ("/no/such/tool",), at_once)))


def test_a_killed_supervisor_leaves_no_child(tmp_path: Path) -> None:
    note = tmp_path / "child"
    code = textwrap.dedent(f"""
        import asyncio, pathlib
        from gevinst_shared.cli.processes import Program, Supervisor, at_once

        async def run():
            supervisor = Supervisor(pathlib.Path({str(tmp_path)!r}))
            await supervisor.start(Program("child", lambda: {SLEEPER!r}, at_once))
            pathlib.Path({str(note)!r}).write_text(str(supervisor.process_id("child")))
            await asyncio.sleep(600)

        asyncio.run(run())
    """)
    with subprocess.Popen([sys.executable, "-c", code]) as parent:
        assert eventually(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        assert is_running(child)
        os.kill(parent.pid, signal.SIGKILL)
    assert eventually(lambda: not is_running(child))
