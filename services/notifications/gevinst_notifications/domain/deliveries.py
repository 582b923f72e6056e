"""A delivery: one fact to one person on one channel, until it arrived or was given up (N5).

Sending is at-least-once: a worker may die between the server's answer and our commit. What makes a
repetition recognisable is the identity of the message, which is the delivery's own.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from random import Random
from typing import assert_never
from uuid import UUID

from gevinst_shared.values.refusal import Refusal


class Channel(StrEnum):
    """Ways out of the house. The inbox is none: its item is written together with the fact."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    TEAMS = "teams"
    SLACK = "slack"
    MATTERMOST = "mattermost"
    APPRISE = "apprise"


# What all mail goes through, whoever it is for.
MAIL_SERVER = "mail-server"


class DeliveryState(StrEnum):
    PENDING = "pending"
    LEASED = "leased"  # a worker has it, until `lease_until`
    SENT = "sent"
    FAILED = "failed"  # will be tried again when due
    UNKNOWN = "unknown"  # handed over, answer lost: will be tried again, marked
    DEAD = "dead"  # given up; a person can replay it
    CANCELLED = "cancelled"


CLAIMABLE = frozenset({DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.UNKNOWN})


class Outcome(StrEnum):
    """How one attempt ended, whatever the channel."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary-failure"
    PERMANENT = "permanent-failure"
    GONE = "gone"  # permanent, and the address itself exists no more: nothing may be sent there again
    LOST_BEFORE_DATA = "lost-before-data"  # the content never left: it cannot have arrived
    LOST_AFTER_DATA = "lost-after-data"  # the content left, the answer never came


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: its outcome, the receiver's code and words, and when the receiver wants us back."""

    outcome: Outcome
    code: int | None = None
    text: str = ""
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """`person_id` is the endpoint's id where the receiver is an endpoint and no person."""

    event_id: UUID
    person_id: UUID
    channel: Channel


@dataclass(frozen=True, slots=True)
class Delivery:
    """`attempts` counts leases, so it also numbers the lease: store a result only where it still matches."""

    key: DeliveryKey
    due_at: datetime
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    lease_until: datetime | None = None
    may_be_duplicate: bool = False


class DeliveryNotOpen(Refusal):
    code = "delivery-not-open"
    title = "The delivery is no longer open"
    detail = "The delivery is {state}. Only one that waits to be sent can be cancelled."


class DeliveryNotDead(Refusal):
    code = "delivery-not-dead"
    title = "The delivery was not given up"
    detail = "The delivery is {state}. Only one that was given up can be sent again."


# Bases of the waits in seconds; the wait before attempt n + 1 is BACK_OFF_SECONDS[n - 1] at most.
BACK_OFF_SECONDS = (60, 300, 1_800, 7_200, 18_000, 36_000, 86_400)
MAXIMUM_ATTEMPTS = len(BACK_OFF_SECONDS) + 1
LONGEST_RETRY_AFTER = timedelta(days=1)


def leased(delivery: Delivery, *, now: datetime, lease: timedelta) -> Delivery:
    """The delivery in a worker's hands. ValueError unless it waits and is due."""
    if delivery.state not in CLAIMABLE or delivery.due_at > now:
        raise ValueError(f"a delivery that is {delivery.state} and due {delivery.due_at} cannot be leased")
    return replace(
        delivery, state=DeliveryState.LEASED, attempts=delivery.attempts + 1, lease_until=now + lease
    )


def after_attempt(delivery: Delivery, attempt: Attempt, *, now: datetime, rng: Random) -> Delivery:
    """The delivery after its worker's attempt. ValueError unless it is leased."""
    if delivery.state is not DeliveryState.LEASED:
        raise ValueError(f"a delivery that is {delivery.state} cannot have been attempted")
    match attempt.outcome:
        case Outcome.ACCEPTED:
            return replace(delivery, state=DeliveryState.SENT, lease_until=None)
        case Outcome.PERMANENT | Outcome.GONE:
            return replace(delivery, state=DeliveryState.DEAD, lease_until=None)
        case Outcome.TEMPORARY | Outcome.LOST_BEFORE_DATA:
            return _waiting(delivery, DeliveryState.FAILED, now + _wait(delivery, attempt, rng))
        case Outcome.LOST_AFTER_DATA:
            marked = replace(delivery, may_be_duplicate=True)
            return _waiting(marked, DeliveryState.UNKNOWN, now + _wait(delivery, attempt, rng))
        case _:
            assert_never(attempt.outcome)


def after_lost_lease(delivery: Delivery, *, now: datetime) -> Delivery:
    """The delivery whose worker died: nobody knows how far it came, so it is due again, marked.

    ValueError while the lease still holds.
    """
    if (
        delivery.state is not DeliveryState.LEASED
        or delivery.lease_until is None
        or delivery.lease_until > now
    ):
        raise ValueError("the lease still holds, or there is none")
    return _waiting(replace(delivery, may_be_duplicate=True), DeliveryState.UNKNOWN, now)


def cancelled(delivery: Delivery) -> Delivery:
    """The delivery that will not be sent; one in a worker's hands cannot be called back."""
    if delivery.state not in CLAIMABLE:
        raise DeliveryNotOpen(state=delivery.state)
    return replace(delivery, state=DeliveryState.CANCELLED)


def replayed(delivery: Delivery, *, now: datetime) -> Delivery:
    """A dead delivery, due now with all its attempts again: same key, so the same message."""
    if delivery.state is not DeliveryState.DEAD:
        raise DeliveryNotDead(state=delivery.state)
    return replace(delivery, state=DeliveryState.PENDING, attempts=0, due_at=now)


def bounced(delivery: Delivery) -> Delivery:
    """A delivery that came back after it was sent. ValueError unless it was sent."""
    if delivery.state is not DeliveryState.SENT:
        raise ValueError(f"a delivery that is {delivery.state} cannot come back")
    return replace(delivery, state=DeliveryState.DEAD)


def back_off(attempts: int, *, rng: Random, retry_after: timedelta | None = None) -> timedelta:
    """The wait after failed attempt number `attempts` (from 1): full jitter, uniform from 0 to the base.

    A receiver's `retry_after` is the floor, at most a day, with up to a minute on top so that a crowd
    does not come back at the same moment.   Check: after attempt 2 the wait is 0–300 seconds.
    """
    if retry_after is None:
        return timedelta(seconds=rng.uniform(0, BACK_OFF_SECONDS[min(attempts, len(BACK_OFF_SECONDS)) - 1]))
    floor = min(max(retry_after, timedelta(0)), LONGEST_RETRY_AFTER)
    return floor + timedelta(seconds=rng.uniform(0, BACK_OFF_SECONDS[0]))


def message_id(delivery_id: UUID, *, domain: str) -> str:
    """The `Message-ID` of every attempt at this delivery, in angle brackets; `delivery_of` reads it back."""
    return f"<{delivery_id.hex}@{domain}>"


def delivery_of(message_id: str) -> UUID | None:
    """The delivery whose mail had this `Message-ID`; None when it cannot be one of ours."""
    found = re.fullmatch(r"<([0-9a-f]{32})@[^<>@]*>", message_id.strip(), re.IGNORECASE)
    return None if found is None else UUID(found[1])


def thread_id(organisation: str, subject: str, *, domain: str) -> str:
    """The identity that all mails about one record answer to, so that readers see them as a thread."""
    name = f"{organisation}|{subject}"
    return f"<{sha256(name.encode()).hexdigest()[:40]}@{domain}>"


def _wait(delivery: Delivery, attempt: Attempt, rng: Random) -> timedelta:
    return back_off(delivery.attempts, rng=rng, retry_after=attempt.retry_after)


def _waiting(delivery: Delivery, state: DeliveryState, due_at: datetime) -> Delivery:
    if delivery.attempts >= MAXIMUM_ATTEMPTS:
        return replace(delivery, state=DeliveryState.DEAD, lease_until=None)
    return replace(delivery, state=state, lease_until=None, due_at=due_at)
