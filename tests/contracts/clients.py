"""Client generators that our documents must please: TypeScript types and a Python package."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contracts.judges import TOOLS, run
from tests.support.one_at_a_time import one_at_a_time
from tests.support.tree import ROOT

# openapi-python-client holds back libraries that the services use newer, so it lives in its own environment.
VENV = ROOT / ".venv-judges"
REQUIREMENTS = ROOT / "requirements" / "judges.txt"
# A file to import and a feed are streams of bytes, whatever they are called.
_CONFIGURATION = (
    "content_type_overrides:\n"
    "  text/csv: application/octet-stream\n"
    "  application/atom+xml: application/octet-stream\n"
)
_BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")


@dataclass(frozen=True, slots=True)
class Call:
    """One call through a generated client: the operation's tag and id as they stand in the document."""

    tag: str
    operation: str
    base_url: str
    token: str
    arguments: dict[str, Any]


def install_python_generator() -> None:
    """Make the generator's environment when it is missing or its lock has changed."""
    lock = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = VENV / ".lock"
    with one_at_a_time():
        if stamp.exists() and stamp.read_text() == lock:
            return
        venv.create(VENV, clear=True, with_pip=True)
        run([_BIN / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", REQUIREMENTS])
        stamp.write_text(lock)


def typescript_client(document: Path, folder: Path) -> Path:
    """Generate types for `document` and compile them strictly with a file that uses them."""
    types = folder / "schema.ts"
    run([TOOLS / "openapi-typescript", document, "--output", types])
    user = folder / "user.ts"
    user.write_text(
        'import type { paths } from "./schema";\nexport const first = (path: keyof paths) => path;\n'
    )
    run([TOOLS / "tsc", "--strict", "--noEmit", "--target", "es2022", "--module", "preserve", types, user])
    return types


def python_client(document: Path, folder: Path) -> Path:
    """Generate a client package from `document` and compile it; a warning of the generator is an error."""
    package = folder / "generated_client"
    configuration = folder / "generator.yaml"
    configuration.write_text(_CONFIGURATION, "utf-8")
    path = f"{_BIN}{os.pathsep}{os.environ['PATH']}"
    command: list[str | Path] = [
        "generate",
        "--path",
        document,
        "--output-path",
        package,
        "--meta",
        "none",
        "--fail-on-warning",
        "--config",
        configuration,
    ]
    made = subprocess.run(
        [_BIN / "openapi-python-client", *command],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    run([_BIN / "python", "-W", "error", "-m", "compileall", "-q", package])
    return package


def call_with(package: Path, call: Call) -> dict[str, Any]:
    """Call a running service through the generated package: `{"status": 200, "parsed": {…}}`.

    `parsed` is what the client made of the answer, as JSON again; absent when it could make nothing of it.
    """
    wanted = json.dumps({"package": package.name} | {name: getattr(call, name) for name in call.__slots__})
    program = Path(__file__).with_name("call_generated.py")
    done = subprocess.run(
        [_BIN / "python", program],
        input=wanted,
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
