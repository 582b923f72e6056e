"""The programs of the system's PostgreSQL: `python -m tests.support.server_postgres` prints their directory.

On Debian and its relatives the package is installed where it is missing and we are root; no cluster of the
system's own is made or started for it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support import packages

OLDEST = 15
_PLACE = Path("/usr/lib/postgresql")
_CLUSTERS = Path("/etc/postgresql-common/createcluster.conf")


def find() -> Path | None:
    """The oldest installed PostgreSQL that we support: what runs there runs on the newer ones."""
    found = {
        int(path.parent.name): path for path in _PLACE.glob("*/bin") if re.fullmatch(r"\d+", path.parent.name)
    }
    fitting = [version for version in sorted(found) if version >= OLDEST]
    return found[fitting[0]] if fitting and (found[fitting[0]] / "initdb").exists() else None


def install() -> None:
    """Install Debian's package; leaves with one sentence where that is not possible."""
    if not packages.may_install():
        sys.exit(
            f"The tests also run on the system's PostgreSQL, {OLDEST} or newer, and there is none: install "
            "the package postgresql, or name the directory of its programs in GEVINST_TEST_POSTGRES."
        )
    if not _CLUSTERS.exists():
        _CLUSTERS.parent.mkdir(parents=True, exist_ok=True)
        _CLUSTERS.write_text("create_main_cluster = false\n")
    packages.run("apt-get", "update", "-qq")
    known = subprocess.run(
        ["apt-cache", "show", f"postgresql-{OLDEST}"], capture_output=True, text=True, check=False
    )
    package = f"postgresql-{OLDEST}" if known.returncode == 0 else "postgresql"
    packages.install(package)


def programs() -> Path:
    """Their directory: that in GEVINST_TEST_POSTGRES, or the system's, installed where it is missing."""
    named = os.environ.get("GEVINST_TEST_POSTGRES")
    if named:
        return Path(named)
    if find() is None:
        install()
    found = find()
    if found is None:
        sys.exit(f"PostgreSQL was installed, but {_PLACE} has no programs of {OLDEST} or newer.")
    return found


if __name__ == "__main__":
    print(programs())
