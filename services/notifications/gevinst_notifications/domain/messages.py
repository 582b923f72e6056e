"""From the facts of the two feeds to what is told, and to whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import cast
from uuid import UUID

from gevinst_notifications.domain.rules import RULES, NoticeKind, Reason, Rule
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Grant, Place
from gevinst_shared.values.money import CURRENCIES, Money
from gevinst_shared.values.organisation import day_there


class BrokenFactError(ValueError):
    """A fact lacks a member that its message needs, or the member is not what it should be."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a closed list, told in the reader's language: `Term("outcomes", "step-back")`."""

    vocabulary: str
    code: str


Value = str | int | Decimal | date | Money | Term


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. `values` are in the order in which a reader wants them."""

    kind: NoticeKind
    organisation: str
    subject: str
    occurred_at: datetime
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Holder:
    """A person and a role that they hold somewhere."""

    person_id: UUID
    grant: Grant


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who hears of a fact, once, with every reason for it."""

    person_id: UUID
    reasons: tuple[Reason, ...]


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
            values[member.name] = _read(event, member)
        elif member.is_required:
            raise BrokenFactError(f"{event.type} {event.id} lacks {member.name}")
    return Notice(kind, event.organisation, event.subject, event.time, values)


def recipients(
    event: Event,
    holders: Iterable[Holder],
    *,
    place: Place,
    actor: UUID | None,
    rules: Sequence[Rule] = RULES,
    named: Iterable[tuple[UUID, Reason]] = (),
) -> tuple[Recipient, ...]:
    """Who hears of `event`, by person id, each once with all reasons (N1, N4).

    `place` is where the event's record stands; `actor` is the person whose deed it was: nobody is told of
    what they did themselves. `named` are people whom the fact itself names, each with why. Roles count as
    they were held on the day of the event, so asking again later gives the same answer.
    """
    kind = KINDS.get(event.type)
    relevant = [rule for rule in rules if rule.kind is kind]
    reasons: dict[UUID, set[Reason]] = {}
    for person, why in named:
        if person != actor:
            reasons.setdefault(person, set()).add(why)
    day = day_there(event.organisation, event.time)
    for holder in holders:
        for rule in relevant:
            if holder.person_id != actor and _applies(rule, holder.grant, day=day, place=place):
                reasons.setdefault(holder.person_id, set()).add(rule.reason)
    return tuple(Recipient(person, tuple(sorted(found))) for person, found in sorted(reasons.items()))


def place_in(data: Mapping[str, object]) -> Place:
    """The place that an event's own body names; `BrokenFactError` when an id is no id.

    Reads `portfolio_id`, `programme_id`, `project_id`, `unit_id` and their plurals with lists.
    """
    ids = {noun: _ids(data, noun) for noun in ("unit", "portfolio", "programme", "project")}
    return Place(ids["unit"], ids["portfolio"], ids["programme"], ids["project"])


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an event's body: its name, how it is read, and whether the message needs it."""

    name: str
    read: Callable[[object], Value]
    is_required: bool = True


def _text(value: object) -> str:
    text = cast(str, value).strip()
    if not text:
        raise ValueError("empty")
    return text


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _number(value: object) -> Decimal:
    number = Decimal(cast(str, value))
    if not isinstance(value, str) or not number.is_finite():
        raise ValueError("not a decimal number in a string")
    return number


def _day(value: object) -> date:
    return date.fromisoformat(cast(str, value))


def _money(value: object) -> Money:
    members = cast(Mapping[str, object], value)
    currency = cast(str, members["currency"])
    if currency not in CURRENCIES:
        raise ValueError("unknown currency")
    return Money(_number(members["amount"]), currency, _count(members["price_year"]))


def _role(value: object) -> Term:
    return Term("roles", _text(value))


def _outcome(value: object) -> Term:
    return Term("outcomes", _text(value))


def _answer(value: object) -> Term:
    return Term("answers", _text(value))


def _decision(value: object) -> Term:
    return Term("decisions", _text(value))


def _channel(value: object) -> Term:
    return Term("channels", _text(value))


def _disabling(value: object) -> Term:
    return Term("disablings", _text(value))


def _service(kind: NoticeKind) -> str:
    if kind is NoticeKind.ENDPOINT_DISABLED:
        return "notifications"
    return "benefits" if kind.startswith("gate-") else "portfolio"


KINDS = {f"gevinst.{_service(kind)}.{kind}.v1": kind for kind in NoticeKind}

_PROJECT = Member("project_name", _text)
_PORTFOLIO = Member("portfolio_name", _text, is_required=False)

MEMBERS: Mapping[NoticeKind, tuple[Member, ...]] = {
    NoticeKind.DECISION_MADE: (
        Member("portfolio_name", _text),
        Member("scenario_name", _text),
        Member("decided_on", _day),
        Member("approved_count", _count, is_required=False),
        Member("left_out_count", _count, is_required=False),
        Member("total_cost", _money, is_required=False),
    ),
    NoticeKind.PROJECT_APPROVED: (_PROJECT, _PORTFOLIO, Member("starts_on", _day)),
    NoticeKind.PROJECT_STOPPED: (
        _PROJECT,
        _PORTFOLIO,
        Member("stopped_on", _day),
        Member("reason", _text, is_required=False),
    ),
    NoticeKind.PROJECT_RESCHEDULED: (
        _PROJECT,
        _PORTFOLIO,
        Member("previous_start", _day),
        Member("new_start", _day),
    ),
    NoticeKind.PROJECT_DECIDED: (
        _PROJECT,
        _PORTFOLIO,
        Member("decision", _decision),
        Member("decided_on", _day),
        Member("until", _day, is_required=False),
        Member("condition", _text, is_required=False),
        Member("reason", _text, is_required=False),
    ),
    NoticeKind.MEETING_CALLED: (
        Member("portfolio_name", _text),
        Member("meeting_name", _text),
        Member("held_on", _day),
        Member("place", _text, is_required=False),
    ),
    NoticeKind.SCENARIO_PUBLISHED: (
        Member("portfolio_name", _text),
        Member("scenario_name", _text),
        Member("selected_count", _count, is_required=False),
        Member("left_out_count", _count, is_required=False),
        Member("total_cost", _money, is_required=False),
    ),
    NoticeKind.GATE_PROPOSED: (
        _PROJECT,
        Member("gate_name", _text),
        Member("outcome", _outcome),
        Member("decide_by", _day, is_required=False),
        Member("reason", _text, is_required=False),
    ),
    NoticeKind.GATE_DECIDED: (
        _PROJECT,
        Member("gate_name", _text),
        Member("outcome", _outcome),
        Member("decided_on", _day),
        Member("reason", _text, is_required=False),
    ),
    NoticeKind.CAPACITY_FREED: (
        _PROJECT,
        _PORTFOLIO,
        Member("freed_money", _money, is_required=False),
        Member("freed_person_months", _number, is_required=False),
        Member("freed_change_load", _number, is_required=False),
    ),
    NoticeKind.ROLE_VACANT: (
        Member("role", _role),
        Member("place_name", _text),
        Member("vacant_since", _day),
    ),
    NoticeKind.IMPORT_FINISHED: (
        Member("source_name", _text),
        Member("created_count", _count),
        Member("updated_count", _count),
        Member("problem_count", _count),
    ),
    NoticeKind.IDEA_ANSWERED: (
        Member("name", _text),
        Member("outcome", _answer),
        Member("answer", _text, is_required=False),
        _PORTFOLIO,
    ),
    NoticeKind.REPLAN_OFFERED: (_PROJECT, Member("portfolio_name", _text)),
    NoticeKind.ENDPOINT_DISABLED: (
        Member("endpoint_name", _text),
        Member("channel", _channel),
        Member("host", _text),
        Member("because", _disabling),
    ),
}


def _read(event: Event, member: Member) -> Value:
    try:
        return member.read(event.data[member.name])
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise BrokenFactError(f"{event.type} {event.id}: {member.name} cannot be read") from error


def _applies(rule: Rule, grant: Grant, *, day: date, place: Place) -> bool:
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
