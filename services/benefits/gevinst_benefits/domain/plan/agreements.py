"""B11: a benefit that falls with another body becomes an agreement, and is counted once."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from gevinst_shared.values.refusal import Refusal


class WithOurselves(Refusal):
    code = "agreement-with-ourselves"
    title = "The receiver is ourselves"
    detail = "{body} is this organisation. An agreement is with another; here it is a benefit like any other."


class StepNotPossible(Refusal):
    code = "agreement-step-not-possible"
    title = "The agreement cannot go there"
    detail = "After {state} an agreement can become: {possible}. It cannot become {wanted}."


class ShareUnclear(Refusal):
    code = "agreement-share-unclear"
    title = "How much of it is ours"
    detail = "A shared benefit says which part of it we keep; in other states there is no part to say."


class OutOfTime(Refusal):
    code = "agreement-out-of-time"
    title = "The day does not fit"
    detail = "{day} is after today, or before the entry before it. Write the day on which it happened."


class AgreementExchanged(Refusal):
    code = "agreement-exchanged"
    title = "The other body keeps its half itself"
    detail = (
        "{body} and this organisation keep an agreement on this benefit by exchanging records. Take its "
        "steps there, or end it first."
    )


class AgreedByHand(Refusal):
    code = "agreement-by-hand"
    title = "The benefit is agreed already"
    detail = (
        "It was recorded that {body} takes this benefit. Record that this is disputed before you offer it."
    )


class PartnerNotConfirmed(Refusal):
    code = "agreement-partner-not-confirmed"
    title = "Nothing is exchanged with this body now"
    detail = "{body} is not a confirmed partner. Confirm its key first, or resume the exchange with it."


class AgreementState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    SHARED = "shared"
    # Steps of an agreement that two bodies exchange records of; none of these is recorded by hand.
    CONFIRMED = "confirmed"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"
    HELD = "held"


BY_HAND = (AgreementState.PROPOSED, AgreementState.ACCEPTED, AgreementState.DISPUTED, AgreementState.SHARED)

# Everything may be disputed and proposed again with other figures.
_NEXT = {
    None: (AgreementState.PROPOSED,),
    AgreementState.PROPOSED: (AgreementState.ACCEPTED, AgreementState.DISPUTED, AgreementState.SHARED),
    AgreementState.ACCEPTED: (AgreementState.DISPUTED, AgreementState.PROPOSED),
    AgreementState.DISPUTED: (AgreementState.PROPOSED, AgreementState.ACCEPTED, AgreementState.SHARED),
    AgreementState.SHARED: (AgreementState.DISPUTED, AgreementState.PROPOSED),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of an agreement with a body; `share_kept` is our part of a shared benefit."""

    body: str
    state: AgreementState
    happened_on: date
    share_kept: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement is, with the part of the benefit that this organisation counts and the part that is
    in transit, which nobody counts: parts of 1, together at most 1."""

    state: AgreementState
    counted: Decimal
    in_transit: Decimal


def standing_by_hand(entry: Entry) -> Standing:
    """What a step that was recorded by hand leaves to this organisation.

    While it is proposed or disputed nobody counts the benefit, and so it is in transit; once accepted the
    receiver does: counted at most once at any time, and never twice.
    """
    kept = entry.share_kept or Decimal(0)
    is_open = entry.state in (AgreementState.PROPOSED, AgreementState.DISPUTED)
    return Standing(entry.state, kept, 1 - kept if is_open else Decimal(0))


def refuse_beside_exchanged(state: AgreementState, *, body: str) -> None:
    """Refuse a step by hand while an exchanged agreement on the same benefit has not ended."""
    if state not in (AgreementState.RELEASED, AgreementState.WITHDRAWN):
        raise AgreementExchanged(body=body)


def refuse_offer_of(state: AgreementState, *, body: str) -> None:
    """Refuse to offer what was recorded by hand to be counted by another body."""
    if state in (AgreementState.ACCEPTED, AgreementState.SHARED):
        raise AgreedByHand(body=body)


def refuse_odd_entry(before: Entry | None, entry: Entry, *, ours: str, today: date) -> None:
    """Refuse a step that an agreement cannot take. Another body than before begins a new agreement."""
    if entry.body == ours:
        raise WithOurselves(body=entry.body, pointer="/body/body")
    if (entry.state is AgreementState.SHARED) != (entry.share_kept is not None):
        raise ShareUnclear(pointer="/body/share_kept")
    if entry.happened_on > today or (before is not None and entry.happened_on < before.happened_on):
        raise OutOfTime(day=entry.happened_on, pointer="/body/happened_on")
    state = before.state if before is not None and before.body == entry.body else None
    if entry.state not in _NEXT[state]:
        raise StepNotPossible(
            state="none" if state is None else state.value,
            possible=", ".join(_NEXT[state]),
            wanted=entry.state.value,
            pointer="/body/state",
        )
