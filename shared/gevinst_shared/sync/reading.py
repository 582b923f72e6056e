"""Reading partners: each on its own, side by side, so that none waits for another (X2).

Bodies in the same installation read the same pages, without HTTP and without a token.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from gevinst_shared.db.engine import Database
from gevinst_shared.rounds import Rounds
from gevinst_shared.sync.callers import Caller, CallFailed, CallFault
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.partner_calls import LIMIT, PartnerCalls
from gevinst_shared.sync.partner_rows import PartnerRows
from gevinst_shared.sync.receiving import Answer, Outcome, Question
from gevinst_shared.sync.schedule import GAP, Turn, Verdict
from gevinst_shared.sync.serving import Asked, NoPage

AT_ONCE = 20
# Of one turn: then it is others' turn, and this partner goes on after them.
PAGES_AT_ONCE = 50
SECONDS_AT_ONCE = 120.0
DAILY = timedelta(days=1)
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "partners not read", every=1.0, longest=60.0)
_NEVER = Verdict(after=None)


@dataclass(frozen=True, slots=True)
class Here:
    """What readings run on. `exchange` says where this installation is reached."""

    database: Database
    part: Part
    exchange: Exchange
    now: Callable[[], datetime]


class Reading:
    """Reads the partners of every organisation; several workers may."""

    def __init__(self, here: Here, calls: PartnerCalls) -> None:
        self._here = here
        self._calls = calls
        self._rows = PartnerRows(here)
        self._running: set[asyncio.Task[None]] = set()

    async def follow(self) -> None:
        """Read for ever. A slow partner has a place of its own, and the others go on beside it."""
        try:
            await _ROUNDS.follow(self.begin)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def once(self) -> int:
        """Read what is due to the end; how many partners that were."""
        begun = await self.begin()
        while self._running:
            await asyncio.wait(tuple(self._running))
        return begun

    async def begin(self) -> int:
        """Begin to read what is due, as far as there is room; how many partners that are."""
        room = AT_ONCE - len(self._running)
        if room <= 0:
            return 0
        async with self._here.database.queue() as connection:
            turns = await self._here.part.schedule.claim(connection, self._here.now(), limit=room)
        for turn in turns:
            task = asyncio.create_task(self._take_turn(turn))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(turns)

    async def _take_turn(self, turn: Turn) -> None:
        try:
            verdict = await self._read(turn)
        except Exception:  # what went wrong with one partner is noted with that partner
            _log.exception("partner not read", extra={"partner": str(turn.partner_id)})
            verdict = Verdict(fault="broken-here", is_failure=True)
        with suppress(OSError):  # then it is due again when its lease is over
            async with self._here.database.transaction(turn.organisation) as connection:
                await self._here.part.schedule.note(connection, turn, verdict, self._here.now())

    async def _read(self, turn: Turn) -> Verdict:
        """Page after page, until there are no more or it is others' turn."""
        clock = asyncio.get_running_loop().time
        until = clock() + SECONDS_AT_ONCE
        for _ in range(PAGES_AT_ONCE):
            verdict = await self._step(turn)
            if verdict is not None:
                return verdict
            if clock() > until:
                break
        return Verdict(after=GAP)

    async def _step(self, turn: Turn) -> Verdict | None:
        """One page; None where there is another."""
        here = self._here
        async with here.database.transaction(turn.organisation) as connection:
            of = (turn.organisation, turn.partner_id)
            question = await here.part.receiving.ask(connection, *of, here.now())
            caller = await self._rows.caller(connection, turn.organisation, turn.partner_id)
        if question is None or caller is None:
            return _NEVER
        try:
            found = await self._found(caller, question)
        except CallFailed as failed:
            if failed.content is not None:
                await self._put_aside(turn, failed.fault, failed.content)
            if failed.fault == CallFault.NO_FEED:
                # Its statement is older than its feed.
                await self._ask_statement(turn)
            return Verdict(fault=failed.fault, is_failure=True)
        if isinstance(found, Page):
            return await self._take(turn, question, found)
        return await self._refused(turn, question, found)

    async def _ask_statement(self, turn: Turn) -> None:
        here = self._here
        async with here.database.transaction(turn.organisation) as connection:
            await here.part.ask_statement(connection, turn.organisation, turn.partner_id, here.now())

    async def _found(self, caller: Caller, question: Question) -> Page | NoPage:
        here = self._here
        if caller.address != here.exchange.public_url:
            return await self._calls.page(caller, question.cursor, grants_number=question.grants_number)
        async with here.database.transaction(caller.owner, read_only=True) as connection:
            key = await here.part.find_key(connection, caller.owner, here.exchange)
        if key is None:
            return NoPage.STRANGER
        asked = Asked(caller.organisation, question.cursor, LIMIT, question.grants_number)
        serving = here.part.serving(here.exchange)
        return await serving.answer(here.database, caller.owner, asked, key=key, now=here.now())

    async def _take(self, turn: Turn, question: Question, page: Page) -> Verdict | None:
        here, now = self._here, self._here.now()
        answer = Answer(question, page, now, here.exchange.limits)
        async with here.database.transaction(turn.organisation) as connection:
            outcome = await here.part.receiving.take(connection, turn.organisation, turn.partner_id, answer)
            if outcome is Outcome.NEEDS_STATEMENT:
                await here.part.ask_statement(connection, turn.organisation, turn.partner_id, now)
        if outcome is Outcome.NEEDS_STATEMENT:
            return Verdict(fault="unknown-partner-key", is_failure=True)
        if outcome is Outcome.NOT_READ:
            return _NEVER
        if outcome is Outcome.STALE:
            return Verdict(after=GAP)
        return None if page.has_more or outcome is Outcome.BEGUN_ANEW else Verdict()

    async def _refused(self, turn: Turn, question: Question, found: NoPage) -> Verdict | None:
        here, now = self._here, self._here.now()
        if found in {NoPage.PAUSED, NoPage.BEHIND}:
            return Verdict(fault=CallFault.PAUSED_THERE, is_failure=True)
        if found is NoPage.STRANGER:
            return Verdict(fault=CallFault.UNKNOWN_THERE, is_failure=True)
        async with here.database.transaction(turn.organisation) as connection:
            receiving, of = here.part.receiving, (turn.organisation, turn.partner_id)
            if found is NoPage.GONE:
                await receiving.gone(connection, *of, question, now)
                return None
            # Looked at again from time to time: the two may have begun anew.
            await receiving.ended(connection, *of, question, now)
        return Verdict(after=DAILY, fault="stopped-by-partner")

    async def _put_aside(self, turn: Turn, reason: str, content: str) -> None:
        here = self._here
        async with here.database.transaction(turn.organisation) as connection:
            inlets = here.part.receiving.inlets
            # Held before its quarantine is, as by whoever takes a page.
            await inlets.held(connection, turn.organisation, turn.partner_id)
            wrong = [(content, reason)]
            await inlets.put_aside(connection, turn.organisation, turn.partner_id, wrong, now=here.now())
