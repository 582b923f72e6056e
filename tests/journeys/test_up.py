"""`gevinst up`: a first start loads the example data, a second finds it, a stop leaves nothing behind.

The commands of docs/exchanging.md are run as they stand there.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gevinst_shared.cli.ports import free_port
from tests.support.processes import eventually, is_running, processes_below

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "gevinst_shared.cli.main", "up")
LOADED = "The example data is loaded"


@dataclass(frozen=True, slots=True)
class Up:
    """A running command: what it printed, the token among it, and where it answers."""

    process: subprocess.Popen[str]
    printed: str
    url: str

    @property
    def token(self) -> str:
        found = re.search(r"^eyJ[\w-]+\.[\w-]+\.[\w-]+$", self.printed, re.MULTILINE)
        assert found is not None, self.printed
        return found[0]

    def get(self, path: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return httpx.get(f"{self.url}{path}", headers=headers, trust_env=False, timeout=30)

    def projects(self) -> dict[str, int]:
        """Every project's revision, by id."""
        found: dict[str, int] = {}
        after = ""
        while True:
            page = self.get(f"/portfolio/v1/projects?limit=100{after}").json()
            found |= {project["id"]: project["revision"] for project in page["items"]}
            if "next_cursor" not in page:
                return found
            after = f"&cursor={page['next_cursor']}"


def environment(home: Path, port: int) -> dict[str, str]:
    return {**os.environ, "GEVINST_HOME": str(home), "GEVINST_PORT": str(port), "COLUMNS": "120"}


@contextmanager
def up(home: Path, port: int) -> Iterator[Up]:
    """The command until it is ready, then until SIGTERM has ended it and all its children."""
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment(home, port), stdout=subprocess.PIPE, text=True
    ) as command:
        try:
            assert command.stdout is not None
            lines = []
            for line in command.stdout:
                lines.append(line)
                if "Ctrl-C" in line:
                    break
            yield Up(command, "".join(lines), f"http://127.0.0.1:{port}")
            children = processes_below(command.pid)
            command.send_signal(signal.SIGTERM)
            assert command.wait(60) == 0
            assert len(children) >= 10
            assert eventually(lambda: not any(is_running(child) for child in children))
        finally:
            command.kill()


def test_a_first_start_shows_the_imported_projects_and_a_second_finds_them_again(home: Path) -> None:
    port = free_port()
    with up(home, port) as first:
        assert LOADED in first.printed
        assert [first.get(path).status_code for path in ("/docs", "/openapi.json")] == [200, 200]
        imported = first.projects()
        assert len(imported) == 244
        exchanged = _read_and_done("docs/exchanging.md", environment(home, port))
        assert "Timebestilling på nett" in exchanged
        refused = subprocess.run(
            COMMAND,
            cwd=ROOT,
            env=environment(home.with_name("other"), port),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    with up(home, port) as second:
        assert LOADED not in second.printed
        assert second.projects() == imported

    assert refused.returncode == 1
    assert re.fullmatch(rf"Port {port} is taken by envoy .*GEVINST_PORT.*\n", refused.stderr)


def _read_and_done(document: str, env: dict[str, str]) -> str:
    """What a reader sees who runs the commands of a document one after the other."""
    blocks = re.findall(r"^```sh$(.*?)^```$", (ROOT / document).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    own = f"{sys.executable} -m gevinst_shared.cli.main"
    commands = "\n".join(["set -e", *blocks]).replace(".venv/bin/gevinst", own)
    done = subprocess.run(
        ("bash", "-c", commands),
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout
