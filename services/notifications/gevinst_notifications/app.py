"""The notifications service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_notifications.clients.safe import Safe
from gevinst_notifications.domain.absences import AbsencesOverlap, OddAbsence, StandsInForThemselves
from gevinst_notifications.domain.bounces import NotABounce
from gevinst_notifications.domain.calendar_feed import TooManyFeeds
from gevinst_notifications.domain.deliveries import DeliveryNotDead, DeliveryNotOpen
from gevinst_notifications.domain.duties.duties import DutyClosed, QuietTooLong
from gevinst_notifications.domain.duties.rules import MustRemind, OddRepetition, OwnerHearsLater, StepTwice
from gevinst_notifications.domain.endpoints import (
    ChannelNotSetUp,
    NoSigningKeys,
    OddSubscription,
    TooManyEndpoints,
)
from gevinst_notifications.domain.erasing import AlreadyErased
from gevinst_notifications.domain.explanations import FactNotUnderstood, SpanTooLong
from gevinst_notifications.domain.permissions import FOLLOW_EVENTS
from gevinst_notifications.domain.preferences import (
    ChosenTwice,
    MandatoryKind,
    NoSuchChannel,
    NoSuchCountry,
    NoSuchKind,
    NoSuchZone,
    OnlyInDigests,
)
from gevinst_notifications.domain.quiet_hours import OddQuietHours
from gevinst_notifications.domain.refusals import TooManyStreams
from gevinst_notifications.domain.working_days import OddDays
from gevinst_notifications.routes import (
    absences,
    allowed_networks,
    calendar_feeds,
    defaults,
    deliveries,
    duties,
    endpoints,
    explanations,
    followings,
    inbox,
    inbox_stream,
    operations,
    people,
    preferences,
    reminder_rules,
    status_pages,
    suppressions,
    unsubscription,
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
from gevinst_shared.web.embedded import ticketed_router
from gevinst_shared.web.embeds import ticket_router
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

STATUSES: dict[type[Refusal], int] = {
    DutyClosed: 409,
    MustRemind: 400,
    OddDays: 400,
    QuietTooLong: 400,
    OddRepetition: 400,
    OwnerHearsLater: 400,
    StepTwice: 400,
    FactNotUnderstood: 400,
    SpanTooLong: 400,
    DeliveryNotDead: 409,
    DeliveryNotOpen: 409,
    NotABounce: 400,
    TooManyStreams: 429,
    AlreadyErased: 409,
    AbsencesOverlap: 409,
    OddAbsence: 400,
    StandsInForThemselves: 400,
    ChosenTwice: 400,
    MandatoryKind: 409,
    NoSuchChannel: 400,
    NoSuchCountry: 400,
    NoSuchKind: 400,
    NoSuchZone: 400,
    OddQuietHours: 400,
    OnlyInDigests: 400,
    OddSubscription: 400,
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
        preferences.router,
        defaults.router,
        unsubscription.router,
        followings.router,
        absences.router,
        people.router,
        operations.router,
        suppressions.router,
        endpoints.router,
        allowed_networks.router,
        calendar_feeds.router,
        # The page before the duties: `status-page` would be taken for a duty's id.
        status_pages.router,
        duties.router,
        reminder_rules.router,
        explanations.router,
        ticket_router(),
        ticketed_router(),
        audit_router(trail),
        events_router(feed, FOLLOW_EVENTS),
    ),
    statuses=STATUSES,
    tags={
        "Inbox": "What the caller was told.",
        "Deliveries": "What was sent to people, what waits, and what was given up.",
        "Preferences": "How people want to hear of what.",
        "Defaults": "What holds for those who chose nothing else.",
        "Following": "What people hear of without a role, and what they have muted.",
        "People": "Everything that is kept of a person, and its erasure.",
        "Leave": "Who is away, and who stands in meanwhile.",
        "Operations": "How full the queues are, what is stopped, and addresses that exist no more.",
        "Endpoints": "Webhooks and channels of teams that hear of us, and where they may lead.",
        "Duties": "What people must do by a day, who was reminded of it, and when it goes up the line.",
        "Explanations": "Who would get what and why, and why somebody did not.",
        "Reminder rules": "When people are reminded of what, and on which days they work.",
        "Calendars": "What must be done by a day, as a calendar to subscribe to.",
        "Status pages": "Small pages of figures, for people and for frames on pages of others.",
        "Embeds": "Status pages on pages of others, by ticket.",
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
