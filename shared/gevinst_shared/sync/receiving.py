"""A partner's feed as we take it over: checked, then stored together with how far we are, or not at all.

What is wrong is put aside with a reason and changes nothing. What was signed with a key that we do not know
yet is nothing wrong: the partner's statement is to be fetched, and the page asked for again.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from gevinst_shared.auth.claims import BadToken, Flaw
from gevinst_shared.auth.tokens import PublicKey, public_keys
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.inlets import LONGEST_PUT_ASIDE, Gain, Inlets, Row
from gevinst_shared.sync.joint import is_unread, with_feeds
from gevinst_shared.sync.kinds import FieldType, SharedKind, is_storable, is_value
from gevinst_shared.sync.limits import TOO_MANY_RECORDS, TOO_MUCH_DATA, Limits, Room
from gevinst_shared.sync.mending import understood
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
    LENGTH = "revision-too-long"
    EPOCH = "wrong-epoch"
    AUDIENCE = "wrong-audience"
    OWNER = "wrong-owner"
    NUMBER = "wrong-number"
    KIND = "unknown-kind"
    FIELDS = "wrong-fields"
    # More than its share: a fault of the partner, too.
    RECORDS = TOO_MANY_RECORDS
    BYTES = TOO_MUCH_DATA


# What is wrong with the newest state of a record that the partner does give.
_STILL_GIVEN = frozenset({Wrong.FIELDS, Wrong.RECORDS, Wrong.BYTES})
_OVER_LIMITS = frozenset({Wrong.RECORDS, Wrong.BYTES})
Key: TypeAlias = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class _PutAside:
    """Something that is not taken, and why; `key` is the record's where that is sure."""

    text: str
    reason: str
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a page told of a partner's records: `changed` is each (kind, id) that a revision of it named.

    Also what there was no room for. Not what was swept at the end of a full reading because it was no longer
    named, nor what goes when the partner stops: whoever follows what went compares with what is here.
    `is_whole`: there is no more to read at the moment, so that what is not here is not given.
    `grants_number` is what the page said, if there was one; `had_number` what the one before said.
    `may_recall`: we were restored and had not read the partner to its end since, so it may know something of
    ours that we do not.
    """

    organisation: str
    partner_id: UUID
    changed: tuple[tuple[str, UUID], ...]
    is_whole: bool
    grants_number: int | None
    had_number: int
    now: datetime
    may_recall: bool = False


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
        self._understood = understood(kinds)
        mine = tables.partner.c.id == bindparam("partner_id", type_=Uuid)
        self._is_unread = Query(select(is_unread(tables)).select_from(with_feeds(tables)).where(mine))

    async def ask(
        self, connection: Connection, organisation: str, partner_id: UUID, now: datetime
    ) -> "Question | None":
        """What to ask the partner next; None when it is not to be read.

        Everything anew, when that is due for what was put aside, or when we understand more than before.
        """
        partner = await self.inlets.partner(connection, partner_id)
        if partner is None or partner["state"] != "confirmed":
            return None
        inlet = await self.inlets.held(connection, organisation, partner_id)
        cursor = inlet["cursor"]
        if cursor is not None and self._is_read_anew(inlet, now):
            await self.inlets.read_anew(connection, partner_id, rereads=inlet["rereads"] + 1)
            cursor = None
        attempt = await self.inlets.ask(connection, partner_id, understood=self._understood)
        return Question(cursor, attempt, inlet["heard_number"])

    async def read_anew(self, connection: Connection, organisation: str, partner_id: UUID) -> None:
        """Read everything of the partner once more: somebody says that what was wrong is mended."""
        await self.inlets.held(connection, organisation, partner_id)
        await self.inlets.read_anew(connection, partner_id)

    def _is_read_anew(self, inlet: Row, now: datetime) -> bool:
        is_due = inlet["reread_at"] is not None and inlet["reread_at"] <= now
        return bool(is_due or inlet["understood"] != self._understood)

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
        try:
            good, wrong = self._checked(page, sender, _position(inlet))
        except _UnknownKey:
            await self.inlets.miss_key(connection, partner_id, now=answer.now)
            return Outcome.NEEDS_STATEMENT
        may_recall = bool(await self._is_unread.value(connection, partner_id=partner_id))
        gain = await self._store(connection, inlet, good, wrong, answer)
        aside = [(one.text, one.reason) for one in wrong]
        await self.inlets.put_aside(connection, organisation, partner_id, aside, now=answer.now)
        spared = [one.key for one in wrong if one.key is not None]
        await self.inlets.spare(connection, inlet, spared)
        await self.inlets.advance(connection, inlet, page, gain, now=answer.now)
        taken = Taken(
            organisation,
            partner_id,
            tuple(dict.fromkeys((one.kind, one.id) for _, one in good)),
            is_whole=not page.has_more,
            grants_number=page.grants_number,
            had_number=inlet["grants_number"],
            now=answer.now,
            may_recall=may_recall,
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
    ) -> tuple[list[tuple[str, Revision]], list[_PutAside]]:
        """What can be taken, and what is put aside with its reason."""
        good: list[tuple[str, Revision]] = []
        wrong: list[_PutAside] = []
        for text in page.revisions:
            try:
                revision = opened(text, sender.keys)
            except BadToken as bad:
                if bad.flaw is Flaw.UNKNOWN_KEY:
                    raise _UnknownKey from None
                wrong.append(_PutAside(text, _reason(bad.flaw)))
                continue
            flaw = self._flaw(revision, page, sender, after)
            if flaw is None:
                good.append((text, revision))
                after = revision.number
            else:
                wrong.append(_aside(text, revision, flaw))
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
        wrong: list[_PutAside],
        answer: "Answer",
    ) -> Gain:
        """Store what there is room for; what there is none for is added to `wrong`."""
        newest = {(one.kind, one.id): (text, one) for text, one in good}
        sizes = await self.inlets.sizes(connection, inlet["partner_id"], list(newest))
        room = Room(answer.limits, inlet["records"], inlet["bytes"])
        ended = [key for key, (_, one) in newest.items() if one.fields is None]
        for key in ended:
            room.give_back(sizes.get(key))
        kept, refused = [], 0
        for key, (text, one) in newest.items():
            if one.fields is None:
                continue
            body = written(self._taken_fields(one))
            size = len(body.encode())
            reason = room.take(sizes.get(key), size)
            if reason is not None:
                wrong.append(_aside(text, one, Wrong(reason)))
                refused += 1
                continue
            hash_ = sha256(text.encode()).hexdigest()
            kept.append((*key, one.number, body, size, hash_, datetime.fromisoformat(one.at)))
        await self.inlets.store(connection, inlet, kept, ended, now=answer.now)
        return Gain(
            number=max((one.number for _, one in good), default=_position(inlet)),
            taken=len(good) - refused,
            aside=len(wrong),
            records=room.records,
            bytes=room.bytes,
            problem=_problem(inlet, wrong),
        )

    def _taken_fields(self, revision: Revision) -> dict[str, Any]:
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
    """A page, the question that it answers, and how much of the partner is taken."""

    question: Question
    page: Page
    now: datetime
    limits: Limits = field(default_factory=Limits)


class _UnknownKey(Exception):  # noqa: N818 - it says what the key is
    pass


def _position(inlet: Row) -> int:
    """The number that the next page must go on from."""
    number: int = inlet["number"]
    return 0 if inlet["cursor"] is None else number


def _aside(text: str, revision: Revision, flaw: Wrong) -> _PutAside:
    return _PutAside(text, flaw, (revision.kind, revision.id) if flaw in _STILL_GIVEN else None)


def _problem(inlet: Row, wrong: Sequence[_PutAside]) -> str | None:
    """What to show of limits: it stays while something is missing for them."""
    over = next((one.reason for one in wrong if one.reason in _OVER_LIMITS), None)
    was: str | None = inlet["problem"]
    return over or (was if was in _OVER_LIMITS and inlet["missing"] else None)


def _reason(flaw: Flaw) -> str:
    if flaw is Flaw.TOO_LONG:
        return Wrong.LENGTH
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
