"""When a partner is read anew in full, because not everything that it gave was taken (X2).

What was put aside stays missing until it changes again, also after somebody has mended what was wrong. So the
partner is read from the start once more: later and later, and at once when we understand more than before.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from gevinst_shared.sync.kinds import SharedKind
from gevinst_shared.sync.projection import hash_of, written

# The last one stays: a partner that is never mended costs one whole reading a week.
PAUSES = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
)


def next_reread(rereads: int, now: datetime) -> datetime:
    """When to read anew what `rereads` whole readings in a row did not bring right.

    Check: after none in ten minutes, after five and more in seven days.
    """
    return now + PAUSES[min(rereads, len(PAUSES) - 1)]


def understood(kinds: Iterable[SharedKind]) -> str:
    """A hash of the kinds, fields and types that are taken: another one means that more may be understood."""
    known = {
        kind.name: {name: [field.type.value, field.refers_to] for name, field in kind.fields.items()}
        for kind in kinds
        if kind.is_served
    }
    return hash_of(written(known))
