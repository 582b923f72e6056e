"""Why people were told of a fact, or were not, as it was decided then (N4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gevinst_notifications.domain.hearing import INBOX, Cause, Hearing
from gevinst_notifications.domain.messages import KINDS
from gevinst_notifications.domain.rules import RULES, NoticeKind
from gevinst_notifications.store import silences, told
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """Everybody whom the fact concerned, and the roles that hear of such a fact."""

    event: Event
    kind: NoticeKind
    hearings: Sequence[Hearing]
    roles: list[str]


async def explain_event(work: Work, event_id: UUID) -> ExplainedEvent:
    """Who was told of the fact and why, and who was not and why; `Unknown` when nobody was concerned."""
    found = await told.get_told(work.connection, event_id)
    causes: dict[UUID, dict[str, Cause]] = defaultdict(dict)
    for one in await silences.list_of_event(work.connection, event_id):
        causes[one.person_id][one.channel] = one.cause
    known = [replace(one, silences=causes.pop(one.person_id, {})) for one in found.hearings]
    silent = [
        Hearing(person, (), is_in_inbox=INBOX not in why, silences=why) for person, why in causes.items()
    ]
    kind = KINDS[found.event.type]
    roles = sorted({str(rule.role) for rule in RULES if rule.kind is kind})
    return ExplainedEvent(found.event, kind, [*known, *silent], roles)
