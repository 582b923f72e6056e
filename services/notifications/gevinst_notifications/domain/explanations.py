"""What one may ask about who hears of what (N4)."""

from datetime import datetime, timedelta

from gevinst_shared.values.refusal import Refusal


class FactNotUnderstood(Refusal):
    code = "fact-not-understood"
    title = "The fact cannot be read"
    detail = "Nobody could be told of this: {cause}. Give the members that such a fact has."


class SpanTooLong(Refusal):
    code = "span-too-long"
    title = "Ask about a shorter time"
    detail = "Ask about a time that begins now or later and lasts at most {days} days."


LONGEST_DAYS = 31


def refuse_odd_span(since: datetime, until: datetime) -> None:
    """At most a month, and not backwards."""
    if not timedelta(0) < until - since <= timedelta(days=LONGEST_DAYS):
        raise SpanTooLong(days=LONGEST_DAYS, pointer="/until")
