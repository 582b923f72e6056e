"""Children that do not outlive their parent."""

import ctypes
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def ends_with_parent(stop: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What a child calls before its program: it gets `stop` when the parent's thread ends, however it ends.

    Linux only; elsewhere it does nothing, and a killed parent leaves its children to the next start.
    """

    def before_the_program() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(stop))

    return before_the_program
