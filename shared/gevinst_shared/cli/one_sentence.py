"""How a command ends that could not be done."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from gevinst_shared.audit.chain import Misfit
from gevinst_shared.cli.api import NotDone
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.values.refusal import Refusal


@contextmanager
def one_sentence() -> Iterator[None]:
    """What the person can put right is one sentence on standard error and exit code 1."""
    try:
        yield
    except (CannotStart, NotDone, Refusal, Misfit) as reason:
        Console(stderr=True).print(str(reason), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from None
