"""Stopping mails of a kind with one click (RFC 8058): tickets, and what they change."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.preferences import (
    LINE_DIGEST,
    OrganisationSetting,
    Period,
    Way,
    Ways,
    decided_way,
)
from gevinst_notifications.domain.rules import NoticeKind

_MAC_BYTES = 16
_LONGEST = 200
_DIGEST = "digest-"


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who stops which mails: a kind of notice, or `digest_of` a period."""

    organisation: str
    person_id: UUID
    what: str


def digest_of(period: Period) -> str:
    """What is left by whoever leaves the digests of a period."""
    return f"{_DIGEST}{period}"


def leaving_ticket(organisation: str, person_id: UUID, what: str, *, key: bytes) -> str:
    """What of the address cannot be guessed; it names person and kind, and is not stored."""
    named = person_id.bytes + f"{organisation}|{what}".encode()
    return urlsafe_b64encode(_mac(named, key) + named).decode().rstrip("=")


def read_leaving(text: str, *, keys: Sequence[bytes]) -> Leaving | None:
    """What a ticket made with one of `keys` says; None when it is none of ours."""
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mac, named = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not any(hmac.compare_digest(mac, _mac(named, key)) for key in keys):
            return None
        organisation, _, what = named[16:].decode("ascii").partition("|")
        return Leaving(organisation, UUID(bytes=named[:16]), what)
    except ValueError:
        return None


def ways_after(what: str, ways: Ways, organisation: OrganisationSetting) -> dict[str, dict[str, Way]]:
    """The person's choices without mails of this kind, or without what would go in this digest.

    The rest stays as it was. What is mandatory is told all the same: at once, since no digest leaves.
    """
    after = {kind: dict(by_channel) for kind, by_channel in ways.items()}
    if not what.startswith(_DIGEST):
        return _off(after, what)
    period = what.removeprefix(_DIGEST)
    for kind in NoticeKind:
        decided = decided_way(kind, Channel.MAIL, own=ways, organisation=organisation).way
        if decided == period and kind not in organisation.mandatory:
            after = _off(after, kind)
        elif decided == period:
            after.setdefault(kind, {})[Channel.MAIL] = Way.AT_ONCE
    if ways.get(LINE_DIGEST, {}).get(Channel.MAIL, Way.WEEKLY) == period:
        after = _off(after, LINE_DIGEST)
    return after


def _off(ways: dict[str, dict[str, Way]], kind: str) -> dict[str, dict[str, Way]]:
    return {**ways, kind: {**ways.get(kind, {}), Channel.MAIL: Way.OFF}}


def _mac(named: bytes, key: bytes) -> bytes:
    return hmac.new(key, named, sha256).digest()[:_MAC_BYTES]
