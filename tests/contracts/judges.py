"""Outside judges of an OpenAPI document: Spectral with the OWASP rules, and Redocly."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from tests.support.one_at_a_time import one_at_a_time
from tests.support.tree import ROOT, relative

HERE = Path(__file__).parent
TOOLS = HERE / "node_modules" / ".bin"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a judge says; `where` is the file and the path inside it: `openapi.json#info/contact`."""

    judge: str
    rule: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A finding that stays, with the reason; `where` is a glob."""

    judge: str
    rule: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        is_same_rule = (self.judge, self.rule) == (finding.judge, finding.rule)
        return is_same_rule and fnmatchcase(finding.where, self.where)


def install_tools() -> None:
    """Install the locked Node tools when they are missing or the lock has changed."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    stamp = HERE / "node_modules" / ".lock"
    with one_at_a_time():
        if not stamp.exists() or stamp.read_text() != lock:
            assert shutil.which("npm"), "The judges need Node 20 or newer with npm: install it, start again."
            run(["npm", "ci", "--ignore-scripts"], cwd=HERE)
            stamp.write_text(lock)


def spectral(document: Path) -> list[Finding]:
    """What Spectral finds: every rule of `spectral:oas` and the OWASP API Security Top 10."""
    command: list[str | Path] = [
        TOOLS / "spectral",
        "lint",
        "--quiet",
        "--format",
        "json",
        "--ruleset",
        HERE / "spectral.yaml",
    ]
    found = json.loads(run([*command, document], answers=(0, 1)))
    return [
        Finding("spectral", entry["code"], _where(document, entry["path"]), entry["message"])
        for entry in found
    ]


def redocly(document: Path) -> list[Finding]:
    """What Redocly's recommended rules find, each taken as an error."""
    command: list[str | Path] = [TOOLS / "redocly", "lint", "--format", "json", "--max-problems", "10000"]
    answer = json.loads(run([*command, "--config", HERE / "redocly.yaml", document], answers=(0, 1)))
    return [
        Finding("redocly", entry["ruleId"], _where(document, _pointer(entry)), entry["message"])
        for entry in answer["problems"]
    ]


def explanations(file: Path = HERE / "explained.yaml") -> list[Explanation]:
    """The findings that stay; each has all four members, or `TypeError`."""
    return [Explanation(**entry) for entry in yaml.safe_load(file.read_text("utf-8"))]


def unexplained(findings: Iterable[Finding], explained: Sequence[Explanation]) -> list[Finding]:
    return [f for f in findings if not any(one.covers(f) for one in explained)]


def unused(findings: Sequence[Finding], explained: Iterable[Explanation]) -> list[Explanation]:
    """Explanations of what no judge says any more."""
    return [one for one in explained if not any(one.covers(finding) for finding in findings)]


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, answers: Sequence[int] = (0,)) -> str:
    """The standard output of `command`; an `AssertionError` with all it said when it ends in another way."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode in answers, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _where(document: Path, path: Sequence[object]) -> str:
    file = relative(document) if document.is_relative_to(ROOT) else document.name
    return f"{file}#{'/'.join(map(str, path))}"


def _pointer(entry: dict[str, Any]) -> list[str]:
    pointer = str(entry["location"][0]["pointer"]).removeprefix("#/")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")]
