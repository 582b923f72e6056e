"""What goes over the wire to an endpoint, made anew at each attempt and the same each time."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from gevinst_notifications.domain.signatures import signed_headers
from gevinst_shared.feed.envelope import SOURCE_PREFIX, Event

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}


def webhook_content(event: Event) -> bytes:
    """The fact as the feed has it: CloudEvents 1.0, structured JSON."""
    envelope = {
        "specversion": "1.0",
        "id": str(event.id),
        "source": f"{SOURCE_PREFIX}{event.organisation}",
        "type": event.type,
        "subject": event.subject,
        "time": f"{event.time.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        "datacontenttype": "application/json",
        "data": dict(event.data),
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()


def webhook_headers(event: Event, content: bytes, secrets: Sequence[str], *, now: datetime) -> dict[str, str]:
    """The type of the content, and id, moment and signatures. The id is the fact's at every attempt, so
    that a receiver knows a repetition."""
    signed = signed_headers(secrets, message_id=str(event.id), sent_at=now, content=content)
    return {"Content-Type": "application/cloudevents+json; charset=utf-8", **signed}
