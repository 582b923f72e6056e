"""A service with a fault in it, for the laboratory to notice: `python -m tests.laboratory.faulty <fault>
<service> <verb>`. Nothing of the product knows of it.

`GEVINST_LABORATORY_FAULT=<fault>` has all installations started so for a whole storm, which must then fail.
What a single process shows is seeded in `tests/shared/test_sync_storm.py`; here it takes several. Every run
tries `gives-every-field` in the end: the reader has too much, and it is found on the wire. Tried by hand were
`keeps-tombstones` (they do not agree) and `counts-what-it-gave-away` (both count it at one instant).
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from gevinst_shared.sync import publishing, serving
from gevinst_shared.web.commands import run

CHOSEN = "GEVINST_LABORATORY_FAULT"


def _gives_every_field() -> None:
    """A grant's list of fields is not looked at."""
    projected = vars(publishing)["projected"]

    def generous(kind: Any, record: Any, _: object, **how: Any) -> Any:
        return projected(kind, record, frozenset(kind.fields), **how)

    _put(publishing, "projected", generous)


def _keeps_tombstones() -> None:
    """What a partner may not have any more is not taken from it."""
    is_news: Any = publishing._is_news
    _put(publishing, "_is_news", lambda draft, before: draft.body is not None and is_news(draft, before))


def _begins_no_epoch() -> None:
    """A feed that was restored goes on as if nothing had happened."""
    _put(serving, "_is_of_the_future", lambda cursor, outlet: False)

    async def nothing(*_: object) -> None:
        """Also when it is told."""

    _put(serving.Serving, "restored", nothing)


def _forgets_who_was_revoked() -> None:
    """Benefits counts the change of a grant that ended, and keeps the grant."""
    copies = import_module("gevinst_benefits.store.sync_copies")

    async def nothing(*_: object) -> None:
        """The grant stays."""

    _put(copies, "end_grant", nothing)


def _answers_who_has_heard_more() -> None:
    """Benefits gives a page also while portfolio knows of grants that ended meanwhile."""
    refused: Any = serving._refused
    behind = serving.NoPage.BEHIND
    _put(serving, "_refused", lambda *of: None if refused(*of) is behind else refused(*of))


def _counts_what_it_gave_away() -> None:
    """The giver of a benefit goes on counting it (B11)."""
    keeping = import_module("gevinst_benefits.usecases.keeping_agreements")
    standing: Any = keeping.standing_of_giver
    agreements = import_module("gevinst_benefits.domain.plan.agreements")

    def greedy(half: Any) -> Any:
        return agreements.Standing(standing(half).state, 1, 0)

    _put(keeping, "standing_of_giver", greedy)


FAULTS: dict[str, Callable[[], None]] = {
    fault.__name__.strip("_").replace("_", "-"): fault
    for fault in (
        _gives_every_field,
        _keeps_tombstones,
        _begins_no_epoch,
        _forgets_who_was_revoked,
        _answers_who_has_heard_more,
        _counts_what_it_gave_away,
    )
}


def faulty_command(fault: str, command: tuple[str, ...]) -> tuple[str, ...]:
    """How a service is called so that it has the fault; `command` is how it is called without."""
    *python, service, verb = command
    if FAULTS[fault] in _OF_BENEFITS and service != "gevinst_benefits":
        return command
    return (python[0], "-m", "tests.laboratory.faulty", fault, service, verb)


_OF_BENEFITS = (_forgets_who_was_revoked, _counts_what_it_gave_away)


def _put(at: Any, name: str, other: object) -> None:
    """In place of what is there, which the product may rename."""
    assert hasattr(at, name), name
    setattr(at, name, other)


if __name__ == "__main__":
    chosen, package, verb = sys.argv[1:]
    program = import_module(f"{package}.__main__").PROGRAM
    FAULTS[chosen]()
    run(program, [verb])
