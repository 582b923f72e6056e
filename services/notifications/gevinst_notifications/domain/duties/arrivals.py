"""Whether what was said of a duty arrived (N2)."""

from collections.abc import Mapping
from enum import StrEnum

from gevinst_notifications.domain.duties.rules import Rung


class Arrival(StrEnum):
    """What became of what was said to somebody, by all that is known now; the best first."""

    ARRIVED = "arrived"  # a mail was taken by the server, or it was read, or there is an inbox and no mail
    WAITING = "waiting"  # a mail is under way, or waits for its digest, its server or an administrator
    FAILED = "failed"  # the address does not exist or no attempt succeeded, and it was not read


Arrivals = Mapping[Rung, Arrival]
"""Of the rungs that were told."""


def best(one: Arrival, other: Arrival | None) -> Arrival:
    """The better of the two."""
    return one if other is None else min(one, other, key=list(Arrival).index)


def below(rung: Rung, arrivals: Arrivals) -> Arrival | None:
    """Of the nearest rung below that was told; None when none was."""
    rungs = tuple(Rung)
    told = [arrivals[one] for one in rungs[: rungs.index(rung)] if one in arrivals]
    return told[-1] if told else None
