"""What an endpoint's answer means: taken, try again, never, or gone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from gevinst_notifications.domain.deliveries import Attempt, Channel, Outcome
from gevinst_notifications.domain.wording import one_line
from gevinst_shared.http.outside import Answer

_LONGEST_TEXT = 200
_LONGEST_WAIT = 10**7  # seconds; as many digits as a receiver likes mean no more than this
# How Slack says that the channel or the hook is no more.
_SLACK_GONE = ("no_service", "no_active_hooks", "channel_is_archived", "channel_not_found", "team_disabled")


def attempt_of(channel: Channel, answer: Answer, *, now: datetime) -> Attempt:
    """The attempt that was answered so.

    A webhook is tried again whatever it answers but 2xx and 410, since its owner may mend it. A chat that
    does not understand a message will not understand it the next time either.
    """
    text = one_line(answer.text)[:_LONGEST_TEXT]
    retry_after = _retry_after(answer.headers.get("retry-after"), now)
    return Attempt(_outcome(channel, answer), answer.status, text, retry_after)


def _outcome(channel: Channel, answer: Answer) -> Outcome:
    status = answer.status
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    is_slack_gone = channel is Channel.SLACK and answer.text.strip() in _SLACK_GONE
    if status == 410 or is_slack_gone:
        return Outcome.GONE
    if channel is not Channel.WEBHOOK and status in {400, 413, 415, 422}:
        return Outcome.PERMANENT
    return Outcome.TEMPORARY


def _retry_after(text: str | None, now: datetime) -> timedelta | None:
    """Seconds or a date (RFC 9110); None for anything else, and for what is over."""
    if text is None:
        return None
    digits = text.strip()
    if digits.isdecimal():
        return timedelta(seconds=int(digits) if len(digits) < len(str(_LONGEST_WAIT)) else _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    wait = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
    return wait if wait > timedelta(0) else None
