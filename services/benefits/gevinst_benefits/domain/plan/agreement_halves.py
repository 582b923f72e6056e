"""B11: an agreement on a benefit has two halves in two bodies, which reach each other only by letters.

A letter is the whole half as it is when it leaves; letters get lost, overtake each other and arrive twice.
The giver counts the benefit until it confirms what the receiver answered, the receiver counts it from when it
has seen that; in between it is in transit and nobody counts it. So it is never counted twice.

A body that was restored from a backup may have forgotten what its partner has seen of it. It begins a new
life and is held: it counts nothing, says nothing new and is not believed, until a letter tells that its
partner has heard of this life. What the partner has seen of it, that letter says as well; a half that is
behind takes it back up. Letters of a life that ended are not read any more.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from gevinst_benefits.domain.plan.agreements import AgreementState, ShareUnclear, Standing, StepNotPossible
from gevinst_shared.values.refusal import Refusal

Own = TypeVar("Own")
Other = TypeVar("Other")


class AgreementHeld(Refusal):
    code = "agreement-held"
    title = "The agreement waits for the other body"
    detail = (
        "This installation was restored from a backup. What {body} has seen of the agreement is read again "
        "first. Try again when it has answered."
    )


class FiguresChanged(Refusal):
    code = "agreement-figures-changed"
    title = "The figures are not those that were agreed to"
    detail = "What {body} answered is about other figures. Offer the benefit again as it is planned now."


class AgreementMovedOn(Refusal):
    code = "agreement-moved-on"
    title = "The agreement has changed since you read it"
    detail = (
        "{body} has written since, or somebody here has taken a step. Read the agreement again, and decide "
        "on what it says now."
    )


class NothingToPlanAgain(Refusal):
    code = "agreement-nothing-to-plan-again"
    title = "There is nothing to plan again"
    detail = (
        "A benefit is planned again when it was accepted as it is offered now and has been missing here "
        "since a restore from a backup. Accept or dispute what {body} offers instead."
    )


class OfferState(StrEnum):
    """What the giver says."""

    OFFERED = "offered"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class ReplyState(StrEnum):
    """What the receiver says; open until it answers."""

    OPEN = "open"
    ACCEPTED = "accepted"
    SHARED = "shared"
    DISPUTED = "disputed"


ACCEPTING = frozenset({ReplyState.ACCEPTED, ReplyState.SHARED})
LIVING = frozenset({OfferState.OFFERED, OfferState.CONFIRMED})


class Life(NamedTuple):
    """A half's time between two restores. Lives are ordered by number; the stamp is random, so that two
    lives that begin from the same backup can be told apart."""

    number: int
    stamp: str


class At(NamedTuple):
    """When a half came to say what it says: the number of the life, and how many changes there were."""

    life: int
    version: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What the giver's half says. `figures` is the hash of the figures on offer, `answer` names the answer
    that was confirmed, and `share_kept` is the giver's part from then on."""

    state: OfferState
    figures: str
    answer: str | None = None
    share_kept: Decimal = Decimal(0)
    benefit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the receiver's half says. `figures` is the hash of the figures that it answers; each acceptance
    has its own `answer`, so that a confirmation fits one acceptance and no later one."""

    state: ReplyState = ReplyState.OPEN
    figures: str | None = None
    answer: str | None = None
    share_kept: Decimal = Decimal(0)
    reason: str | None = None
    benefit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Half(Generic[Own, Other]):
    """One half, which is also the letter that tells of it.

    `heard` is the partner's newest life that we heard of, `seen` what the partner said in it last, and
    `known_at` the newest of ours that the partner is known to have seen.
    """

    life: Life
    own: Own
    own_at: At
    is_held: bool = False
    heard: Life | None = None
    seen: Other | None = None
    seen_at: At | None = None
    known_at: At | None = None


Giving: TypeAlias = Half[Offer, Reply]
Receiving: TypeAlias = Half[Reply, Offer]


def restored(half: Half[Own, Other], stamp: str) -> Half[Own, Other]:
    """The half after its body was restored from a backup: in a new life, held, and knowing nothing of what
    its partner knows. `stamp` was never used before."""
    return replace(half, life=Life(half.life.number + 1, stamp), is_held=True, known_at=None)


def hear(ours: Half[Own, Other], theirs: Half[Other, Own]) -> Half[Own, Other]:
    """Our half after the partner's letter. The same letter again, or an older one, changes nothing."""
    if theirs.heard is not None:
        ours = _above(ours, theirs.heard)
    if not _is_current(theirs.life, ours.heard):
        return ours
    ours = replace(ours, heard=theirs.life)
    ours = _take_up(ours, theirs)
    if theirs.is_held:
        return ours
    if ours.seen_at is None or theirs.own_at > ours.seen_at:
        ours = replace(ours, seen=theirs.own, seen_at=theirs.own_at)
    if theirs.seen_at is not None and (ours.known_at is None or theirs.seen_at > ours.known_at):
        ours = replace(ours, known_at=theirs.seen_at)
    return ours


def offer(life: Life, figures: str, *, benefit_id: str | None = None) -> Giving:
    """The giver's half of a new agreement on the figures with this hash."""
    return Half(life, Offer(OfferState.OFFERED, figures, benefit_id=benefit_id), At(life.number, 1))


def begin_reply(life: Life, *, is_held: bool = False) -> Receiving:
    """The receiver's half before it has heard anything."""
    return Half(life, Reply(), At(0, 0), is_held)


def recalled(life: Life, theirs: Receiving) -> Giving:
    """The giver's half of an agreement that a restored backup knows nothing of: what the receiver has seen of
    it, held until the receiver has heard of this life."""
    assert theirs.seen is not None
    assert theirs.seen_at is not None
    return Half(life, theirs.seen, theirs.seen_at, is_held=theirs.seen.state in LIVING)


def offer_again(half: Giving, figures: str, *, body: str) -> Giving:
    """The benefit as it is planned now, which voids what was answered on other figures."""
    _refuse_held(half, body)
    if half.own.state is not OfferState.OFFERED:
        raise _not_possible(half.own.state, OfferState.OFFERED)
    return half if figures == half.own.figures else _say(half, replace(half.own, figures=figures))


def confirm(half: Giving, figures: str, *, body: str) -> Giving:
    """Give the benefit away as it was accepted. `figures` is the hash of what is planned now: it is the one
    that was offered and the one that was accepted, or `FiguresChanged`."""
    _refuse_held(half, body)
    own, reply = half.own, half.seen
    if own.state not in LIVING or reply is None or reply.state not in ACCEPTING:
        raise _not_possible(standing_of_giver(half).state, OfferState.CONFIRMED)
    if own.state is OfferState.CONFIRMED and own.answer == reply.answer:
        raise _not_possible(own.state, OfferState.CONFIRMED)
    if not figures == own.figures == reply.figures:
        raise FiguresChanged(body=body)
    confirmed = replace(own, state=OfferState.CONFIRMED, answer=reply.answer, share_kept=reply.share_kept)
    return _say(half, confirmed)


def release(half: Giving, *, body: str) -> Giving:
    """Take a benefit that was confirmed back, once the receiver was seen to dispute it: it counts it no
    longer, and cannot again without another confirmation."""
    _refuse_held(half, body)
    is_disputed = half.seen is not None and half.seen.state is ReplyState.DISPUTED
    if half.own.state is not OfferState.CONFIRMED or not is_disputed:
        raise _not_possible(standing_of_giver(half).state, OfferState.RELEASED)
    return _say(half, replace(half.own, state=OfferState.RELEASED))


def withdraw(half: Giving, *, body: str) -> Giving:
    """End an offer that was not confirmed."""
    _refuse_held(half, body)
    if half.own.state is not OfferState.OFFERED:
        raise _not_possible(half.own.state, OfferState.WITHDRAWN)
    return _say(half, replace(half.own, state=OfferState.WITHDRAWN))


def give_way(half: Giving) -> Giving:
    """End an offer because an earlier one of the same benefit has come to light; also when it is held."""
    return _say(replace(half, is_held=False), replace(half.own, state=OfferState.WITHDRAWN))


def accept(
    half: Receiving,
    answer: str,
    *,
    body: str,
    share_kept: Decimal = Decimal(0),
    benefit_id: str | None = None,
) -> Receiving:
    """Say yes to the figures as they were seen last, with a part that the giver keeps if it is above 0.
    `answer` was never used before. What was said yes to already is disputed first."""
    _refuse_held(half, body)
    wanted = ReplyState.SHARED if share_kept else ReplyState.ACCEPTED
    figures = _figures_to_answer(half, wanted)
    if half.own.state in ACCEPTING and half.own.figures == figures:
        raise _not_possible(half.own.state, wanted)
    if not 0 <= share_kept < 1:
        raise ShareUnclear(pointer="/body/share_kept")
    return _say(
        half, Reply(wanted, figures, answer, share_kept, benefit_id=benefit_id or half.own.benefit_id)
    )


def plan_again(half: Receiving, benefit_id: str, *, body: str) -> Receiving:
    """Name another benefit of ours under the same answer, where a restore has forgotten the one that was
    planned. What was accepted and confirmed stays so."""
    _refuse_held(half, body)
    own, seen = half.own, half.seen
    if own.state not in ACCEPTING or seen is None or seen.state not in LIVING or own.figures != seen.figures:
        raise NothingToPlanAgain(body=body)
    return _say(half, replace(own, benefit_id=benefit_id))


def dispute(half: Receiving, reason: str, *, body: str) -> Receiving:
    """Say no, also to what was accepted or confirmed before; from now on the receiver does not count it."""
    _refuse_held(half, body)
    figures = _figures_to_answer(half, ReplyState.DISPUTED)
    if half.own.state is ReplyState.DISPUTED and half.own.figures == figures:
        raise _not_possible(half.own.state, ReplyState.DISPUTED)
    return _say(half, Reply(ReplyState.DISPUTED, figures, reason=reason, benefit_id=half.own.benefit_id))


def standing_of_giver(half: Giving) -> Standing:
    """What the giver counts: all of the benefit until it confirms, then the part that it keeps. The rest is
    in transit until the receiver is known to have seen that; when held, nobody knows of any of it."""
    if half.is_held:
        return Standing(AgreementState.HELD, Decimal(0), Decimal(1))
    own, reply = half.own, half.seen
    if own.state is not OfferState.CONFIRMED:
        return Standing(_stage(half), Decimal(1), Decimal(0))
    given = 1 - own.share_kept
    if reply is not None and reply.answer != own.answer:
        # It was disputed since, or accepted anew, which waits for another confirmation.
        return Standing(_answered(reply), own.share_kept, given)
    has_arrived = half.known_at is not None and half.known_at >= half.own_at
    return Standing(AgreementState.CONFIRMED, own.share_kept, Decimal(0) if has_arrived else given)


def standing_of_receiver(half: Receiving) -> Standing:
    """What the receiver counts: its part, once it has seen that this very answer of its was confirmed. Of a
    benefit that was given and that it does not count, its part is in transit."""
    own, seen = half.own, half.seen
    is_given = seen is not None and seen.state is OfferState.CONFIRMED
    part = 1 - seen.share_kept if seen is not None and is_given else Decimal(0)
    if half.is_held:
        return Standing(AgreementState.HELD, Decimal(0), part)
    if seen is not None and seen.state not in LIVING:
        return Standing(AgreementState(seen.state.value), Decimal(0), Decimal(0))
    if is_given and seen is not None and own.state in ACCEPTING and own.answer == seen.answer:
        return Standing(AgreementState.CONFIRMED, part, Decimal(0))
    if own.state is ReplyState.OPEN or (seen is not None and own.figures != seen.figures):
        return Standing(AgreementState.PROPOSED, Decimal(0), part)
    return Standing(AgreementState(own.state.value), Decimal(0), part)


def _stage(half: Giving) -> AgreementState:
    """How far an agreement is that was not confirmed, or that ended."""
    own, reply = half.own, half.seen
    if own.state is not OfferState.OFFERED:
        return AgreementState(own.state.value)
    if reply is None or reply.figures != own.figures:
        return AgreementState.PROPOSED
    return _answered(reply)


def _answered(reply: Reply) -> AgreementState:
    is_open = reply.state is ReplyState.OPEN
    return AgreementState.PROPOSED if is_open else AgreementState(reply.state.value)


def _say(half: Half[Own, Other], own: Own) -> Half[Own, Other]:
    return replace(half, own=own, own_at=At(half.life.number, half.own_at.version + 1))


def _above(ours: Half[Own, Other], heard: Life) -> Half[Own, Other]:
    """Our life above another one of ours that the partner heard of: one that the restored backup had lost.
    What we say is said anew in it."""
    if heard == ours.life or heard.number < ours.life.number:
        return ours
    life = Life(heard.number + 1, ours.life.stamp)
    return replace(
        ours, life=life, own_at=ours.own_at if ours.is_held else At(life.number, ours.own_at.version)
    )


def _is_current(life: Life, heard: Life | None) -> bool:
    return heard is None or life == heard or life.number > heard.number


def _take_up(ours: Half[Own, Other], theirs: Half[Other, Own]) -> Half[Own, Other]:
    """What the partner has seen of us, where that is newer than what we know of ourselves."""
    if not ours.is_held:
        # Nobody but we say what we say: only who was restored is told by its partner.
        return ours
    if theirs.seen is not None and theirs.seen_at is not None and theirs.seen_at > ours.own_at:
        ours = replace(ours, own=theirs.seen, own_at=theirs.seen_at)
    if theirs.heard == ours.life:
        ours = replace(ours, is_held=False, own_at=At(ours.life.number, ours.own_at.version))
    return ours


def _figures_to_answer(half: Receiving, wanted: ReplyState) -> str:
    if half.seen is None or half.seen.state not in LIVING:
        raise _not_possible(standing_of_receiver(half).state, wanted)
    return half.seen.figures


def _refuse_held(half: Giving | Receiving, body: str) -> None:
    if half.is_held:
        raise AgreementHeld(body=body)


def _not_possible(state: StrEnum, wanted: StrEnum) -> StepNotPossible:
    possible = _POSSIBLE.get(state.value, "none")
    return StepNotPossible(state=state.value, possible=possible, wanted=wanted.value)


# What a reader can do next, by where the agreement is; each half does its own part of it.
_POSSIBLE = {
    "offered": "withdrawn, or confirmed once it is accepted",
    "open": "accepted, shared, disputed, withdrawn",
    "proposed": "accepted, shared, disputed, withdrawn",
    "accepted": "confirmed, disputed, withdrawn",
    "shared": "confirmed, disputed, withdrawn",
    "disputed": "accepted, shared, released, withdrawn",
    "confirmed": "disputed",
}
