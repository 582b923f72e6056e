"""From the facts of the two feeds to what is to be done, and to what no longer is (N1)."""

import re
from datetime import date

from gevinst_notifications.domain.duties import benefit_facts, portfolio_facts, project_facts
from gevinst_notifications.domain.duties.duties import Task
from gevinst_notifications.domain.duties.effects import Close, Effect, Move
from gevinst_notifications.domain.messages import BrokenFactError
from gevinst_shared.feed.envelope import Event

_LONGEST_TEXT = 10_000
# Control characters but line breaks and tabs, and halves of characters.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_READ = project_facts.READ | benefit_facts.READ | portfolio_facts.READ


def effects(event: Event) -> tuple[Effect, ...]:
    """What the fact opens, moves and closes, in order; `BrokenFactError` when it cannot be read."""
    read = _READ.get(event.type)
    if read is None:
        return ()
    try:
        found = tuple(read(event, event.data))
        for effect in found:
            _refuse_odd(effect)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BrokenFactError(f"{event.type} {event.id}: {error!r}") from error
    return found


def _refuse_odd(effect: Effect) -> None:
    """What could not be kept or told."""
    if isinstance(effect, Task):
        texts = (
            effect.name,
            effect.key,
            effect.subject,
            "-" if effect.not_by in (None, "") else effect.not_by,
        )
        if not all(_can_be_told(text) for text in texts):
            raise TypeError("not a text")
    if isinstance(effect, Move | Close) and not isinstance(effect.key, str):
        raise TypeError("not a text")
    # The calendar's first and last day are no days in PostgreSQL, and have no neighbours here.
    if isinstance(effect, Task | Move) and effect.due_on in {date.min, date.max}:
        raise ValueError("not a day that anybody means")


def _can_be_told(text: object) -> bool:
    return (
        isinstance(text, str)
        and bool(text.strip())
        and len(text) <= _LONGEST_TEXT
        and _NO_TEXT.search(text) is None
    )
