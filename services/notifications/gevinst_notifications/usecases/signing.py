"""The keys that a webhook's messages are signed with: added, ended, told to those who may know."""

import secrets
from datetime import timedelta
from uuid import UUID

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.endpoints import NoSigningKeys
from gevinst_notifications.domain.signatures import KEY_BYTES, new_secret
from gevinst_notifications.events.endpoints import EndpointKeyAdded
from gevinst_notifications.store import endpoints
from gevinst_notifications.store.endpoints import ENDPOINTS, KEYS
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def rotate(work: Work, safe: Safe, endpoint_id: UUID, *, overlap: timedelta) -> tuple[UUID, Stored]:
    """Add a key. Those before it sign on for as long as `overlap`, so that the receiver can change over."""
    row = await ENDPOINTS.row(work.connection, endpoint_id, for_change=True)
    if row["channel"] != Channel.WEBHOOK:
        raise NoSigningKeys(channel=row["channel"])
    await endpoints.end_keys(work.connection, endpoint_id, until=work.now + overlap)
    return await add_key(work, safe, endpoint_id)


async def add_key(work: Work, safe: Safe, endpoint_id: UUID) -> tuple[UUID, Stored]:
    """Add a key beside those that are there."""
    key_id = new_id()
    secret = new_secret(secrets.token_bytes(KEY_BYTES))
    values = {
        "id": key_id,
        "endpoint_id": endpoint_id,
        "sealed_secret": safe.seal(secret, about=secret_of(work.organisation, key_id)),
        "created_at": work.now,
        "ends_at": None,
    }
    fact = EndpointKeyAdded(endpoint_id, key_id)
    record = recorded(work, fact, subject=subject_of("endpoints", endpoint_id))
    return key_id, await KEYS.add(work.connection, values, record)


async def get_secret(work: Work, safe: Safe, endpoint_id: UUID, key_id: UUID) -> str:
    """The secret as the receiver needs it, or `Unknown`."""
    sealed = await endpoints.get_sealed_secret(work.connection, endpoint_id, key_id)
    return safe.open(sealed, about=secret_of(work.organisation, key_id))


def secret_of(organisation: str, key_id: UUID) -> str:
    """What the sealed secret of a key is about."""
    return f"secret {organisation} {key_id}"
