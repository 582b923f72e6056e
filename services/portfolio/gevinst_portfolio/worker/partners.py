"""Fetching the statements of partners (X1): a partner may say, or not say, whatever it likes."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from gevinst_portfolio.domain.partners import LEASE, ContactFault
from gevinst_portfolio.store import sync_identities, sync_partners
from gevinst_portfolio.store.sync_networks import NETWORKS
from gevinst_portfolio.store.sync_partners import Claim
from gevinst_portfolio.usecases.meeting_partners import take_statement
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.http.outside import (
    AnswerLostError,
    NotPublicError,
    NotReachedError,
    Outside,
    found_addresses,
)
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.sync.statements import MEDIA_TYPE, MOST_BYTES, Statement, StatementError, read_statement
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import Network
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.typed_addresses import AddressNotPublic, allowed_address, typed_address

PATH = "/.well-known/gevinst-federation"
_THEM = "gevinst-portfolio"
_AT_ONCE = 20
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "statements of partners not fetched", every=1.0, longest=60.0)


class Introductions:
    """Fetches what is due; several workers may. `public_url` is where this installation is reached: bodies in
    it are asked without a detour over the network."""

    def __init__(
        self, database: Database, outside: Outside, public_url: str, now: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._outside = outside
        self._own = public_url
        self._now = now

    async def follow(self) -> None:
        """Fetch for ever."""
        await _ROUNDS.follow(self.once)

    async def once(self) -> int:
        """Fetch what is due, side by side; how many statements that were asked for."""
        now = self._now()
        async with self._database.queue() as connection:
            claims = await sync_partners.claim(connection, now, until=now + LEASE, limit=_AT_ONCE)
        outcomes = await asyncio.gather(*(self._meet(claim) for claim in claims), return_exceptions=True)
        for claim, outcome in zip(claims, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                # It is due again when its time is over; one partner holds up no other.
                fields = {"partner": str(claim.partner_id), "cause": repr(outcome)}
                _log.error("partner not met", extra=fields)
        return len(claims)

    async def _meet(self, claim: Claim) -> None:
        async with self._database.transaction(claim.organisation, read_only=True) as connection:
            partner = await sync_partners.get_row(connection, claim.partner_id)
            networks = await NETWORKS.list_all(connection)
        if partner["state"] == PartnerState.STOPPED:
            return
        # Nothing is held while somebody else takes their time.
        found = await self._found(partner["address"], partner["owner"], networks)
        now = self._now()
        async with self._database.transaction(claim.organisation, at=now) as connection:
            work = Work(connection, Actor(_THEM, claim.organisation), now, new_id())
            await take_statement(work, claim, found)

    async def _found(self, address: str, owner: str, networks: tuple[Network, ...]) -> Statement | str:
        """The statement, or the code of why there is none."""
        try:
            content = await (
                self._asked_here(owner) if address == self._own else self._asked(address, owner, networks)
            )
            return content if isinstance(content, ContactFault) else read_statement(content, owner=owner)
        except StatementError as error:
            return error.fault.value
        except Refusal as refusal:
            return refusal.code
        except NotPublicError:
            return AddressNotPublic.code
        except NotReachedError:
            return ContactFault.NOT_REACHED.value
        except AnswerLostError:
            return ContactFault.ANSWER_LOST.value

    async def _asked_here(self, owner: str) -> bytes | ContactFault:
        async with self._database.transaction(owner, read_only=True) as connection:
            statement = await sync_identities.find_statement(connection)
        return ContactFault.UNKNOWN_THERE if statement is None else statement.encode()

    async def _asked(self, address: str, owner: str, networks: tuple[Network, ...]) -> bytes | ContactFault:
        found = await found_addresses(typed_address(address))
        allowed_address(address, found, networks)
        answer = await self._outside.get(
            typed_address(f"{address}{PATH}?owner={owner}"),
            headers={"Accept": MEDIA_TYPE},
            allowed=networks,
            most_bytes=MOST_BYTES,
        )
        if answer.status == 404:
            return ContactFault.UNKNOWN_THERE
        return answer.content if answer.status == 200 else ContactFault.ODD_ANSWER
