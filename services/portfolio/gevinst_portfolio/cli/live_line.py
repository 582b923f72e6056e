"""One line that tells how far the search is: live on a terminal, else a line for each improvement."""

from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text

from gevinst_portfolio.domain.optimiser.problem import Number


class LiveLine:
    """Hears of the search's progress, and says it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = monotonic()
        self._latest = "reading the problem"
        self._live = (
            Live(console=console, get_renderable=self._line, refresh_per_second=4, transient=True)
            if console.is_terminal
            else None
        )

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def heard(self, value: Number | None, bound: Number | None, gap: float | None, share: float) -> None:
        """The `progress` of `solve`."""
        self._latest = f"value {_digits(value)}   bound {_digits(bound)}   gap {_per_cent(gap)}"
        if self._live is None:
            self._console.print(self._line(), soft_wrap=True)

    def _line(self) -> Text:
        return Text(f"{monotonic() - self._began:7.1f} s   {self._latest}")


def _digits(amount: Number | None) -> str:
    return "–" if amount is None else f"{float(amount):,.10g}"


def _per_cent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.2f} %"
