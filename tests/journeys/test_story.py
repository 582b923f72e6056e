"""`gevinst demo`: the whole story on real projects, with every check, and nothing left behind."""

import asyncio
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from gevinst_shared.cli.demo.play import play
from gevinst_shared.cli.demo.stage import Stage
from gevinst_shared.cli.postgres import EmbeddedPostgres
from tests.support.house import stand_in_command
from tests.support.processes import eventually, is_running, processes_below, with_starts

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def test_the_story_is_told_with_every_check_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "120"}
    with subprocess.Popen(
        [sys.executable, "-m", "gevinst_shared.cli.main", "demo"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as demo:
        seen: dict[int, str] = {}
        lines = []
        assert demo.stdout is not None
        for line in demo.stdout:
            lines.append(line)
            seen |= with_starts(processes_below(demo.pid))
        code = demo.wait(60)
    told = "".join(lines)

    assert code == 0, told
    assert "Every check held" in told
    assert "Traceback" not in told
    assert "✗" not in told
    assert len(seen) >= 10
    assert eventually(lambda: not any(is_running(one, since) for one, since in seen.items()))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", ["a check", "a refusal"])
def test_a_check_that_does_not_hold_makes_the_demo_fail(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    tmp_path.chmod(0o711)
    told = StringIO()
    reached: list[str] = []
    clusters: list[Path] = []

    async def first(stage: Stage) -> None:
        clusters.append(EmbeddedPostgres(stage.house.settings.home).place)
        assert clusters[0].exists()
        if broken == "a check":
            stage.check("one and one is three", 1 + 1 == 3)
        else:
            await stage["office"].get("portfolio/broken")

    async def second(_stage: Stage) -> None:
        reached.append("second")

    console = Console(file=told, width=120)
    code = asyncio.run(play(console, chapters=(first, second), command=stand_in_command))

    assert code == 1
    assert "✗" in told.getvalue()
    assert "1 check(s) did not hold" in told.getvalue()
    # A claim that does not hold is shown with the others; a story that cannot go on ends.
    assert reached == (["second"] if broken == "a check" else [])
    assert not clusters[0].exists()
    assert list(tmp_path.iterdir()) == []
