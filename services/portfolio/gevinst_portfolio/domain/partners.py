"""Partners: other bodies with which an organisation exchanges, from being proposed to being stopped (X1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.typed_addresses import OddAddress, typed_address

DAILY = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=1)
# A fetch that is not over by then was given up by its worker.
LEASE = timedelta(minutes=5)
_MOST_DOUBLINGS = 12


class ContactFault(StrEnum):
    """Why a partner's statement could not be fetched; `statements.Fault` says what is wrong with one."""

    NOT_REACHED = "partner-not-reached"
    ANSWER_LOST = "partner-answer-lost"
    UNKNOWN_THERE = "partner-unknown-there"
    ODD_ANSWER = "odd-partner-answer"


class WrongThumbprint(Refusal):
    code = "wrong-thumbprint"
    title = "Not the partner's thumbprint"
    detail = (
        "What you read is not the thumbprint of the key that was fetched. Compare with the partner's "
        "administrator again, over the telephone. If it still differs, stop: somebody may be in between."
    )


class PartnerIsYourself(Refusal):
    code = "partner-is-yourself"
    title = "This is your own organisation"
    detail = "A partner is another body. Name the organisation that you will exchange with."


class TooManyPartners(Refusal):
    code = "too-many-partners"
    title = "Too many partners"
    detail = (
        "You have {count} partners, and this installation allows {most}. Stop one that you exchange nothing "
        "with, or ask whoever runs the installation for more (GEVINST_SYNC_MOST_PARTNERS)."
    )


def refuse_too_many(count: int, *, most: int) -> None:
    """Refuse one more partner than `most`; those that were stopped are not counted."""
    if count >= most:
        raise TooManyPartners(count=count, most=most)


def partner_address(text: str) -> str:
    """Scheme, host and port of the installation that was typed, or `OddAddress`."""
    address = typed_address(text)
    if address.target != "/":
        raise OddAddress(pointer="/body/address")
    return f"{address.scheme}://{address.authority}"


def next_fetch(failures: int, now: datetime) -> datetime:
    """Daily; after failures soon, then later and later, at most a day.

    Check: after the first failure in a minute, after the fourth in eight.
    """
    if failures == 0:
        return now + DAILY
    doublings = min(failures - 1, _MOST_DOUBLINGS)
    return now + min(DAILY, FIRST_PAUSE * (1 << doublings))


def valid_keys(keys: Mapping[str, Mapping[str, Any]], now: datetime) -> list[str]:
    """The ids of those keys that may still vouch for others; a service's own never may."""
    return [
        kid
        for kid, key in keys.items()
        if "service" not in key and ("until" not in key or datetime.fromisoformat(key["until"]) > now)
    ]
