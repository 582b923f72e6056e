"""Programs of the system that tests need, installed where they are missing: Debian and relatives, as root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable

from tests.support.one_at_a_time import one_at_a_time


def may_install() -> bool:
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install(*packages: str) -> None:
    """Install Debian's packages; leaves with one sentence when that fails."""
    run("apt-get", "update", "-qq")
    run("apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages)


def found(find: Callable[[], str | None], *packages: str) -> str | None:
    """What `find` finds once no other process installs; the packages are installed where it finds nothing."""
    with one_at_a_time():
        if find() is None and may_install():
            install(*packages)
        return find()


def run(*command: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {done.stderr.strip()[-500:]}")
