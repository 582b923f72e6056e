"""The portfolio service's part in the exchange, with what follows here from what partners give (X1, X3)."""

from dataclasses import replace

from gevinst_portfolio.store import sync_part
from gevinst_portfolio.usecases.arriving import arrive
from gevinst_shared.db.engine import Connection
from gevinst_shared.sync.receiving import Taken


async def _follow(connection: Connection, taken: Taken) -> None:
    """Our other services hear of changed grants, and playbooks come into the register."""
    await sync_part.tell_number(connection, taken)
    await arrive(connection, taken.organisation, taken.partner_id, taken.now)


PART = replace(sync_part.PART, after_take=_follow)
