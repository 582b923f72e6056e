"""The notifications service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.addresses import (
    AddressNotEncrypted,
    AddressNotPublic,
    OddAddress,
    OddNetwork,
)
from gevinst_notifications.domain.bounces import NotABounce
from gevinst_notifications.domain.calendar_feed import TooManyFeeds
from gevinst_notifications.domain.deliveries import DeliveryNotDead, DeliveryNotOpen
from gevinst_notifications.domain.endpoints import (
    ChannelNotSetUp,
    NoSigningKeys,
    OddSubscription,
    TooManyEndpoints,
)
from gevinst_notifications.domain.permissions import FOLLOW_EVENTS
from gevinst_notifications.domain.refusals import TooManyStreams
from gevinst_notifications.routes import (
    allowed_networks,
    calendar_feeds,
    deliveries,
    endpoints,
    inbox,
    inbox_stream,
    operations,
    suppressions,
)
from gevinst_notifications.settings import Settings
from gevinst_notifications.store.places import find_grants
from gevinst_notifications.tables.shared import feed, kept_answers, trail
from gevinst_notifications.usecases.subscribing_calendars import Surroundings
from gevinst_shared.http.outside import resolve
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.audit import audit_router
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

STATUSES: dict[type[Refusal], int] = {
    DeliveryNotDead: 409,
    DeliveryNotOpen: 409,
    NotABounce: 400,
    TooManyStreams: 429,
    OddAddress: 400,
    OddNetwork: 400,
    OddSubscription: 400,
    AddressNotEncrypted: 409,
    AddressNotPublic: 409,
    ChannelNotSetUp: 409,
    NoSigningKeys: 409,
    TooManyEndpoints: 409,
    TooManyFeeds: 409,
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
        operations.router,
        suppressions.router,
        endpoints.router,
        allowed_networks.router,
        calendar_feeds.router,
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Inbox": "What the caller was told.",
        "Deliveries": "What was sent to people, what waits, and what was given up.",
        "Operations": "How full the queues are, what is stopped, and addresses that exist no more.",
        "Endpoints": "Webhooks and channels of teams that hear of us, and where they may lead.",
        "Calendars": "What must be done by a day, as a calendar to subscribe to.",
        "Audit": "Who changed what, before and after, and the chain of seals over it.",
    },
)


def lacks(settings: Settings) -> dict[str, str]:
    """What is not set up, by part."""
    found = {}
    if settings.smtp_url is None:
        found["mail"] = "not set up: deliveries wait until GEVINST_SMTP_URL is set"
    if settings.channel_key is None:
        found["channels"] = "not set up: set GEVINST_NOTIFICATIONS_CHANNEL_KEY for endpoints and calendars"
    return found


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    app = create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
    app.state.streams = inbox_stream.Streams()
    app.state.safe = Safe.of(settings.channel_key)
    app.state.resolve = resolve
    app.state.surroundings = Surroundings(settings.public_url, settings.record_url)
    app.state.lacks = lacks(settings)
    return app
