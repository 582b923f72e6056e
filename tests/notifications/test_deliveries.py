from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.deliveries import (
    BACK_OFF_SECONDS,
    CLAIMABLE,
    MAXIMUM_ATTEMPTS,
    Attempt,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryNotDead,
    DeliveryNotOpen,
    DeliveryState,
    Outcome,
    after_attempt,
    after_lost_lease,
    back_off,
    cancelled,
    delivery_of,
    leased,
    message_id,
    replayed,
    thread_id,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LEASE = timedelta(minutes=5)
KEY = DeliveryKey(UUID(int=1), UUID(int=2), Channel.MAIL)
NEW = Delivery(KEY, due_at=NOW)
SENDING = leased(NEW, now=NOW, lease=LEASE)


def attempted(outcome: Outcome, *, seed: int = 1) -> Delivery:
    return after_attempt(SENDING, Attempt(outcome), now=NOW, rng=Random(seed))


def test_a_lease_counts_as_an_attempt_so_that_a_message_that_kills_workers_ends() -> None:
    assert (SENDING.state, SENDING.attempts, SENDING.lease_until) == (DeliveryState.LEASED, 1, NOW + LEASE)


def test_an_accepted_delivery_is_sent() -> None:
    delivery = attempted(Outcome.ACCEPTED)

    assert (delivery.state, delivery.lease_until) == (DeliveryState.SENT, None)


def test_a_permanent_failure_is_dead_at_once() -> None:
    assert attempted(Outcome.PERMANENT).state is DeliveryState.DEAD


@pytest.mark.parametrize("outcome", [Outcome.TEMPORARY, Outcome.LOST_BEFORE_DATA])
def test_what_cannot_have_arrived_is_tried_again_unmarked(outcome: Outcome) -> None:
    delivery = attempted(outcome)

    assert delivery.state is DeliveryState.FAILED
    assert not delivery.may_be_duplicate
    assert NOW <= delivery.due_at <= NOW + timedelta(seconds=60)


def test_what_may_have_arrived_is_tried_again_marked() -> None:  # N5
    delivery = attempted(Outcome.LOST_AFTER_DATA)

    assert delivery.state is DeliveryState.UNKNOWN
    assert delivery.may_be_duplicate


def test_the_mark_stays_through_later_failures() -> None:
    again = leased(replace(attempted(Outcome.LOST_AFTER_DATA), due_at=NOW), now=NOW, lease=LEASE)

    assert after_attempt(again, Attempt(Outcome.TEMPORARY), now=NOW, rng=Random(1)).may_be_duplicate


def test_a_lost_lease_is_due_at_once_and_marked() -> None:  # N5: the worker died somewhere on the way
    later = NOW + LEASE

    delivery = after_lost_lease(SENDING, now=later)

    assert (delivery.state, delivery.due_at, delivery.may_be_duplicate) == (
        DeliveryState.UNKNOWN,
        later,
        True,
    )


def test_a_lease_that_holds_is_not_lost() -> None:
    with pytest.raises(ValueError, match="still holds"):
        after_lost_lease(SENDING, now=NOW + LEASE - timedelta(seconds=1))


@pytest.mark.parametrize("outcome", [Outcome.TEMPORARY, Outcome.LOST_BEFORE_DATA, Outcome.LOST_AFTER_DATA])
def test_after_the_last_attempt_a_delivery_is_dead(outcome: Outcome) -> None:
    delivery = NEW
    for _ in range(MAXIMUM_ATTEMPTS):
        assert delivery.state in CLAIMABLE
        delivery = leased(delivery, now=delivery.due_at, lease=LEASE)
        delivery = after_attempt(delivery, Attempt(outcome), now=delivery.due_at, rng=Random(3))

    assert (delivery.state, delivery.attempts) == (DeliveryState.DEAD, MAXIMUM_ATTEMPTS)


def test_a_message_that_kills_every_worker_ends_dead() -> None:
    delivery = NEW
    now = NOW
    for _ in range(MAXIMUM_ATTEMPTS):
        now += LEASE
        delivery = after_lost_lease(leased(delivery, now=now - LEASE, lease=LEASE), now=now)

    assert delivery.state is DeliveryState.DEAD


def test_only_what_waits_and_is_due_can_be_leased() -> None:
    with pytest.raises(ValueError, match="cannot be leased"):
        leased(NEW, now=NOW - timedelta(seconds=1), lease=LEASE)
    with pytest.raises(ValueError, match="cannot be leased"):
        leased(attempted(Outcome.ACCEPTED), now=NOW, lease=LEASE)


def test_only_a_leased_delivery_can_have_been_attempted() -> None:
    with pytest.raises(ValueError, match="cannot have been attempted"):
        after_attempt(NEW, Attempt(Outcome.ACCEPTED), now=NOW, rng=Random(1))


def test_a_waiting_delivery_can_be_cancelled_and_one_under_way_cannot() -> None:
    assert cancelled(NEW).state is DeliveryState.CANCELLED
    with pytest.raises(DeliveryNotOpen):
        cancelled(SENDING)


def test_a_dead_delivery_is_replayed_under_the_same_key() -> None:
    dead = attempted(Outcome.PERMANENT)

    again = replayed(dead, now=NOW)

    assert (again.key, again.state, again.attempts, again.due_at) == (KEY, DeliveryState.PENDING, 0, NOW)
    with pytest.raises(DeliveryNotDead):
        replayed(NEW, now=NOW)


def test_the_wait_after_the_second_attempt_is_at_most_five_minutes() -> None:
    waits = [back_off(2, rng=Random(seed)) for seed in range(200)]

    assert max(waits) <= timedelta(minutes=5)
    assert max(waits) - min(waits) > timedelta(minutes=4)  # full jitter uses the whole span


@given(attempts=st.integers(1, 50), seed=st.integers())
def test_a_wait_lies_between_nothing_and_the_base(attempts: int, seed: int) -> None:
    base = BACK_OFF_SECONDS[min(attempts, len(BACK_OFF_SECONDS)) - 1]

    assert timedelta(0) <= back_off(attempts, rng=Random(seed)) <= timedelta(seconds=base)


@given(asked=st.timedeltas(timedelta(days=-2), timedelta(days=9)), seed=st.integers())
def test_a_receiver_that_asks_for_a_pause_gets_it_up_to_a_day(asked: timedelta, seed: int) -> None:
    wait = back_off(1, rng=Random(seed), retry_after=asked)

    floor = min(max(asked, timedelta(0)), timedelta(days=1))
    assert floor <= wait <= floor + timedelta(minutes=1)


def test_a_temporary_failure_honours_the_receivers_pause() -> None:
    busy = Attempt(Outcome.TEMPORARY, 429, retry_after=timedelta(hours=2))

    assert after_attempt(SENDING, busy, now=NOW, rng=Random(1)).due_at >= NOW + timedelta(hours=2)


@given(st.uuids(), st.sampled_from([str.upper, str.lower, str]))
def test_a_deliverys_message_id_leads_back_to_it(delivery_id: UUID, respelled: Callable[[str], str]) -> None:
    """Some servers that return a mail change the case of letters."""
    found = message_id(delivery_id, domain="gevinst.example.no")

    assert delivery_of(respelled(found)) == delivery_id


@pytest.mark.parametrize("foreign", ["", "<a@b>", "none", "<90c07d8705dd097196aa21af0a76b2a35acdd56d@x.no>"])
def test_a_message_id_of_somebody_else_leads_nowhere(foreign: str) -> None:
    assert delivery_of(foreign) is None


def test_records_of_two_organisations_are_two_threads() -> None:
    oslo = thread_id("0192:958935420", "/projects/1", domain="x.no")
    bergen = thread_id("0192:964338531", "/projects/1", domain="x.no")

    assert oslo != bergen
