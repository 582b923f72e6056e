"""From the facts of the two feeds to what is to be done, and to what no longer is (N1)."""

from gevinst_notifications.domain.duties import benefit_facts, portfolio_facts, project_facts
from gevinst_notifications.domain.duties.duties import Task
from gevinst_notifications.domain.duties.effects import Close, Effect, Move
from gevinst_notifications.domain.messages import BrokenFactError
from gevinst_shared.feed.envelope import Event

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
        texts = (effect.name, effect.key, effect.subject, effect.not_by or "-")
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise TypeError("not a text")
    if isinstance(effect, Move | Close) and not isinstance(effect.key, str):
        raise TypeError("not a text")
