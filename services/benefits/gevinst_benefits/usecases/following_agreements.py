"""B11: what the other bodies' halves say, taken in as their letters arrive, and beginning a new life."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.clients.agreement_letters import (
    OddLetter,
    figures_from,
    fits,
    giving_from,
    read_letter,
    receiving_from,
    refuse_high,
)
from gevinst_benefits.domain.plan.agreement_figures import Figures
from gevinst_benefits.domain.plan.agreement_halves import (
    Half,
    Life,
    OfferState,
    begin_reply,
    give_way,
    hear,
    recalled,
    restored,
)
from gevinst_benefits.events.agreements import AgreementChanged, AgreementProposed
from gevinst_benefits.store import agreement_halves, benefits
from gevinst_benefits.store.agreement_halves import OFFER, REPLY
from gevinst_benefits.usecases.keeping_agreements import ENDED, Kept, begin, keep, kept_from
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id

_ACTOR = "exchange"
_log = logging.getLogger(__name__)

Key = tuple[UUID, str, UUID]
"""Partner, kind and record."""


async def following_agreements(
    connection: Connection,
    keys: Iterable[Key],
    *,
    organisation: str,
    now: datetime,
    may_recall: bool = False,
) -> None:
    """Take in the letters among the replica's rows that changed, in the transaction that changed them.

    A letter that is not understood, or is about another's agreement, changes nothing and stops nothing. Only
    while we were restored and have not read the partner since (`may_recall`) it can tell us of an agreement
    that we have forgotten: otherwise it could make up that a benefit of ours was given away.
    """
    work = Work(connection, Actor(_ACTOR, organisation), now, new_id())
    for partner_id, kind, agreement_id in keys:
        if kind not in _OURS:
            continue
        text = await agreement_halves.find_letter(connection, partner_id, kind, agreement_id)
        if text is None:
            # The partner tells nothing any more; what was agreed holds until both say otherwise.
            continue
        try:
            await _take_in(work, _OURS[kind], partner_id, agreement_id, text, may_recall=may_recall)
        except OddLetter as odd:
            said = {"agreement": str(agreement_id), "partner": str(partner_id), "fault": str(odd)[:500]}
            _log.warning("agreement letter not understood", extra=said)


async def hold_agreements(connection: Connection, *, organisation: str, now: datetime) -> None:
    """Begin a new life of every half after a restore: nothing of them is counted until the partners have
    told what they have seen of us."""
    work = Work(connection, Actor(_ACTOR, organisation), now, new_id())
    for side in (OFFER, REPLY):
        for row in await agreement_halves.all_of(connection, side):
            kept = kept_from(side, row)
            half: Half[Any, Any] = kept.half
            if kept.standing.state in ENDED:
                # Nothing leads on from there, and its benefit may be in another agreement by now.
                continue
            await keep(work, kept, replace(kept, half=restored(half, str(new_id()))))


async def _take_in(
    work: Work, side: str, partner_id: UUID, agreement_id: UUID, text: str, *, may_recall: bool
) -> None:
    letter_text, figures_text = read_letter(text)
    letter: Half[Any, Any] = (receiving_from if side == OFFER else giving_from)(letter_text)
    refuse_high(letter)
    figures = figures_from(figures_text)
    row = await agreement_halves.find(work.connection, side, agreement_id)
    if row is None:
        if side == OFFER and not may_recall:
            raise OddLetter("we never had this agreement")
        await _begin(work, side, Kept(side, agreement_id, partner_id, letter, figures), may_recall=may_recall)
        return
    before = kept_from(side, row)
    if before.partner_id != partner_id:
        raise OddLetter("the agreement is with another partner")
    half = hear(before.half, letter)
    await keep(work, before, await _with_what_fits(work, before, half, figures))


async def _begin(work: Work, side: str, theirs: Kept, *, may_recall: bool) -> None:
    """A half that is not here: of an offer that is new, or of one that we knew before we were restored.

    What we have said of it is only believed while we may have forgotten it; it is a new offer otherwise.
    """
    letter: Half[Any, Any] = theirs.half
    heard = letter.heard
    life = Life(1 if heard is None else heard.number + 1, str(new_id()))
    if side == REPLY:
        half: Any = hear(begin_reply(life, is_held=heard is not None and may_recall), letter)
    elif letter.seen is None or letter.seen_at is None:
        raise OddLetter("we never offered it")
    else:
        half = hear(recalled(life, letter), letter)
    # The giver's own word, also where it is held and not believed yet: it waits until we have heard of it.
    named = half.own if side == OFFER else letter.own
    if not fits(theirs.figures, named.figures):
        raise OddLetter("the figures are not those of the hash")
    kept = replace(theirs, half=half, benefit_id=await _own_benefit(work, half))
    if side == OFFER and kept.benefit_id is None:
        raise OddLetter("the benefit that was offered is not here")
    if kept.benefit_id is not None and kept.standing.state not in ENDED:
        await _make_room(work, side, kept.benefit_id)
    await begin(work, kept, AgreementProposed if side == REPLY and heard is None else AgreementChanged)


async def _make_room(work: Work, side: str, benefit_id: UUID) -> None:
    """A benefit that was offered anew, because a restore had forgotten that it was offered before."""
    row = await agreement_halves.find_open(work.connection, side, benefit_id)
    if row is None:
        return
    other = kept_from(side, row)
    half: Any = other.half
    if side == REPLY or half.own.state is not OfferState.OFFERED:
        raise OddLetter("another agreement on the benefit is open")
    await keep(work, other, replace(other, half=give_way(half)))


async def _with_what_fits(work: Work, before: Kept, half: Any, figures: Figures) -> Kept:  # noqa: ANN401
    """The half with the figures that it is about: the giver's are known, the receiver's come along."""
    kept = replace(before, half=half)
    if before.side == REPLY and half.seen is not None and half.seen.figures != _hash_before(before):
        if not fits(figures, half.seen.figures):
            raise OddLetter("the figures are not those of the hash")
        kept = replace(kept, figures=figures)
    if before.benefit_id is None:
        kept = replace(kept, benefit_id=await _own_benefit(work, half))
        if kept.benefit_id is not None and kept.standing.state not in ENDED:
            await _make_room(work, before.side, kept.benefit_id)
    return kept


def _hash_before(before: Kept) -> str | None:
    seen: Any = before.half.seen
    return None if seen is None else seen.figures


async def _own_benefit(work: Work, half: Any) -> UUID | None:  # noqa: ANN401 - of either side
    """Our benefit that the half names, if it is here: a restore may have forgotten it."""
    if half.own.benefit_id is None:
        return None
    named = UUID(half.own.benefit_id)
    return named if await benefits.rows_of(work.connection, [named]) else None


# Which half of ours a letter of the kind is for.
_OURS = {OFFER: REPLY, REPLY: OFFER}
