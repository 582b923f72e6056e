"""The example municipality with all that the gallery shows, made after the gateway answers."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from rich.console import Console

from gevinst_shared.cli.api import Caller, NotDone
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.cli.gallery.choosing import choose
from gevinst_shared.cli.gallery.publishing import (
    Gallery,
    know_case_and_criterion,
    own_origins,
    shown,
    with_tickets,
)
from gevinst_shared.cli.gallery.story import Story
from gevinst_shared.cli.gateway.gallery import Exhibits, shown_before, write_gallery
from gevinst_shared.cli.gateway.settings import GatewaySettings
from gevinst_shared.cli.municipality.loading import Loaded, TokenOf, load_municipality, open_municipality
from gevinst_shared.values.actor import Role

_RENEWED_SECONDS = 1500  # a page that somebody opens now can be looked through for half an hour
_CONTROLLER = "cecilie-controller"


async def make_example(
    base_url: str, token_of: TokenOf, settings: GatewaySettings, console: Console, *, today: date
) -> None:
    """Load what is missing, with progress, and write the gallery's pages; a second time nothing is new."""
    async with (
        open_municipality(base_url, token_of, console, today=today) as loading,
        Caller(base_url, token_of(Role.BENEFIT_CONTROLLER, _CONTROLLER)) as controller,
    ):
        await loading.load()
        story = await Story.of(loading, controller)
        await story.tell()
        await choose(loading)
        await know_case_and_criterion(loading)
        before = {} if settings.gallery is None else shown_before(settings.gallery)
        gallery = Gallery(loading, settings.public_url, before)
        exhibits = await gallery.exhibits(shown(loading.ids))
    await write_with_tickets(base_url, token_of, settings, exhibits)


async def renew_tickets(base_url: str, token_of: TokenOf, settings: GatewaySettings) -> None:
    """Write the pages again with new tickets, for as long as the gateway answers; never returns."""
    while settings.gallery is not None:
        await asyncio.sleep(_RENEWED_SECONDS)
        with suppress(CannotStart, NotDone):  # a service that is being restarted answers the next time
            await write_with_tickets(base_url, token_of, settings, shown_before(settings.gallery))


async def write_with_tickets(
    base_url: str, token_of: TokenOf, settings: GatewaySettings, exhibits: Exhibits
) -> None:
    """The gallery's pages with tickets of this moment."""
    origins = own_origins(settings.public_url)
    write_gallery(settings, await with_tickets(exhibits, base_url, token_of, origins))


async def municipality_alone(
    base_url: str, token_of: TokenOf, home: Path, console: Console, *, today: date
) -> Loaded:
    """The municipality without what the gallery adds; `CannotStart` while another program loads it."""
    with only_one(home):
        return await load_municipality(base_url, token_of, console, today=today)


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """One program at a time loads the example, or it would be there twice."""
    with (home / "example.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart("The example is being loaded already: try again in a minute.") from None
        yield
