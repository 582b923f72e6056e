"""The notifications service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_notifications.domain.deliveries import DeliveryNotDead, DeliveryNotOpen
from gevinst_notifications.domain.permissions import FOLLOW_EVENTS
from gevinst_notifications.domain.refusals import TooManyStreams
from gevinst_notifications.routes import deliveries, inbox, inbox_stream
from gevinst_notifications.settings import Settings
from gevinst_notifications.store.places import find_grants
from gevinst_notifications.tables.shared import feed, kept_answers, trail
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

STATUSES: dict[type[Refusal], int] = {
    DeliveryNotDead: 409,
    DeliveryNotOpen: 409,
    TooManyStreams: 429,
}

SERVICE = Service(
    name="notifications",
    title="Gevinst notifications",
    description=(
        "Tells people what they must do or decide: an inbox for each person, with a live stream, and mail "
        "in their language. Follows the feeds of the other services."
    ),
    package="gevinst_notifications",
    # The stream before the inbox: `stream` would be taken for an item's id.
    routers=(
        inbox_stream.router,
        inbox.router,
        deliveries.router,
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Inbox": "What the caller was told.",
        "Deliveries": "What was sent to people, what waits, and what was given up.",
        "Audit": "Who changed what, before and after, and the chain of seals over it.",
    },
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    app = create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
    app.state.streams = inbox_stream.Streams()
    if settings.smtp_url is None:
        app.state.lacks = {"mail": "not set up: deliveries wait until GEVINST_SMTP_URL is set"}
    return app
