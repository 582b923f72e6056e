"""Commands that a service has for the command line, in its module `gevinst_<service>.cli`."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def service_tool(service: str, verb: str, arguments: Sequence[str]) -> list[str]:
    """How a service's own command is called."""
    return [sys.executable, "-m", f"gevinst_{service}.cli", verb, *arguments]


def become(command: Sequence[str]) -> NoReturn:
    """Go on as another program: terminal, signals and exit code are its own."""
    os.execv(command[0], list(command))  # noqa: S606 - no shell is wanted
