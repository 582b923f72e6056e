"""What an endpoint's answer means for what was sent."""

from datetime import UTC, datetime, timedelta

import pytest

from gevinst_notifications.clients.answers import attempt_of
from gevinst_notifications.domain.deliveries import Channel, Outcome
from gevinst_shared.http.outside import Answer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "status", "text", "outcome"),
    [
        (Channel.WEBHOOK, 204, "", Outcome.ACCEPTED),
        (Channel.TEAMS, 202, "", Outcome.ACCEPTED),
        (Channel.SLACK, 200, "ok", Outcome.ACCEPTED),
        (Channel.WEBHOOK, 410, "", Outcome.GONE),
        (Channel.SLACK, 404, "no_service", Outcome.GONE),
        (Channel.SLACK, 410, "channel_is_archived", Outcome.GONE),
        (Channel.WEBHOOK, 404, "no_service", Outcome.TEMPORARY),
        (Channel.WEBHOOK, 400, "", Outcome.TEMPORARY),
        (Channel.TEAMS, 400, "", Outcome.PERMANENT),
        (Channel.TEAMS, 413, "", Outcome.PERMANENT),
        (Channel.TEAMS, 404, "", Outcome.TEMPORARY),
        (Channel.WEBHOOK, 301, "", Outcome.TEMPORARY),
        (Channel.WEBHOOK, 429, "", Outcome.TEMPORARY),
        (Channel.WEBHOOK, 500, "", Outcome.TEMPORARY),
    ],
)
def test_an_answer_is_taken_tried_again_given_up_or_final(
    channel: Channel, status: int, text: str, outcome: Outcome
) -> None:
    attempt = attempt_of(channel, Answer(status, {}, text.encode()), now=NOW)

    assert (attempt.outcome, attempt.code) == (outcome, status)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("Sun, 22 Nov 2026 09:01:00 GMT", timedelta(minutes=1)),
        ("Sun, 22 Nov 2026 08:59:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("9" * 40, timedelta(seconds=10**7)),
        ("9" * 5000, timedelta(seconds=10**7)),
        ("٣", timedelta(seconds=3)),
    ],
)
def test_the_receiver_says_when_it_wants_us_back(said: str, wait: timedelta | None) -> None:
    assert attempt_of(Channel.WEBHOOK, Answer(503, {"retry-after": said}, b""), now=NOW).retry_after == wait


def test_what_was_said_is_kept_on_one_short_line() -> None:
    attempt = attempt_of(Channel.WEBHOOK, Answer(500, {}, b"a\r\nb\x00" + b"c" * 5000), now=NOW)

    assert attempt.text.startswith("a b c")
    assert len(attempt.text) == 200
