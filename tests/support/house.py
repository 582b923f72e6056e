"""A house whose services are stand-ins."""

import sys
from pathlib import Path

from gevinst_shared.cli.house_settings import HouseSettings
from gevinst_shared.cli.ports import free_port
from tests.support.gateway import STAND_IN


def stand_in_command(service: str, verb: str) -> tuple[str, ...]:
    return (sys.executable, str(STAND_IN), service, verb)


def house_at(home: Path, port: int = 0) -> HouseSettings:
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    return HouseSettings(home=home, port=port, public_url=url, audience=url)


if __name__ == "__main__":  # `gevinst up` with stand-ins, for the tests that kill it
    from gevinst_shared.cli.up import up

    up(house_at(Path(sys.argv[1]), int(sys.argv[2])), command=stand_in_command)
