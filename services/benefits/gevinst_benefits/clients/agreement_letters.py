"""What stands in the letters on agreements (B11). Another body wrote them, so nothing in them is trusted."""

import json
import re
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gevinst_benefits.domain.plan.agreement_figures import Figures, hash_of
from gevinst_benefits.domain.plan.agreement_halves import (
    At,
    Giving,
    Half,
    Life,
    Offer,
    OfferState,
    Receiving,
    Reply,
    ReplyState,
)
from gevinst_benefits.domain.plan.benefits import MoneyInOtherLedger
from gevinst_benefits.domain.plan.timing import refuse_odd_timing
from gevinst_shared.values.money import CURRENCIES
from gevinst_shared.values.refusal import Refusal


class OddLetter(ValueError):  # noqa: N818 - named for what happened, as refusals are
    """A letter that cannot be understood; its text says why."""


# As high as another body may count; above it there is room for what we count on from there.
HIGHEST = 1_000_000_000
_CONTROL = r"\u0000-\u001f\u007f-\u009f"
_Count = Annotated[int, Field(ge=0, le=2 * HIGHEST)]
_Share = Annotated[Decimal, Field(ge=0, lt=1, max_digits=7, decimal_places=6)]
_Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Line = Annotated[str, Field(min_length=1, max_length=200, pattern=rf"^[^{_CONTROL}]+$")]
_Lines = Annotated[
    str, Field(max_length=10_000, pattern=r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$")
]
_Part = Annotated[str, Field(pattern=r"^(0(\.[0-9]{1,6})?|1(\.0{1,6})?)$")]
# As benefits of our own are planned: money to hundredths, and anything else to millionths.
_MONEY = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")
_QUANTITY = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Offer(_Shape):
    state: OfferState
    figures: _Hash
    answer: UUID | None = None
    share_kept: _Share = Decimal(0)
    benefit_id: UUID | None = None

    def value(self) -> Offer:
        return Offer(self.state, self.figures, _text(self.answer), self.share_kept, _text(self.benefit_id))


class _Reply(_Shape):
    state: ReplyState
    figures: _Hash | None = None
    answer: UUID | None = None
    share_kept: _Share = Decimal(0)
    reason: _Lines | None = None
    benefit_id: UUID | None = None

    def value(self) -> Reply:
        answer, benefit_id = _text(self.answer), _text(self.benefit_id)
        return Reply(self.state, self.figures, answer, self.share_kept, self.reason, benefit_id)


class _Half(_Shape):
    life: tuple[_Count, _Line]
    own_at: tuple[_Count, _Count]
    is_held: bool = False
    heard: tuple[_Count, _Line] | None = None
    seen_at: tuple[_Count, _Count] | None = None
    known_at: tuple[_Count, _Count] | None = None

    def value(self, own: Any, seen: Any) -> Half[Any, Any]:  # noqa: ANN401 - an offer or a reply
        return Half(
            life=Life(*self.life),
            own=own.value(),
            own_at=At(*self.own_at),
            is_held=self.is_held,
            heard=None if self.heard is None else Life(*self.heard),
            seen=None if seen is None else seen.value(),
            seen_at=None if self.seen_at is None else At(*self.seen_at),
            known_at=None if self.known_at is None else At(*self.known_at),
        )


class _GivingHalf(_Half):
    own: _Offer
    seen: _Reply | None = None


class _ReceivingHalf(_Half):
    own: _Reply
    seen: _Offer | None = None


class _Figures(_Shape):
    name: _Line
    mode: Literal["budget-reduction", "redeployed", "public-elsewhere", "society", "non-priced"]
    kind: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    ledger: Literal["money", "time", "quality"]
    amount: Annotated[str, Field(max_length=20)]
    unit_of_measure: Annotated[str, Field(max_length=200, pattern=rf"^[^{_CONTROL}]*$")]
    starts_on: date
    duration_months: Annotated[int, Field(ge=1, le=600)]
    ramp: Literal["immediate", "linear", "s-curve", "table"]
    ramp_months: Annotated[int, Field(ge=0, le=600)]
    ramp_shares: Annotated[tuple[_Part, ...], Field(max_length=50)]
    erosion_per_year: _Part
    currency: str | None = None
    price_year: Annotated[int, Field(ge=1900, le=2200)] | None = None
    ends_on: date | None = None


class _Letter(_Shape):
    half: Annotated[str, Field(max_length=20_000)]
    figures: Annotated[str, Field(max_length=20_000)]


def read_letter(text: str) -> tuple[str, str]:
    """The half and the figures of a record as it was received, both still as text."""
    letter = _read(_Letter, text)
    return letter.half, letter.figures


def refuse_high(letter: Half[Any, Any]) -> None:
    """`OddLetter` for one whose numbers leave us none to go on with."""
    lives = [one.number for one in (letter.life, letter.heard) if one is not None]
    said = [one for one in (letter.own_at, letter.seen_at, letter.known_at) if one is not None]
    if max(*lives, *(max(one) for one in said)) > HIGHEST:
        raise OddLetter("the numbers are too high")


def giving_from(text: str) -> Giving:
    """The giver's half of a letter, or of a row of ours."""
    shape = _read(_GivingHalf, text)
    half: Giving = shape.value(shape.own, shape.seen)
    return half


def receiving_from(text: str) -> Receiving:
    """The receiver's half of a letter, or of a row of ours."""
    shape = _read(_ReceivingHalf, text)
    half: Receiving = shape.value(shape.own, shape.seen)
    return half


def figures_from(text: str) -> Figures:
    """The figures on offer, as a benefit could be planned with them."""
    figures = Figures(**dict(_read(_Figures, text)))
    is_money = figures.ledger == "money"
    has_money = figures.currency in CURRENCIES and figures.price_year is not None
    has_none = figures.currency is None and figures.price_year is None and bool(figures.unit_of_measure)
    amount = (_MONEY if is_money else _QUANTITY).fullmatch(figures.amount)
    fits_table = (figures.ramp == "table") == bool(figures.ramp_shares)
    grows = (figures.ramp in {"linear", "s-curve"}) == (figures.ramp_months > 0)
    try:
        refuse_odd_timing(figures.timing)
        _ = figures.estimate
    except (Refusal, ValueError, MoneyInOtherLedger) as odd:
        raise OddLetter(str(odd)) from None
    if not ((has_money if is_money else has_none) and amount and fits_table and grows):
        raise OddLetter("the figures do not fit each other")
    return figures


def fits(figures: Figures, wanted: str) -> bool:
    """Whether the figures are those with this hash."""
    return hash_of(figures) == wanted


def letter_of(half: Giving | Receiving) -> str:
    """The half as it is kept, and as it leaves."""
    return json.dumps(asdict(half), default=str, sort_keys=True)


def _read(shape: Any, text: str) -> Any:  # noqa: ANN401 - one of the shapes above
    try:
        return shape.model_validate_json(text)
    except ValidationError as odd:
        raise OddLetter(str(odd)) from None


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
