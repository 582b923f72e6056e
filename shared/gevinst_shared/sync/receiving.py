"""A partner's feed as we take it over: checked, then stored together with how far we are, or not at all.

What is wrong is put aside with a reason and changes nothing. What was signed with a key that we do not know
yet is nothing wrong: the partner's statement is to be fetched, and the page asked for again.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from gevinst_shared.auth.claims import BadToken, Flaw
from gevinst_shared.auth.tokens import PublicKey, public_keys
from gevinst_shared.db.engine import Connection
from gevinst_shared.sync.inlets import LONGEST_PUT_ASIDE, Inlets, Row
from gevinst_shared.sync.kinds import FieldType, SharedKind, is_storable, is_value
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.projection import written
from gevinst_shared.sync.revisions import Revision, opened
from gevinst_shared.sync.statements import SPEAKS
from gevinst_shared.sync.tables import SyncTables


class Outcome(StrEnum):
    """What became of a page."""

    TAKEN = "taken"
    # Another reader was faster, or the page is an old one that came late.
    STALE = "stale"
    NEEDS_STATEMENT = "needs-statement"
    # The feed has begun anew without saying so; it is read from the start.
    BEGUN_ANEW = "begun-anew"
    NOT_READ = "not-read"


class Wrong(StrEnum):
    """Why a revision was put aside."""

    SIGNATURE = "wrong-signature"
    MALFORMED = "malformed"
    EPOCH = "wrong-epoch"
    AUDIENCE = "wrong-audience"
    OWNER = "wrong-owner"
    NUMBER = "wrong-number"
    KIND = "unknown-kind"
    FIELDS = "wrong-fields"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page changed of what we have of a partner: `changed` is each (kind, id) that came or went.

    `is_whole`: there is no more to read at the moment, so that what is not here is not given.
    `grants_number` is what the page said, if there was one; `had_number` what the one before said.
    """

    organisation: str
    partner_id: UUID
    changed: tuple[tuple[str, UUID], ...]
    is_whole: bool
    grants_number: int | None
    had_number: int
    now: datetime


AfterTake = Callable[[Connection, Taken], Awaitable[None]]
"""Does what follows from what a partner gave, in the transaction that stored it."""


async def nothing_follows(_connection: Connection, _taken: Taken) -> None:
    """For a service where what partners gave only stands."""


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who a page is from, for whom, and the numbers that it must go on from."""

    owner: str
    audience: str
    keys: Mapping[str, PublicKey]


class Receiving:
    """Takes over partners' feeds of one service; `kinds` are those that it understands."""

    def __init__(
        self,
        tables: SyncTables,
        kinds: Sequence[SharedKind],
        *,
        service: str = SPEAKS,
        after_take: AfterTake = nothing_follows,
    ) -> None:
        self.inlets = Inlets(tables)
        self._service, self._after_take = service, after_take
        self._kinds = {kind.name: kind for kind in kinds if kind.is_served}

    async def ask(self, connection: Connection, organisation: str, partner_id: UUID) -> "Question | None":
        """What to ask the partner next; None when it is not to be read."""
        partner = await self.inlets.partner(connection, partner_id)
        if partner is None or partner["state"] != "confirmed":
            return None
        inlet = await self.inlets.held(connection, organisation, partner_id)
        attempt = await self.inlets.ask(connection, partner_id)
        return Question(inlet["cursor"], attempt, inlet["heard_number"])

    async def take(
        self, connection: Connection, organisation: str, partner_id: UUID, answer: "Answer"
    ) -> Outcome:
        """Take over one page; what is stored and how far we are go together with the transaction."""
        partner = await self.inlets.partner(connection, partner_id)
        if partner is None or partner["state"] != "confirmed":
            return Outcome.NOT_READ
        inlet = await self.inlets.held(connection, organisation, partner_id)
        if inlet["attempt"] is None or inlet["attempt"] != answer.question.attempt:
            return Outcome.STALE
        page = answer.page
        if inlet["cursor"] is not None and inlet["epoch"] != page.epoch:
            await self.inlets.begin_anew(connection, partner_id, now=answer.now)
            return Outcome.BEGUN_ANEW
        sender = _Sender(partner["owner"], organisation, _keys(partner["keys"], self._service, answer.now))
        after = 0 if inlet["cursor"] is None else inlet["number"]
        try:
            good, wrong = self._checked(page, sender, after)
        except _UnknownKey:
            await self.inlets.miss_key(connection, partner_id, now=answer.now)
            return Outcome.NEEDS_STATEMENT
        await self.inlets.put_aside(connection, organisation, partner_id, wrong, now=answer.now)
        await self._store(connection, inlet, good, now=answer.now)
        await self.inlets.advance(
            connection,
            inlet,
            page,
            number=max((one.number for _, one in good), default=after),
            taken=len(good),
            now=answer.now,
        )
        taken = Taken(
            organisation,
            partner_id,
            tuple(dict.fromkeys((one.kind, one.id) for _, one in good)),
            is_whole=not page.has_more,
            grants_number=page.grants_number,
            had_number=inlet["grants_number"],
            now=answer.now,
        )
        await self._after_take(connection, taken)
        return Outcome.TAKEN

    async def gone(
        self, connection: Connection, organisation: str, partner_id: UUID, question: "Question", now: datetime
    ) -> None:
        """The cursor is not known there any more: read everything, and then forget what was not named."""
        inlet = await self.inlets.held(connection, organisation, partner_id)
        if inlet["attempt"] == question.attempt:
            await self.inlets.begin_anew(connection, partner_id, now=now)

    async def ended(
        self, connection: Connection, organisation: str, partner_id: UUID, question: "Question", now: datetime
    ) -> None:
        """The partner has stopped the exchange: nothing that it gave stays."""
        inlet = await self.inlets.held(connection, organisation, partner_id)
        if inlet["attempt"] == question.attempt:
            await self.inlets.forget(connection, partner_id)
            await self.inlets.begin_anew(connection, partner_id, now=now)
            had = inlet["grants_number"]
            await self._after_take(
                connection,
                Taken(
                    organisation, partner_id, (), is_whole=True, grants_number=None, had_number=had, now=now
                ),
            )

    async def refuse(
        self,
        connection: Connection,
        organisation: str,
        partner_id: UUID,
        text: bytes,
        why: str,
        now: datetime,
    ) -> None:
        """What came is no page (`WrongPage` says why in a word): put it aside, and ask for it again."""
        await self.inlets.held(connection, organisation, partner_id)
        content = text[:LONGEST_PUT_ASIDE].decode("utf-8", "replace")
        await self.inlets.put_aside(connection, organisation, partner_id, [(content, why)], now=now)
        await self.inlets.note_trouble(connection, partner_id, why, now=now)

    def _checked(
        self, page: Page, sender: _Sender, after: int
    ) -> tuple[list[tuple[str, Revision]], list[tuple[str, str]]]:
        """What can be taken, and what is put aside with its reason."""
        good: list[tuple[str, Revision]] = []
        wrong: list[tuple[str, str]] = []
        for text in page.revisions:
            try:
                revision = opened(text, sender.keys)
            except BadToken as bad:
                if bad.flaw is Flaw.UNKNOWN_KEY:
                    raise _UnknownKey from None
                wrong.append((text, _reason(bad.flaw)))
                continue
            flaw = self._flaw(revision, page, sender, after)
            if flaw is None:
                good.append((text, revision))
                after = revision.number
            else:
                wrong.append((text, flaw))
        return good, wrong

    def _flaw(self, revision: Revision, page: Page, sender: _Sender, after: int) -> Wrong | None:
        kind = self._kinds.get(revision.kind)
        checks = (
            (revision.epoch == page.epoch, Wrong.EPOCH),
            (revision.audience == sender.audience, Wrong.AUDIENCE),
            (revision.owner == sender.owner, Wrong.OWNER),
            (revision.number > after, Wrong.NUMBER),
            (kind is not None, Wrong.KIND),
            (is_value(FieldType.MOMENT, revision.at), Wrong.MALFORMED),
        )
        found = next((flaw for holds, flaw in checks if not holds), None)
        if found is None and kind is not None and not _has_good_fields(kind, revision.fields):
            return Wrong.FIELDS
        return found

    async def _store(
        self,
        connection: Connection,
        inlet: Row,
        good: Sequence[tuple[str, Revision]],
        *,
        now: datetime,
    ) -> None:
        newest = {(one.kind, one.id): (text, one) for text, one in good}
        kept = [
            (
                one.kind,
                one.id,
                one.number,
                written(self._understood(one)),
                sha256(text.encode()).hexdigest(),
                datetime.fromisoformat(one.at),
            )
            for text, one in newest.values()
            if one.fields is not None
        ]
        ended = [(one.kind, one.id) for _, one in newest.values() if one.fields is None]
        await self.inlets.store(connection, inlet, kept, ended, now=now)

    def _understood(self, revision: Revision) -> dict[str, Any]:
        """The fields that we know; a newer version may send more."""
        fields, kind = revision.fields or {}, self._kinds[revision.kind]
        return {name: fields[name] for name in kind.fields.keys() & fields.keys()}


@dataclass(frozen=True, slots=True)
class Question:
    """Where to read on, from the start without a `cursor`; `attempt` tells its answer from late ones.

    `grants_number` is what the partner's other feed said: an answer that knows of fewer changes is none.
    """

    cursor: str | None
    attempt: UUID
    grants_number: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, and the question that it answers."""

    question: Question
    page: Page
    now: datetime


class _UnknownKey(Exception):  # noqa: N818 - it says what the key is
    pass


def _reason(flaw: Flaw) -> str:
    return Wrong.SIGNATURE if flaw in {Flaw.WRONG_SIGNATURE, Flaw.WRONG_ALGORITHM} else Wrong.MALFORMED


def _keys(text: str, service: str, now: datetime) -> dict[str, PublicKey]:
    """The partner's keys that hold for the service's feed at `now`: no service signs for another."""
    listed = [
        kept["jwk"]
        for kept in json.loads(text).values()
        if kept.get("service", SPEAKS) == service
        and ("until" not in kept or now < datetime.fromisoformat(kept["until"]).astimezone(UTC))
    ]
    return public_keys({"keys": listed})


def _has_good_fields(kind: SharedKind, fields: Mapping[str, Any] | None) -> bool:
    return fields is None or all(
        is_storable(name) and (name not in kind.fields or kind.fields[name].takes(value))
        for name, value in fields.items()
    )
