"""Why people were told of a fact, or were not, as it was decided then (N4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from gevinst_notifications.domain.explanations import Unheard
from gevinst_notifications.domain.hearing import INBOX, Cause, Hearing
from gevinst_notifications.domain.messages import KINDS
from gevinst_notifications.domain.rules import RULES, NoticeKind
from gevinst_notifications.store import silences, told, unheard
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """Everybody whom the fact concerned, and the roles that hear of such a fact.

    `cause` is why nobody was told; `kind` None when nobody is told of such facts.
    """

    event: Event
    kind: NoticeKind | None
    hearings: Sequence[Hearing]
    roles: list[str]
    cause: Unheard | None = None


async def explain_event(work: Work, event_id: UUID) -> ExplainedEvent:
    """Who was told of the fact and why, and who was not and why, or why nobody was.

    `Unknown` when it was never read here, or was read long ago and nobody was told.
    """
    found = await told.find_told(work.connection, event_id)
    if found is None:
        return await _explain_silence(work, event_id)
    causes: dict[UUID, dict[str, Cause]] = defaultdict(dict)
    for one in await silences.list_of_event(work.connection, event_id):
        causes[one.person_id][one.channel] = one.cause
    known = [replace(one, silences=causes.pop(one.people[0], {})) for one in found.hearings]
    silent = [
        Hearing((person,), (), is_in_inbox=INBOX not in why, silences=why) for person, why in causes.items()
    ]
    kind = KINDS[found.event.type]
    return ExplainedEvent(found.event, kind, [*known, *silent], _roles(kind))


async def _explain_silence(work: Work, event_id: UUID) -> ExplainedEvent:
    found = await unheard.find(work.connection, event_id)
    if found is None:
        raise Unknown
    kind = KINDS.get(found.event.type)
    return ExplainedEvent(found.event, kind, [], _roles(kind), found.cause)


def _roles(kind: NoticeKind | None) -> list[str]:
    return sorted({str(rule.role) for rule in RULES if rule.kind is kind})
