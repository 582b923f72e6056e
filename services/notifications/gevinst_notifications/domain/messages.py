"""From the facts of the two feeds to what is told, and to whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import InvalidOperation
from typing import cast
from uuid import UUID

from gevinst_notifications.domain.members import (
    Member,
    Value,
    count,
    day,
    money,
    number,
    term,
    text,
)
from gevinst_notifications.domain.messages_benefits import MEMBERS as _OF_BENEFITS
from gevinst_notifications.domain.rules import RULES, NoticeKind, Reason, Rule
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Grant, Place
from gevinst_shared.values.organisation import day_there


class BrokenFactError(ValueError):
    """A fact lacks a member that its message needs, or the member is not what it should be."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. `values` are in the order in which a reader wants them."""

    kind: NoticeKind
    organisation: str
    subject: str
    occurred_at: datetime
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Held:
    """A role that is held somewhere, and by whom."""

    grant: Grant
    people: Sequence[UUID]


Recipients = Mapping[UUID, tuple[Reason, ...]]
"""Who hears of a fact: each person once, with every reason for it, sorted."""


def notice(event: Event) -> Notice | None:
    """What to tell about `event`, or None when nobody needs to hear of its type.

    `BrokenFactError` when a member that the message needs is missing or not what it should be. Members
    that a kind does not read are ignored, so a feed can grow.
    """
    kind = KINDS.get(event.type)
    if kind is None:
        return None
    values: dict[str, Value] = {}
    for member in MEMBERS[kind]:
        if member.name in event.data:
            values[member.told_as] = _read(event, member)
        elif member.is_required:
            raise BrokenFactError(f"{event.type} {event.id} lacks {member.name}")
    return Notice(kind, event.organisation, event.subject, event.time, values)


def recipients(
    event: Event,
    roles: Iterable[Held],
    *,
    place: Place,
    actor: UUID | None,
    rules: Sequence[Rule] = RULES,
    named: Iterable[tuple[UUID, Reason]] = (),
) -> Recipients:
    """Who hears of `event`, each once with all reasons (N1, N4).

    `place` is where the event's record stands; `actor` is the person whose deed it was: nobody is told of
    what they did themselves. `named` are people whom the fact itself names, each with why. Roles count as
    they were held on the day of the event, so asking again later gives the same answer.
    """
    kind = KINDS.get(event.type)
    relevant = [rule for rule in rules if rule.kind is kind]
    day = day_there(event.organisation, event.time)
    found: dict[UUID, tuple[Reason, ...]] = {}
    for person, why in named:
        _add(found, [person], {why})
    for role in roles:
        _add(found, role.people, {one.reason for one in relevant if _applies(one, role.grant, day, place)})
    if actor is not None:
        found.pop(actor, None)
    return found


def place_in(data: Mapping[str, object]) -> Place:
    """The place that an event's own body names; `BrokenFactError` when an id is no id.

    Reads `portfolio_id`, `programme_id`, `project_id`, `unit_id` and their plurals with lists, and the units
    that own or receive something.
    """
    ids = {noun: _ids(data, noun) for noun in ("unit", "portfolio", "programme", "project")}
    units = ids["unit"].union(_ids(data, "owner_unit"), _ids(data, "receiving_unit"))
    return Place(units, ids["portfolio"], ids["programme"], ids["project"])


_OURS = frozenset({NoticeKind.DUTY_REMINDED, NoticeKind.DUTY_ESCALATED, NoticeKind.ENDPOINT_DISABLED})


def type_of(kind: NoticeKind) -> str:
    """The type of the events that tell of it."""
    service = "notifications" if kind in _OURS else "benefits" if kind in _OF_BENEFITS else "portfolio"
    return f"gevinst.{service}.{kind}.v1"


KINDS = {type_of(kind): kind for kind in NoticeKind}

_PROJECT = Member("project_name", text)
_PORTFOLIO = Member("portfolio_name", text, is_required=False)

_DUTY = (
    Member("duty", term("duties")),
    Member("duty_name", text),
    Member("project_name", text, is_required=False),
    Member("due_on", day),
)
_NEXT = Member("escalates_to", term("rungs"), is_required=False)

MEMBERS: Mapping[NoticeKind, tuple[Member, ...]] = {
    **_OF_BENEFITS,
    NoticeKind.DECISION_MADE: (
        Member("portfolio_name", text),
        Member("scenario_name", text),
        Member("decided_on", day),
        Member("approved_count", count, is_required=False),
        Member("left_out_count", count, is_required=False),
        Member("total_cost", money, is_required=False),
    ),
    NoticeKind.PROJECT_APPROVED: (_PROJECT, _PORTFOLIO, Member("starts_on", day)),
    NoticeKind.PROJECT_STOPPED: (
        _PROJECT,
        _PORTFOLIO,
        Member("stopped_on", day),
        Member("reason", text, is_required=False),
    ),
    NoticeKind.PROJECT_RESCHEDULED: (
        _PROJECT,
        _PORTFOLIO,
        Member("previous_start", day),
        Member("new_start", day),
    ),
    NoticeKind.PROJECT_DECIDED: (
        _PROJECT,
        _PORTFOLIO,
        Member("decision", term("decisions")),
        Member("decided_on", day),
        Member("until", day, is_required=False),
        Member("condition", text, is_required=False),
        Member("reason", text, is_required=False),
    ),
    NoticeKind.MEETING_CALLED: (
        Member("portfolio_name", text),
        Member("meeting_name", text),
        Member("held_on", day),
        Member("place", text, is_required=False),
    ),
    NoticeKind.SCENARIO_PUBLISHED: (
        Member("portfolio_name", text),
        Member("scenario_name", text),
        Member("selected_count", count, is_required=False),
        Member("left_out_count", count, is_required=False),
        Member("total_cost", money, is_required=False),
    ),
    NoticeKind.CAPACITY_FREED: (
        _PROJECT,
        _PORTFOLIO,
        Member("freed_money", money, is_required=False),
        Member("freed_person_months", number, is_required=False),
        Member("freed_change_load", number, is_required=False),
    ),
    NoticeKind.ROLE_VACANT: (
        Member("role", term("roles")),
        Member("place_name", text),
        Member("vacant_since", day),
    ),
    NoticeKind.IMPORT_FINISHED: (
        Member("source_name", text),
        Member("created_count", count),
        Member("updated_count", count),
        Member("problem_count", count),
    ),
    NoticeKind.IDEA_ANSWERED: (
        Member("name", text),
        Member("outcome", term("answers")),
        Member("answer", text, is_required=False),
        _PORTFOLIO,
    ),
    NoticeKind.REPLAN_OFFERED: (_PROJECT, Member("portfolio_name", text)),
    NoticeKind.POOL_AWARDED: (
        _PROJECT,
        Member("pool_name", text),
        Member("kind", term("awards"), label="award_kind"),
        Member("amount", money),
        Member("conditions", text, is_required=False),
    ),
    NoticeKind.DUTY_REMINDED: (*_DUTY, Member("escalates_on", day, is_required=False), _NEXT),
    NoticeKind.DUTY_ESCALATED: (*_DUTY, Member("owner_name", text, is_required=False)),
    NoticeKind.ENDPOINT_DISABLED: (
        Member("endpoint_name", text),
        Member("channel", term("channels")),
        Member("host", text),
        Member("because", term("disablings")),
    ),
}


def _read(event: Event, member: Member) -> Value:
    try:
        return member.read(event.data[member.name])
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BrokenFactError(f"{event.type} {event.id}: {member.name} cannot be read") from error


def _add(found: dict[UUID, tuple[Reason, ...]], people: Iterable[UUID], reasons: set[Reason]) -> None:
    """Let all these people hear for these reasons, too."""
    if not reasons:
        return
    mine = tuple(sorted(reasons))
    for person in people:
        known = found.get(person, mine)
        found[person] = mine if known == mine else tuple(sorted(reasons.union(known)))


def _applies(rule: Rule, grant: Grant, day: date, place: Place) -> bool:
    return (
        grant.role is rule.role
        and grant.scope in rule.scopes
        and grant.is_valid_on(day)
        and place.is_within(grant)
    )


def _ids(data: Mapping[str, object], noun: str) -> frozenset[UUID]:
    single, several = data.get(f"{noun}_id"), data.get(f"{noun}_ids", [])
    try:
        texts = [*cast(list[str], several), *([cast(str, single)] if single is not None else [])]
        return frozenset(UUID(text) for text in texts)
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenFactError(f"{noun}_id is not an id") from error
