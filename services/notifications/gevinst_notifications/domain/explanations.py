"""What one may ask about who hears of what (N4)."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gevinst_shared.values.refusal import Refusal


class FactNotUnderstood(Refusal):
    code = "fact-not-understood"
    title = "The fact cannot be read"
    detail = "Nobody could be told of this: {cause}. Give the members that such a fact has."


class SpanTooLong(Refusal):
    code = "span-too-long"
    title = "Ask about a shorter time"
    detail = "Ask about a time that begins now or later and lasts at most {days} days."


class Unheard(StrEnum):
    """Why nobody was told of a fact."""

    NOT_TOLD_OF = "not-told-of"  # nobody is told of such facts at once; what they ask of people is a duty
    NOBODY_CONCERNED = "nobody-concerned"  # nobody held a role there that hears of it, but who did it
    NOT_UNDERSTOOD = "not-understood"  # it lacks what the message needs


LONGEST_DAYS = 31
# So long is a fact known that nobody was told of.
UNHEARD_KEPT_FOR = timedelta(days=30)
_LONGEST_FACT = 20_000  # octets


def refuse_odd_span(since: datetime, until: datetime) -> None:
    """At most a month, and not backwards."""
    if not timedelta(0) < until - since <= timedelta(days=LONGEST_DAYS):
        raise SpanTooLong(days=LONGEST_DAYS, pointer="/query/until")


def refuse_unreadable(data: Mapping[str, Any]) -> None:
    """`FactNotUnderstood` for a fact that no feed could hold: too long, or with what is no character."""
    try:
        text = json.dumps(data, ensure_ascii=False).encode()
    except (UnicodeError, RecursionError) as error:
        raise FactNotUnderstood(cause="half a character, or too many levels") from error
    if len(text) > _LONGEST_FACT or b"\\u0000" in text:
        raise FactNotUnderstood(cause=f"longer than {_LONGEST_FACT} octets, or a character that is none")
