"""The notifications service put together: its routers, and the one table refusal → status."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI

from gevinst_notifications.domain.permissions import FOLLOW_EVENTS
from gevinst_notifications.settings import Settings
from gevinst_notifications.store.places import find_grants
from gevinst_notifications.tables import feed, kept_answers
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.application import Service, create_application
from gevinst_shared.web.clock import utc_now
from gevinst_shared.web.events import events_router
from gevinst_shared.web.opening import open_house

STATUSES: dict[type[Refusal], int] = {}

SERVICE = Service(
    name="notifications",
    title="Gevinst notifications",
    description="",
    package="gevinst_notifications",
    routers=(events_router(feed, FOLLOW_EVENTS),),
    statuses=STATUSES,
    tags={},
)


def create_app(settings: Settings, *, now: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application; `now` is a clock that tests may move."""
    return create_application(
        SERVICE,
        lambda: open_house(settings, kept_answers=kept_answers, find_grants=find_grants, now=now),
        public_url=settings.public_url,
    )
