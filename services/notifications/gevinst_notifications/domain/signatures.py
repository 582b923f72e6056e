"""Standard Webhooks 1.0: how a receiver knows that a message is ours, unchanged and fresh.

Source: github.com/standard-webhooks/standard-webhooks, specification 1.0.0, symmetric signatures.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"
MOST_SIGNATURES = 5  # of the newest keys, however often somebody rotates
KEY_BYTES = 32  # the specification asks for 24 to 64


def new_secret(random: bytes) -> str:
    """The secret as receivers are told it, of `KEY_BYTES` random bytes."""
    if len(random) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return PREFIX + b64encode(random).decode()


def signed_headers(
    secrets: Sequence[str], *, message_id: str, sent_at: datetime, content: bytes
) -> dict[str, str]:
    """The three headers of a message: its id, the moment of this attempt, and a signature by each key.

    While keys are rotated there are several, and a receiver that knows any of them believes the message.
    """
    timestamp = int(sent_at.timestamp())
    signatures = (
        signature(secret, message_id=message_id, timestamp=timestamp, content=content) for secret in secrets
    )
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }


def signature(secret: str, *, message_id: str, timestamp: int, content: bytes) -> str:
    """`v1,` and the base64 of HMAC-SHA256 over id, second and content. `message_id` has no full stop."""
    if "." in message_id:
        raise ValueError("a full stop would end the id")
    key = b64decode(secret.removeprefix(PREFIX), validate=True)
    signed = b".".join((message_id.encode(), str(timestamp).encode(), content))
    return "v1," + b64encode(hmac.new(key, signed, sha256).digest()).decode()
