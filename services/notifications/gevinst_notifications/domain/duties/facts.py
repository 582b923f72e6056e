"""From the facts of the two feeds to what is to be done, and to what no longer is (N1)."""

from gevinst_notifications.domain.duties import benefit_facts, portfolio_facts, project_facts
from gevinst_notifications.domain.duties.effects import Effect
from gevinst_notifications.domain.messages import BrokenFactError
from gevinst_shared.feed.envelope import Event

_READ = project_facts.READ | benefit_facts.READ | portfolio_facts.READ


def effects(event: Event) -> tuple[Effect, ...]:
    """What the fact opens, moves and closes, in order; `BrokenFactError` when it cannot be read."""
    read = _READ.get(event.type)
    if read is None:
        return ()
    try:
        return tuple(read(event, event.data))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BrokenFactError(f"{event.type} {event.id}: {error!r}") from error
