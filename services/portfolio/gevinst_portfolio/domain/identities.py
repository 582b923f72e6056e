"""What an organisation is to other bodies: its signing keys and what it says of itself (X1)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from gevinst_shared.values.key_overlap import MOST_KEYS
from gevinst_shared.values.refusal import Refusal

# How often a worker looks whether a statement still says what is so.
LOOK = timedelta(hours=1)


class ExchangeNotSetUp(Refusal):
    code = "exchange-not-set-up"
    title = "The exchange is not set up"
    detail = "This installation has no key for the exchange. Whoever runs it sets GEVINST_SYNC_KEY."


class RenewedTooOften(Refusal):
    code = "renewed-too-often"
    title = "Too many keys at once"
    detail = "{count} keys are still valid. Renew again after {until}, when the next of them ends."


class KeyLost(Refusal):
    code = "signing-key-lost"
    title = "The signing key cannot be opened"
    detail = "The key was sealed with another secret than this installation has now. Renew the identity."


def refuse_too_many(keys: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a renewal while as many `keys` are valid as a statement shall name."""
    overlapping = [key["until"] for key in keys if key["until"] is not None]
    if len(keys) >= MOST_KEYS:
        raise RenewedTooOften(count=len(keys), until=f"{min(overlapping):%Y-%m-%d}")


def look_again(untils: Sequence[datetime], now: datetime) -> datetime:
    """When the statement may say too much or too little: in a while, or when one of its keys ends."""
    return min([now + LOOK, *untils])
