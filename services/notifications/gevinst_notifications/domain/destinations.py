"""How a destination is spared: at most so much at once, not too fast, and a rest when it is ill.

A destination is a server of one organisation's deliveries: the mail server, or an endpoint's host. One that
fails again and again is left alone for a while, longer each time, so that it holds up nobody else; then a
single delivery probes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome

BREAKS_AFTER = 5
_REST_SECONDS = 30.0
LONGEST_REST = timedelta(minutes=15)
LONGEST_ASKED_REST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one destination takes, over all workers together.

    `share` deliveries are claimed at a time and sent one after the other, `every_seconds` apart; at most
    `claims` such claims are out at once. `is_repeatable`: receivers know a repetition as one, so the next
    message need not wait until the result of the one before it is stored.
    """

    share: int
    claims: int
    every_seconds: float = 0.0
    is_repeatable: bool = False


# A mail server takes as much as the workers' connections give. Teams refuses more than four a second and
# Slack more than one: what two claims send half a second apart, and one claim a second apart.
LIMITS = {
    Channel.MAIL: Limits(share=50, claims=1_000),
    Channel.WEBHOOK: Limits(share=20, claims=4, is_repeatable=True),
    Channel.TEAMS: Limits(share=10, claims=2, every_seconds=0.5),
    Channel.SLACK: Limits(share=10, claims=1, every_seconds=1.0),
    Channel.MATTERMOST: Limits(share=10, claims=2, every_seconds=0.2),
    Channel.APPRISE: Limits(share=10, claims=1, every_seconds=1.0),
}


def room(limits: Limits, *, failures: int, claims: int) -> int:
    """How many deliveries a claim may take for a destination of which `claims` are out.

    One that was ill is probed by a single delivery.   Check: Slack has room for 10, then for none.
    """
    if failures >= BREAKS_AFTER:
        return 0 if claims else 1
    return limits.share if claims < limits.claims else 0


def share_left(busy: Mapping[str, int], organisation: str, *, runs: int) -> int:
    """How many more of a worker's `runs` the organisation may take: half of what the others leave, one at
    least.

    However many of its receivers hang, there is always room for somebody else's. `busy` are the runs that
    each organisation has.   Check: of 64 the first gets 32, then the second 16.
    """
    mine = busy.get(organisation, 0)
    others = sum(busy.values()) - mine
    return max((runs - others) // 2, 1) - mine


def is_ill(attempt: Attempt) -> bool:
    """Whether the attempt speaks against the destination, and not only against one delivery."""
    return attempt.outcome in {Outcome.TEMPORARY, Outcome.LOST_BEFORE_DATA, Outcome.LOST_AFTER_DATA}


def is_well(attempt: Attempt) -> bool:
    """Whether the destination gave a clear answer; what never left the house says nothing of it."""
    return not is_ill(attempt) and attempt.code is not None


def rest(failures: int, attempt: Attempt, *, rng: Random) -> timedelta | None:
    """How long to leave the destination alone after failure number `failures` in a row; None: go on.

    From the fifth failure on 15–30 seconds, doubled by each further one, at most a quarter of an hour; what
    the receiver asks for, at most an hour, is kept whatever the number.   Check: after 7 it is 60–120 s.
    """
    asked = min(attempt.retry_after or timedelta(0), LONGEST_ASKED_REST)
    if failures < BREAKS_AFTER:
        return asked if asked > timedelta(0) else None
    doubled = min(_REST_SECONDS * 2 ** min(failures - BREAKS_AFTER, 10), LONGEST_REST.total_seconds())
    return max(asked, timedelta(seconds=rng.uniform(doubled / 2, doubled)))
