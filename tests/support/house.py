"""Houses for tests: the real one, and one whose services are stand-ins."""

import os
import sys
from pathlib import Path

from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.ports import free_port
from tests.support.gateway import STAND_IN


def stand_in_command(service: str, verb: str) -> tuple[str, ...]:
    return (sys.executable, str(STAND_IN), service, verb)


def house_at(home: Path, port: int = 0, *, issuers_file: Path | None = None) -> HouseSettings:
    """A house at a free port, on the PostgreSQL of the tests, with no limit that a test can reach."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    return HouseSettings(
        home=home,
        port=port,
        public_url=url,
        audience=url,
        issuers_file=issuers_file,
        postgres=chosen_postgres(),
        rate_limit=60_000,
    )


def chosen_postgres() -> Path | None:
    """The programs in GEVINST_TEST_POSTGRES (Debian's, say); None for those that come along."""
    elsewhere = os.environ.get("GEVINST_TEST_POSTGRES")
    return Path(elsewhere) if elsewhere else None


if __name__ == "__main__":  # `gevinst up` with stand-ins, for the tests that kill it
    from gevinst_shared.cli.up import up

    up(house_at(Path(sys.argv[1]), int(sys.argv[2])), command=stand_in_command)
