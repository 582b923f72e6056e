"""`restored`: what the portfolio service does after a restore from backup (X2)."""

from gevinst_portfolio.domain.identities import KeyLost
from gevinst_portfolio.settings import Settings
from gevinst_portfolio.store.sync_part import PART
from gevinst_portfolio.usecases.identifying import restate
from gevinst_shared.db.work import Work
from gevinst_shared.sync.reading import Here
from gevinst_shared.sync.restoring import restored as begin_anew
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now

_THEM = "gevinst-portfolio"


async def restored(settings: Settings) -> None:
    """Begin all feeds anew, and say anew who each organisation is."""
    await begin_anew(settings, PART, now=utc_now, also=_state)


async def _state(here: Here, organisation: str) -> None:
    """Partners may know a later statement than the backup: the next one has to have a higher serial."""
    now = here.now()
    async with here.database.transaction(organisation, at=now) as connection:
        work = Work(connection, Actor(_THEM, organisation), now, new_id())
        try:
            await restate(work, here.exchange, is_forced=True)
        except KeyLost:
            return  # its administrator renews
