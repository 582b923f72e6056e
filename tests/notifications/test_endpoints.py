"""What endpoints subscribe to, and when nothing is sent there any more."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.deliveries import Channel, Outcome
from gevinst_notifications.domain.endpoints import (
    LONGEST_FAILURE,
    DisabledBecause,
    OddSubscription,
    Subscription,
    disabled_because,
    fits,
    subscription_of,
)
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_shared.values.actor import Place, ScopeKind

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PROJECT, PORTFOLIO = UUID(int=1), UUID(int=2)
GATE = "gevinst.benefits.gate-decided.v1"


@pytest.mark.parametrize(
    "pattern", [GATE, "*", "gevinst.benefits.*", "*.gate-decided.v1", "*gate*", "g*n*v1"]
)
def test_a_pattern_fits(pattern: str) -> None:
    assert fits(pattern, GATE)


@pytest.mark.parametrize(
    "pattern", ["", "gevinst", "gevinst.portfolio.*", "*.v2", "gevinst.*.*.*.*.v1", GATE + "*1"]
)
def test_a_pattern_does_not_fit(pattern: str) -> None:
    assert not fits(pattern, GATE)


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_a_pattern_fits_as_a_regular_expression_says(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))

    assert fits(pattern, text) == bool(re.fullmatch(expression, text))


def test_a_webhook_names_types_and_a_chat_names_kinds() -> None:
    webhook = subscription_of(Channel.WEBHOOK, Subscription(event_types=("*", "*")), [])
    chat = subscription_of(Channel.TEAMS, Subscription(language="nb"), ["gate-decided", "gate-decided"])

    assert webhook == Subscription(event_types=("*",))
    assert chat.kinds == (NoticeKind.GATE_DECIDED,)


@pytest.mark.parametrize(
    ("channel", "wanted", "kinds"),
    [
        (Channel.WEBHOOK, Subscription(), []),
        (Channel.WEBHOOK, Subscription(event_types=("*",)), ["gate-decided"]),
        (Channel.WEBHOOK, Subscription(event_types=("*",), language="nb"), []),
        (Channel.WEBHOOK, Subscription(event_types=("*",), scope=ScopeKind.PROJECT, scope_id=PROJECT), []),
        (Channel.SLACK, Subscription(), []),
        (Channel.SLACK, Subscription(event_types=("*",)), ["gate-decided"]),
        (Channel.SLACK, Subscription(), ["gate-decoded"]),
        (Channel.SLACK, Subscription(scope=ScopeKind.PROJECT), ["gate-decided"]),
        (Channel.SLACK, Subscription(scope_id=PROJECT), ["gate-decided"]),
    ],
)
def test_a_subscription_that_no_channel_has_is_refused(
    channel: Channel, wanted: Subscription, kinds: list[str]
) -> None:
    with pytest.raises(OddSubscription):
        subscription_of(channel, wanted, kinds)


def test_a_chat_hears_of_its_kinds_in_its_place_only() -> None:
    board = Subscription(kinds=(NoticeKind.GATE_DECIDED,), scope=ScopeKind.PORTFOLIO, scope_id=PORTFOLIO)
    here = Place(portfolios=frozenset({PORTFOLIO}), projects=frozenset({PROJECT}))

    assert board.wants_notice(NoticeKind.GATE_DECIDED, here)
    assert not board.wants_notice(NoticeKind.GATE_PROPOSED, here)
    assert not board.wants_notice(NoticeKind.GATE_DECIDED, Place(projects=frozenset({PROJECT})))
    assert Subscription(kinds=(NoticeKind.GATE_DECIDED,)).wants_notice(NoticeKind.GATE_DECIDED, Place())


def test_an_endpoint_is_disabled_at_once_when_it_is_gone_and_else_after_long_failure() -> None:
    long_ago, lately = NOW - LONGEST_FAILURE, NOW - LONGEST_FAILURE + timedelta(seconds=1)

    assert disabled_because(Outcome.GONE, failing_since=None, now=NOW) is DisabledBecause.GONE
    assert disabled_because(Outcome.TEMPORARY, failing_since=long_ago, now=NOW) is DisabledBecause.FAILING
    assert disabled_because(Outcome.TEMPORARY, failing_since=lately, now=NOW) is None
    assert disabled_because(Outcome.PERMANENT, failing_since=None, now=NOW) is None
    assert disabled_because(Outcome.ACCEPTED, failing_since=long_ago, now=NOW) is None
